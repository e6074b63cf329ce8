"""What changes stock. A movement is never changed or removed; balances are what movements add up to."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from domain.errors import DomainError, InvalidInput
from domain.numbers import MOST_QUANTITY, quantity
from domain.paths import INPUT, Path
from domain.problems import Problem


class MovementKind(StrEnum):
    """Why stock changed."""

    RECEIPT = "RECEIPT"
    ADJUSTMENT = "ADJUSTMENT"
    TRANSFER = "TRANSFER"
    RESERVATION = "RESERVATION"
    RELEASE = "RELEASE"
    ISSUE = "ISSUE"
    RETURN = "RETURN"
    SCRAP = "SCRAP"


def piece_problems(pieces: Decimal, *, signed: bool = False) -> Iterator[InvalidInput]:
    """What is wrong with how much is moved, the input's `quantity`; below zero only where it is `signed`."""
    path = (*INPUT, "quantity")
    found = list(quantity(path, pieces))
    if not found and pieces < 0 and not signed:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    yield from found


def reorder_point_problems(point: Decimal | None) -> Iterator[InvalidInput]:
    """What is wrong with a reorder point; zero is allowed, and never fallen below."""
    if point is None or point.is_zero():
        return
    path = (*INPUT, "reorderPoint")
    found = list(quantity(path, point))
    if not found and point < 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    yield from found


def room_problems(path: Path, *, on_hand: Decimal, change: Decimal) -> Iterator[DomainError]:
    """Whether so much can be added to what is on hand: no balance goes beyond what a quantity may be."""
    if on_hand + change > MOST_QUANTITY:
        yield InvalidInput(path=path, problem=Problem.TOO_LARGE, limit=str(MOST_QUANTITY))

"""Shipments: what of an order goes to the carrier at once, and when it arrives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import DomainError, InvalidInput, NotFound
from domain.moments import write_moment
from domain.numbers import plain
from domain.orders.entry import LONGEST_AHEAD
from domain.orders.short_lines import part_problems
from domain.paths import INPUT, Path
from domain.problems import Problem
from domain.text import code, one_line
from domain.unset import UNSET, Change, Unset


class ShipmentState(StrEnum):
    """Whether a shipment has arrived, as far as somebody said so."""

    IN_TRANSIT = "IN_TRANSIT"
    DELIVERED = "DELIVERED"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Who carries goods, and the number by which they are found there; `shipped_at` None is now."""

    carrier: str | None = None
    tracking_number: str | None = None
    shipped_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelChanges(Change):
    """What to put right of how goods are carried; what is `UNSET` stays, what is None is emptied."""

    carrier: str | Unset | None = UNSET
    tracking_number: str | Unset | None = UNSET


@dataclass(frozen=True, kw_only=True)
class ShippedPieces:
    """So many pieces of a line; all that are left if there is no `quantity`."""

    line_id: int
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class NewShipment(Parcel):
    """What is sent at once; all that is left if there are no `lines`."""

    lines: Sequence[ShippedPieces] | None = None


@dataclass(frozen=True, kw_only=True)
class OpenLine:
    """A line of goods that are sent: how many were ordered, and how many of these shipments have so far."""

    id: int
    quantity: Decimal
    shipped: Decimal

    @property
    def left(self) -> Decimal:
        """How many are still to be sent."""
        return self.quantity - self.shipped


def carrying_problems(carried: Parcel | ParcelChanges) -> Iterator[InvalidInput]:
    """What is wrong with who carries goods and the number by which they are found."""
    if not isinstance(carried.carrier, Unset):
        yield from one_line((*INPUT, "carrier"), carried.carrier)
    if not isinstance(carried.tracking_number, Unset):
        yield from code((*INPUT, "trackingNumber"), carried.tracking_number)


def correction_problems(changes: ParcelChanges, *, delivered: bool) -> Iterator[InvalidInput]:
    """Why how a shipment is carried cannot be put right: nobody looks for it any more once it has arrived."""
    if delivered:
        yield InvalidInput(path=(*INPUT, "id"), problem=Problem.DELIVERED)
    yield from carrying_problems(changes)


def parcel_problems(parcel: Parcel, *, placed_at: datetime, now: datetime) -> Iterator[InvalidInput]:
    """What is wrong with how an order placed at `placed_at` is sent."""
    yield from carrying_problems(parcel)
    if parcel.shipped_at is not None:
        yield from moment_problems((*INPUT, "shippedAt"), parcel.shipped_at, after=placed_at, now=now)


def moment_problems(path: Path, moment: datetime, *, after: datetime, now: datetime) -> Iterator[InvalidInput]:
    """Whether something was before what has to come first, or is still to come: clocks may differ, but by no day."""
    if moment < after:
        yield InvalidInput(path=path, problem=Problem.TOO_EARLY, limit=write_moment(after))
    elif moment > now + LONGEST_AHEAD:
        yield InvalidInput(path=path, problem=Problem.TOO_LATE, limit=write_moment(now + LONGEST_AHEAD))


def pieces_problems(shipment: NewShipment, lines: Mapping[int, OpenLine]) -> Iterator[DomainError]:
    """What is wrong with what is sent of the order's open `lines`, by their ids."""
    if shipment.lines is None:
        return
    if not shipment.lines:
        yield InvalidInput(path=(*INPUT, "lines"), problem=Problem.LINE_NEEDED)
    for place, each in enumerate(shipment.lines):
        path = (*INPUT, "lines", str(place))
        if each.line_id in [earlier.line_id for earlier in shipment.lines[:place]]:
            yield InvalidInput(path=(*path, "lineId"), problem=Problem.DUPLICATE)
        elif each.line_id not in lines:
            yield NotFound(path=(*path, "lineId"))
        else:
            yield from part_problems((*path, "quantity"), each.quantity, lines[each.line_id].left)


def pieces_of(shipment: NewShipment, lines: Mapping[int, OpenLine]) -> dict[int, Decimal]:
    """How many of each line go with a shipment in which nothing is wrong, by the line's id."""
    if shipment.lines is None:
        return {line.id: plain(line.left) for line in lines.values() if line.left}
    return {each.line_id: plain(each.quantity or lines[each.line_id].left) for each in shipment.lines}


def is_last(pieces: Mapping[int, Decimal], lines: Mapping[int, OpenLine]) -> bool:
    """Whether nothing is left to be sent behind these `pieces`."""
    return all(pieces.get(line.id, 0) == line.left for line in lines.values())

"""How much a customer may owe."""

from collections.abc import Iterator
from decimal import Decimal

from domain.errors import InvalidInput
from domain.numbers import money
from domain.paths import INPUT
from domain.problems import Problem


def credit_problems(limit: Decimal | None, *, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with a credit limit in the company's `currency`; None is no limit."""
    if limit is None:
        return
    path = (*INPUT, "creditLimit")
    found = list(money(path, limit, currency))
    if not found and limit < 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    yield from found

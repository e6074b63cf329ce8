"""What chance decides for every command: whom, which order, as of which version."""

from collections.abc import Set
from random import Random

from tests.lives.model import Model
from tests.lives.people import PEOPLE
from tests.lives.sums import F, Row

_OFTEN = {
    **dict.fromkeys(("APPROVED", "PICKING", "PACKED", "SHIPPED"), 3),
    **dict.fromkeys(("REQUESTED", "AUTHORISED", "RECEIVED"), 5),
    **dict.fromkeys(("CANCELLED", "REJECTED", "DECLINED"), 0.2),
}
"""Orders that have come far are taken on, so that some come to their end."""


def any_order(model: Model, by_chance: Random, likely: Set[str] = frozenset()) -> Row | None:
    orders = [*model.orders.values()]
    wanted = [order for order in orders if order["status"] in likely]
    among = wanted if wanted and by_chance.random() < 0.92 else orders
    return by_chance.choices(among, [_OFTEN.get(order["status"], 1) for order in among])[0] if among else None


def somebody(by_chance: Random, likely: list[str]) -> str:
    return by_chance.choice(likely) if likely and by_chance.random() < 0.88 else by_chance.choice([*PEOPLE])


def version_of(row: Row, by_chance: Random) -> int:
    return row["version"] + (by_chance.choice([-1, 1]) if by_chance.random() < 0.04 else 0)


def discount(by_chance: Random) -> F:
    return by_chance.choice([F(1), F(5), F(5), F(11), F(10_000)])

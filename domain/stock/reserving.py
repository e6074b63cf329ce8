"""What is reserved where for the lines of an order: a decision over stock that the caller has locked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.errors import StockShort
from domain.money import exact
from domain.numbers import NOTHING, plain
from domain.paths import INPUT


@dataclass(frozen=True, kw_only=True)
class Need:
    """So much of a product that a line asks for, above zero."""

    line_id: int
    product_id: int
    sku: str
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What a warehouse has of a product and nobody has reserved; the smallest `rank` is picked from first."""

    level_id: int
    warehouse_id: int
    rank: int
    product_id: int
    available: Decimal


@dataclass(frozen=True, kw_only=True)
class Taking:
    """So much of one stock for one line."""

    level_id: int
    line_id: int
    quantity: Decimal


def reserve(needs: Sequence[Need], supplies: Sequence[Supply]) -> list[Taking] | list[StockShort]:
    """What to take for `needs`, all of it, or what is short, a refusal for each such line.

    The first warehouse that has everything serves alone, so that an order is one parcel where it can be. Otherwise each
    line takes from the warehouses in their order. Lines are served in the order that they are given in, so that of two
    lines with one product the later one is short.
    """
    ranked = sorted(supplies, key=lambda supply: (supply.rank, supply.warehouse_id, supply.level_id))
    for warehouse in dict.fromkeys(supply.warehouse_id for supply in ranked):
        takings, short = _take(needs, [supply for supply in ranked if supply.warehouse_id == warehouse])
        if not short:
            return takings
    takings, short = _take(needs, ranked)
    return short or takings


def _take(needs: Sequence[Need], supplies: Sequence[Supply]) -> tuple[list[Taking], list[StockShort]]:
    left = {supply.level_id: supply.available for supply in supplies}
    takings: list[Taking] = []
    short: list[StockShort] = []
    with exact():
        for need in needs:
            levels = [supply.level_id for supply in supplies if supply.product_id == need.product_id]
            available = sum((left[level] for level in levels), NOTHING)
            if available < need.quantity:
                short.append(_short(need, available))
            else:
                takings += _portions(need, levels, left)
    return takings, short


def _portions(need: Need, levels: Sequence[int], left: dict[int, Decimal]) -> Iterator[Taking]:
    """`need` out of `levels`, which have enough `left`; what is taken is left no more."""
    wanted = need.quantity
    for level in levels:
        portion = min(wanted, left[level])
        if portion > 0:
            left[level] -= portion
            wanted -= portion
            yield Taking(level_id=level, line_id=need.line_id, quantity=portion)


def _short(need: Need, available: Decimal) -> StockShort:
    return StockShort(
        path=(*INPUT, "id"),
        product_id=need.product_id,
        sku=need.sku,
        line_id=need.line_id,
        requested=plain(need.quantity),
        available=plain(available),
    )


def taken_from(reserved: Sequence[Taking], pieces: Mapping[int, Decimal]) -> list[Taking]:
    """Of what is `reserved`, so many `pieces` of each line, by its id; all of it where fewer are reserved."""
    left = dict(pieces)
    taken: list[Taking] = []
    with exact():
        for each in reserved:
            portion = min(each.quantity, left.get(each.line_id, NOTHING))
            if portion > 0:
                left[each.line_id] -= portion
                taken.append(replace(each, quantity=portion))
    return taken

"""Ways out of a shortage that change an order's lines after its approval: fewer of them, or another product."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.errors import DomainError, InvalidInput, NotFound
from domain.money import exact, part_of, round_money
from domain.numbers import NOTHING, plain, quantity, unit_price
from domain.orders.amounts import PricedOrder, discountable
from domain.orders.life_cycle import LineKind, OrderStatus
from domain.orders.lines import OrderedLine, ProductFacts
from domain.paths import INPUT, Path
from domain.problems import Problem

CHANGEABLE = frozenset({OrderStatus.APPROVED, OrderStatus.BACKORDERED})
"""Where an order stands when it has reserved nothing and is to be picked."""
CANCELLABLE = CHANGEABLE | {OrderStatus.PACKED}
"""Where lines are cancelled; of an order that is packed those that are left, be it sent in part or not at all."""


@dataclass(frozen=True, kw_only=True)
class LineCancellation:
    """So many pieces of a line that are not wanted any more; all if there is no `quantity`."""

    line_id: int
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Substitution:
    """Another product on a line, at the line's price and discount, or at `unit_price` without a discount."""

    line_id: int
    product_id: int
    unit_price: Decimal | None = None


def cancellation_problems(cancelled: Sequence[LineCancellation], left: Mapping[int, Decimal]) -> Iterator[DomainError]:
    """What is wrong with `cancelled` of lines of which so many pieces are `left`, by their ids."""
    if not cancelled:
        yield InvalidInput(path=(*INPUT, "lines"), problem=Problem.LINE_NEEDED)
    for place, each in enumerate(cancelled):
        path = (*INPUT, "lines", str(place))
        if each.line_id in [earlier.line_id for earlier in cancelled[:place]]:
            yield InvalidInput(path=(*path, "lineId"), problem=Problem.DUPLICATE)
        elif each.line_id not in left:
            yield NotFound(path=(*path, "lineId"))
        else:
            yield from part_problems((*path, "quantity"), each.quantity, left[each.line_id])


def part_problems(path: Path, pieces: Decimal | None, left: Decimal) -> Iterator[InvalidInput]:
    """What is wrong with so many `pieces` of a line, None for all, of which so many are `left`."""
    found = [] if pieces is None else list(quantity(path, pieces))
    if not found and pieces is not None and pieces < 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    if not found and (not left or (pieces is not None and pieces > left)):
        found.append(InvalidInput(path=path, problem=Problem.TOO_LARGE, limit=str(plain(left))))
    yield from found


def cancelled_pieces(cancelled: Sequence[LineCancellation], left: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """How many pieces go of each line, by its id, of lines of which so many are `left`."""
    return {each.line_id: each.quantity or left[each.line_id] for each in cancelled}


def without_cancelled(
    lines: Sequence[OrderedLine], priced: PricedOrder, cancelled: Mapping[int, Decimal], *, currency: str
) -> tuple[list[OrderedLine], Decimal]:
    """The lines that are left, and the order's discount that is: what is cancelled takes its part of each along.

    `cancelled` are pieces by lines' ids; `priced` is what the lines came to before. What is left of a discount is
    rounded towards zero, so that it never exceeds what it is taken from.
    """
    left: list[OrderedLine] = []
    discount = round_money(NOTHING, currency)
    with exact():
        for line, before in zip(lines, priced.lines, strict=True):
            ordered = line.terms.quantity
            kept = ordered - cancelled.get(line.id or 0, NOTHING)
            if not kept:
                continue
            discount += part_of(before.order_discount, kept, ordered, currency)
            terms = replace(
                line.terms,
                quantity=plain(kept),
                discount=part_of(line.terms.discount, kept, ordered, currency),
            )
            left.append(line if kept == ordered else replace(line, terms=terms))
        most = discountable([line.terms for line in left], discount=discount, currency=currency)
    return left, min(discount, most)


def nothing_left(lines: Sequence[OrderedLine]) -> bool:
    """Whether no goods are left: then the order itself is to be cancelled."""
    return not any(line.kind is LineKind.PRODUCT for line in lines)


def substitution_problems(
    wanted: Substitution, line: OrderedLine | None, product: ProductFacts | None
) -> Iterator[DomainError]:
    """Why `product` cannot stand on `line`; None for either is that there is none."""
    if line is None:
        yield NotFound(path=(*INPUT, "lineId"))
    elif line.kind is not LineKind.PRODUCT:
        yield InvalidInput(path=(*INPUT, "lineId"), problem=Problem.PRODUCT_NEEDED)
    if product is None:
        yield NotFound(path=(*INPUT, "productId"))
    elif not product.active:
        yield InvalidInput(path=(*INPUT, "productId"), problem=Problem.PRODUCT_INACTIVE)
    if wanted.unit_price is not None:
        yield from unit_price((*INPUT, "unitPrice"), wanted.unit_price)


def substituted(line: OrderedLine, product: ProductFacts, price: Decimal | None, *, currency: str) -> OrderedLine:
    """`line` with the product in place of its own: quantity and tax rate stay, without a `price` all terms do."""
    terms = line.terms
    if price is not None:
        terms = replace(terms, unit_price=plain(price), discount=round_money(NOTHING, currency))
    return replace(line, product_id=product.id, sku=product.sku, name=product.name, terms=terms)

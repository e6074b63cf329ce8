"""Lines of an order that go to another one: every amount is divided between the two, and none is made or lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.errors import DomainError, InvalidInput, NotFound
from domain.money import exact, part_of, round_money
from domain.numbers import NOTHING, WHOLE, plain
from domain.orders.amounts import PricedLine, discountable
from domain.orders.life_cycle import LineKind
from domain.orders.lines import OrderedLine
from domain.orders.short_lines import part_problems
from domain.paths import INPUT
from domain.problems import Problem


@dataclass(frozen=True, kw_only=True)
class LinePart:
    """A line that goes to the other order, or so many pieces of it; all if there is no `quantity`."""

    line_id: int
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Valued:
    """A line with what it comes to."""

    line: OrderedLine
    amounts: PricedLine


def split_problems(parts: Sequence[LinePart], lines: Sequence[OrderedLine]) -> Iterator[DomainError]:
    """Why `parts` of an order's `lines` cannot go to another order. Goods have to be in both."""
    goods = {line.id: line.terms.quantity for line in lines if line.kind is LineKind.PRODUCT}
    known = {line.id for line in lines}
    found: list[DomainError] = []
    if not parts:
        found.append(InvalidInput(path=(*INPUT, "lines"), problem=Problem.LINE_NEEDED))
    for place, part in enumerate(parts):
        path = (*INPUT, "lines", str(place))
        if part.line_id in [earlier.line_id for earlier in parts[:place]]:
            found.append(InvalidInput(path=(*path, "lineId"), problem=Problem.DUPLICATE))
        elif part.line_id not in known:
            found.append(NotFound(path=(*path, "lineId")))
        elif part.line_id not in goods:
            found.append(InvalidInput(path=(*path, "lineId"), problem=Problem.PRODUCT_NEEDED))
        else:
            found += part_problems((*path, "quantity"), part.quantity, goods[part.line_id])
    if not found and all(_gone(parts, number, ordered) == ordered for number, ordered in goods.items()):
        found.append(InvalidInput(path=(*INPUT, "lines"), problem=Problem.LINE_NEEDED))
    yield from found


def _gone(parts: Sequence[LinePart], line_id: int | None, ordered: Decimal) -> Decimal:
    return next((part.quantity or ordered for part in parts if part.line_id == line_id), NOTHING)


def divided(lines: Sequence[Valued], parts: Sequence[LinePart], *, currency: str) -> tuple[list[Valued], list[Valued]]:
    """What stays, and what goes, of `lines`.

    A line that goes as a whole takes its amounts along as they are. Of one that is divided, the pieces that go take
    their part of each amount, rounded, and what stays has the rest, so that the two add up to what there was.
    """
    stays: list[Valued] = []
    goes: list[Valued] = []
    for valued in lines:
        ordered = valued.line.terms.quantity
        gone = _gone(parts, valued.line.id, ordered)
        if gone == ordered:
            goes.append(Valued(replace(valued.line, id=None), valued.amounts))
        elif gone:
            kept, taken = _divided(valued, gone, currency)
            stays.append(kept)
            goes.append(taken)
        else:
            stays.append(valued)
    return stays, goes


def _divided(valued: Valued, gone: Decimal, currency: str) -> tuple[Valued, Valued]:
    terms, amounts = valued.line.terms, valued.amounts
    with exact():
        left = terms.quantity - gone

        def taken(amount: Decimal) -> Decimal:
            return round_money(amount * gone / terms.quantity, currency)

        discount = part_of(terms.discount, gone, terms.quantity, currency)
        # A discount that is all of the price may have one unit more than the pieces that stay can carry.
        most = part_of(left * terms.unit_price, WHOLE, WHOLE, currency)
        net, tax = taken(amounts.net), taken(amounts.tax)
        share = part_of(amounts.order_discount, gone, terms.quantity, currency)
        kept = PricedLine(
            order_discount=amounts.order_discount - share,
            net=amounts.net - net,
            tax=amounts.tax - tax,
            gross=amounts.gross - net - tax,
        )
        going = PricedLine(order_discount=share, net=net, tax=tax, gross=net + tax)
        stays = replace(terms, quantity=plain(left), discount=min(terms.discount - discount, most))
    goes = replace(terms, quantity=plain(gone), discount=discount)
    return Valued(replace(valued.line, terms=stays), kept), Valued(replace(valued.line, id=None, terms=goes), going)


def totals(lines: Sequence[Valued], *, currency: str) -> Mapping[str, Decimal]:
    """What `lines` add up to: the columns of their order.

    Its discount is no more than the lines can carry when they are priced again, which after a division of pieces at odd
    prices may be a unit less than their parts of it.
    """
    nothing = round_money(NOTHING, currency)
    with exact():
        net = sum((each.amounts.net for each in lines), nothing)
        tax = sum((each.amounts.tax for each in lines), nothing)
        discount = sum((each.amounts.order_discount for each in lines), nothing)
        most = discountable([each.line.terms for each in lines], discount=discount, currency=currency)
        return {"discount": min(discount, most), "net_total": net, "tax_total": tax, "total": net + tax}


def base_parts(base: Decimal, whole: Decimal, part: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """What stays and what goes of `base`, an amount of the company's `currency`, as `part` of `whole` goes."""
    with exact():
        goes = round_money(base * part / whole, currency) if whole else round_money(NOTHING, currency)
        return base - goes, goes

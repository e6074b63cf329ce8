"""Completing the lines of an order from the products that they name, and pricing them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.errors import DomainError, InvalidInput, NotFound, TotalMismatch
from domain.money import exact, round_money
from domain.numbers import MOST_MONEY, NOTHING, plain
from domain.orders.amounts import LineTerms, PricedOrder, discountable, price_order
from domain.orders.entry import NewLine, line_path
from domain.orders.life_cycle import LineKind
from domain.paths import INPUT, Path
from domain.problems import Problem


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """What a line takes from its product."""

    id: int
    sku: str
    name: str
    price: Decimal | None
    currency: str | None
    tax_rate: Decimal | None
    active: bool


@dataclass(frozen=True, kw_only=True)
class OrderedLine:
    """A line with everything known but what it comes to; `id` is its row's, None for one that is new."""

    kind: LineKind
    product_id: int | None
    sku: str | None
    name: str
    terms: LineTerms
    id: int | None = field(default=None, compare=False)


class Catalogue:
    """The products that an order's lines name, found by id or by sku, and those that it had `before` this change."""

    def __init__(self, products: Sequence[ProductFacts], before: frozenset[int | None] = frozenset()) -> None:
        self._by_id: Mapping[int, ProductFacts] = {product.id: product for product in products}
        self._by_sku: Mapping[str, ProductFacts] = {product.sku: product for product in products}
        self._before = before

    def of(self, line: NewLine) -> ProductFacts | None:
        """The product that `line` names, or None if it names none or there is none."""
        if line.product_id is not None:
            return self._by_id.get(line.product_id)
        return self._by_sku.get(line.sku) if line.sku is not None else None

    def sells(self, product: ProductFacts, quantity: Decimal) -> bool:
        """Whether `product` may be on a line: an inactive one only comes back, or stays where it was."""
        return product.active or quantity.is_signed() or product.id in self._before


def completion_problems(lines: Sequence[NewLine], catalogue: Catalogue, *, currency: str) -> Iterator[DomainError]:
    """Why `lines` that are sound by themselves cannot be completed from `catalogue`."""
    for i, line in enumerate(lines):
        named = product_path(i, line)
        product = catalogue.of(line)
        if product is None:
            if line.product_id is not None or line.sku is not None:
                yield NotFound(path=named)
        elif not catalogue.sells(product, line.quantity):
            yield InvalidInput(path=named, problem=Problem.PRODUCT_INACTIVE)
        elif line.unit_price is None and (product.price is None or product.currency != currency):
            yield InvalidInput(path=(*line_path(i), "unitPrice"), problem=Problem.PRICE_NEEDED)


def product_path(i: int, line: NewLine) -> Path:
    """The path of what names the product of line `i`, counted from 0."""
    return (*line_path(i), "sku" if line.product_id is None else "productId")


def complete(line: NewLine, product: ProductFacts | None, *, currency: str) -> OrderedLine:
    """`line`, in which no problem was found, with what it left to its product."""
    price = line.unit_price if line.unit_price is not None else product and product.price
    rate = line.tax_rate if line.tax_rate is not None else product and product.tax_rate
    return OrderedLine(
        kind=line.kind,
        product_id=product.id if product else None,
        sku=product.sku if product else None,
        name=line.name or (product.name if product else ""),
        terms=LineTerms(
            quantity=plain(line.quantity),
            unit_price=plain(price or NOTHING),
            discount=round_money(line.discount, currency),
            tax_rate=plain(rate or NOTHING),
        ),
    )


def pricing_problems(
    lines: Sequence[LineTerms], *, discount: Decimal, total: Decimal | None, tax_included: bool, currency: str
) -> Iterator[DomainError]:
    """What is wrong with the amounts: discounts beyond what they are taken from, sums beyond all bounds, a typed
    `total` that differs from ours. The order's own amounts are looked at once the lines' are sound."""
    faults = [fault for i, line in enumerate(lines) for fault in _line_faults(i, line)]
    most = discountable(lines, discount=discount, currency=currency)
    if not faults and discount.copy_abs() > most.copy_abs():
        faults.append(_discount_beyond((*INPUT, "discount"), most))
    yield from faults
    if faults:
        return
    priced = price_order(lines, discount=discount, tax_included=tax_included, currency=currency)
    yield from total_problems(priced, total, currency)


def _line_faults(i: int, line: LineTerms) -> Iterator[InvalidInput]:
    with exact():
        amount = line.quantity * line.unit_price
    if not -MOST_MONEY <= amount <= MOST_MONEY:
        yield InvalidInput(path=(*line_path(i), "unitPrice"), problem=Problem.TOO_LARGE, limit=str(MOST_MONEY))
    elif not min(amount, NOTHING) <= line.discount <= max(amount, NOTHING):
        yield _discount_beyond((*line_path(i), "discount"), plain(amount))


def _discount_beyond(path: Path, most: Decimal) -> InvalidInput:
    return InvalidInput(path=path, problem=Problem.DISCOUNT_BEYOND_AMOUNT, limit=str(most))


def total_problems(priced: PricedOrder, total: Decimal | None, currency: str) -> Iterator[DomainError]:
    """Whether what lines come to is beyond all bounds, or another `total` than was typed."""
    if not -MOST_MONEY <= priced.total <= MOST_MONEY:
        yield InvalidInput(path=(*INPUT, "lines"), problem=Problem.TOO_LARGE, limit=str(MOST_MONEY))
    elif total is not None and total != priced.total:
        given = round_money(total, currency)
        yield TotalMismatch(path=(*INPUT, "total"), given=given, computed=priced.total, currency=currency)

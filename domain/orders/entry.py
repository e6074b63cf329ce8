"""What a person types to enter an order, and what can be wrong with it before anything is looked up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.contact import ContactDetails, PostalAddress, address_problems, contact_problems
from domain.custom_fields.values import CustomFieldEntry
from domain.errors import InvalidInput
from domain.moments import write_moment
from domain.money import is_currency
from domain.numbers import NOTHING, money, quantity, tax_rate, unit_price
from domain.orders.life_cycle import RETURN_TYPES, LineKind, OrderType, Urgency
from domain.paths import INPUT, Path
from domain.permissions import Action
from domain.problems import Problem
from domain.text import code, many_lines, one_line, tags, too_many
from domain.unset import Unset

MOST_LINES = 500
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_AHEAD = timedelta(days=1)
"""How far ahead of now an order may be placed: clocks differ, and the day begins in the east."""


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """A line as it is typed; what is None comes from the product.

    A product is named by `product_id` or by `sku`. `unit_price` defaults to its list price if that is in the order's
    currency, `tax_rate` to its rate or none. `discount` has the sign of `quantity`.
    """

    quantity: Decimal
    kind: LineKind = LineKind.PRODUCT
    product_id: int | None = None
    sku: str | None = None
    name: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal = NOTHING
    tax_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """An order as it is typed; `total`, if given, is checked against the sum of the lines.

    `owner_id` is for those who may assign; `customer_name` and `region_id` default to the customer's; `placed_at`
    defaults to now, `tax_included` to false. Returns and exchanges name their `original_order_id`, from which they
    have customer, name, channel, region and `tax_included` unless these are given, and may say why.
    """

    currency: str
    lines: Sequence[NewLine]
    type: OrderType = OrderType.NEW
    original_order_id: int | None = None
    return_reason_id: int | None = None
    channel_id: int | None = None
    external_id: str | None = None
    customer_id: int | None = None
    customer_name: str | None = None
    contact: ContactDetails | None = None
    ship_to: PostalAddress | None = None
    bill_to: PostalAddress | None = None
    region_id: int | None = None
    owner_id: int | None = None
    tax_included: bool | None = None
    discount: Decimal = NOTHING
    total: Decimal | None = None
    urgency: Urgency = Urgency.NORMAL
    required_by: date | None = None
    placed_at: datetime | None = None
    tags: Sequence[str] = ()
    notes: str | None = None
    custom_fields: Sequence[CustomFieldEntry] = ()


def entering(order_type: OrderType) -> Action:
    """Whose it is to enter orders of this type."""
    return Action.ENTER_RETURNS if order_type in RETURN_TYPES else Action.ENTER_ORDERS


def new_order_problems(order: NewOrder, *, now: datetime, placed_on: date) -> Iterator[InvalidInput]:
    """Everything that is wrong with `order` by itself, each with its path.

    `placed_on` is the day of its placement in the company's zone.
    """
    yield from _origin_problems(order)
    yield from snapshot_problems(order.customer_name, order.contact, order.ship_to, order.bill_to)
    yield from line_problems(order.lines, order_type=order.type, currency=order.currency)
    yield from _money_problems(order)
    yield from placement_problems(order.placed_at or now, now=now)
    yield from required_day_problems(order.required_by, placed_on=placed_on)
    yield from tags((*INPUT, "tags"), order.tags)
    yield from many_lines((*INPUT, "notes"), order.notes)


def snapshot_problems(
    name: str | Unset | None,
    contact: ContactDetails | Unset | None,
    ship_to: PostalAddress | Unset | None,
    bill_to: PostalAddress | Unset | None,
) -> Iterator[InvalidInput]:
    """What is wrong with the copies of the customer's data that an order carries."""
    yield from one_line((*INPUT, "customerName"), name)
    if isinstance(contact, ContactDetails):
        yield from contact_problems((*INPUT, "contact"), contact)
    if isinstance(ship_to, PostalAddress):
        yield from address_problems((*INPUT, "shipTo"), ship_to)
    if isinstance(bill_to, PostalAddress):
        yield from address_problems((*INPUT, "billTo"), bill_to)


def line_problems(lines: Sequence[NewLine], *, order_type: OrderType, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with the lines of an order of this type and currency; an unknown currency is not their fault."""
    if not lines:
        yield InvalidInput(path=(*INPUT, "lines"), problem=Problem.LINE_NEEDED)
    if len(lines) > MOST_LINES:
        yield too_many((*INPUT, "lines"), MOST_LINES)
        return
    for i, line in enumerate(lines):
        yield from _line_problems(line_path(i), line, order_type, currency)


def required_day_problems(required_by: date | Unset | None, *, placed_on: date) -> Iterator[InvalidInput]:
    """What is wrong with the day by which a customer needs an order that is placed on the day `placed_on`."""
    if isinstance(required_by, date) and required_by < placed_on:
        yield InvalidInput(path=(*INPUT, "requiredBy"), problem=Problem.TOO_EARLY, limit=placed_on.isoformat())


def is_placeable(placed_at: datetime, *, now: datetime) -> bool:
    """Whether an order can have been placed at this moment."""
    return EARLIEST <= placed_at <= now + LONGEST_AHEAD


def placement_problems(placed_at: datetime, *, now: datetime) -> Iterator[InvalidInput]:
    """What is wrong with the moment at which an order is said to have been placed."""
    path = (*INPUT, "placedAt")
    if placed_at < EARLIEST:
        yield InvalidInput(path=path, problem=Problem.TOO_EARLY, limit=write_moment(EARLIEST))
    elif not is_placeable(placed_at, now=now):
        yield InvalidInput(path=path, problem=Problem.TOO_LATE, limit=write_moment(now + LONGEST_AHEAD))


def external_id_problems(external_id: str | None, *, channel_id: int | None) -> Iterator[InvalidInput]:
    """What is wrong with an order's number in its channel, None if it has none."""
    yield from code((*INPUT, "externalId"), external_id)
    if external_id is not None and channel_id is None:
        yield InvalidInput(path=(*INPUT, "channelId"), problem=Problem.CHANNEL_NEEDED)


def line_path(i: int) -> Path:
    """The path of line `i`, counted from 0."""
    return (*INPUT, "lines", str(i))


def discount_problems(discount: Decimal, *, order_type: OrderType, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with the discount on a whole order, which has the sign of its lines; an exchange has both."""
    path = (*INPUT, "discount")
    if order_type == OrderType.EXCHANGE:
        return money(path, discount, currency)
    return _discount_problems(path, discount, currency, negative=order_type == OrderType.RETURN)


def _line_problems(at: Path, line: NewLine, order_type: OrderType, currency: str) -> Iterator[InvalidInput]:
    yield from _product_problems(at, line)
    yield from one_line((*at, "name"), line.name)
    yield from _quantity_problems((*at, "quantity"), line.quantity, order_type)
    if line.unit_price is not None:
        yield from unit_price((*at, "unitPrice"), line.unit_price)
    if line.tax_rate is not None:
        yield from tax_rate((*at, "taxRate"), line.tax_rate)
    if is_currency(currency):
        yield from _discount_problems((*at, "discount"), line.discount, currency, negative=line.quantity.is_signed())


def _discount_problems(path: Path, discount: Decimal, currency: str, *, negative: bool) -> Iterator[InvalidInput]:
    found = list(money(path, discount, currency))
    if not found and discount and discount.is_signed() != negative:
        found.append(InvalidInput(path=path, problem=Problem.NOT_NEGATIVE if negative else Problem.NEGATIVE))
    yield from found


def _origin_problems(order: NewOrder) -> Iterator[InvalidInput]:
    yield from external_id_problems(order.external_id, channel_id=order.channel_id)
    original = (*INPUT, "originalOrderId")
    if order.type not in RETURN_TYPES and order.return_reason_id is not None:
        yield InvalidInput(path=(*INPUT, "returnReasonId"), problem=Problem.RETURN_REASON_NOT_EXPECTED)
    if order.type in RETURN_TYPES and order.original_order_id is None:
        yield InvalidInput(path=original, problem=Problem.ORIGINAL_NEEDED)
    if order.type not in RETURN_TYPES and order.original_order_id is not None:
        yield InvalidInput(path=original, problem=Problem.ORIGINAL_NOT_EXPECTED)
    if order.type == OrderType.EXCHANGE and order.lines and not any(_brings_back(line) for line in order.lines):
        yield InvalidInput(path=(*INPUT, "lines"), problem=Problem.RETURNED_LINE_NEEDED)


def _brings_back(line: NewLine) -> bool:
    return line.quantity < 0 and (line.product_id is not None or line.sku is not None)


def _money_problems(order: NewOrder) -> Iterator[InvalidInput]:
    if not is_currency(order.currency):
        yield InvalidInput(path=(*INPUT, "currency"), problem=Problem.UNKNOWN_CURRENCY)
        return
    yield from discount_problems(order.discount, order_type=order.type, currency=order.currency)
    if order.total is not None:
        yield from money((*INPUT, "total"), order.total, order.currency)


def _product_problems(at: Path, line: NewLine) -> Iterator[InvalidInput]:
    yield from code((*at, "sku"), line.sku)
    if line.product_id is not None and line.sku is not None:
        yield InvalidInput(path=(*at, "sku"), problem=Problem.PRODUCT_NAMED_TWICE)
    if line.product_id is not None or line.sku is not None:
        return
    if line.kind == LineKind.PRODUCT:
        yield InvalidInput(path=(*at, "productId"), problem=Problem.PRODUCT_NEEDED)
        return
    if line.name is None:
        yield InvalidInput(path=(*at, "name"), problem=Problem.MISSING)
    if line.unit_price is None:
        yield InvalidInput(path=(*at, "unitPrice"), problem=Problem.MISSING)


def _quantity_problems(path: Path, given: Decimal, order_type: OrderType) -> Iterator[InvalidInput]:
    found = list(quantity(path, given))
    if not found and order_type == OrderType.RETURN and given > 0:
        found.append(InvalidInput(path=path, problem=Problem.NOT_NEGATIVE))
    if not found and order_type not in RETURN_TYPES and given < 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    yield from found

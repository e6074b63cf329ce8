"""What a change of lines, discount or taxation does to the amounts of an order."""

from collections.abc import Sequence
from typing import Any

from domain.money import convert, round_money
from domain.orders.editing import OrderChanges
from domain.orders.lines import OrderedLine
from domain.unset import given
from models import Order, OrderLine
from models.connection import TransactionClient
from services.company import Company
from services.orders.lines import line_rows, price_lines
from services.rates import find_rate
from services.references import sound

_CONTENT = (
    *("position", "kind", "product_id", "sku", "name"),
    *("quantity", "unit_price", "discount", "tax_rate", "net", "tax", "gross"),
)


async def reprice(
    client: TransactionClient, company: Company, order: Order, lines: Sequence[OrderedLine], changes: OrderChanges
) -> tuple[dict[str, Any], list[OrderLine]]:
    """The columns of `order` with their values, and the rows of its `lines`, after `changes`. Raises Refused."""
    discount = round_money(given(changes.discount, order.discount), order.currency)
    tax_included = given(changes.tax_included, order.tax_included)
    priced = price_lines(
        lines, discount=discount, total=given(changes.total, None), tax_included=tax_included, currency=order.currency
    )
    columns = {
        "discount": discount,
        "tax_included": tax_included,
        "net_total": priced.net_total,
        "tax_total": priced.tax_total,
        "total": priced.total,
    }
    if priced.total != order.total:
        rate = sound(await find_rate(client, company, currency=order.currency, placed_at=order.placed_at))
        columns["base_total"] = convert(priced.total, rate, company.currency)
    return columns, line_rows(order.id, lines, priced)


def same_lines(one: Sequence[OrderLine], other: Sequence[OrderLine]) -> bool:
    """Whether the rows say the same, whatever their ids."""
    return [_content(row) for row in one] == [_content(row) for row in other]


def _content(row: OrderLine) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)

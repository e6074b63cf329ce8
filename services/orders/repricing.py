"""What a change does to the amounts of an order."""

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


def reprice(
    order: Order, lines: Sequence[OrderedLine], changes: OrderChanges
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
    return columns, line_rows(order.id, lines, priced)


async def revalue(client: TransactionClient, company: Company, order: Order, columns: dict[str, Any]) -> dict[str, Any]:
    """The column of what `order` comes to in the company's currency, if `columns` change that. Raises Refused."""
    total, placed_at = columns.get("total", order.total), columns.get("placed_at", order.placed_at)
    if total == order.total and placed_at == order.placed_at:
        return {}
    rate = sound(await find_rate(client, company, currency=order.currency, placed_at=placed_at))
    return {"base_total": convert(total, rate, company.currency)}

"""Lines on their way from an input to the table: products found, amounts computed, rows written."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from domain.errors import Refused
from domain.orders.amounts import LineTerms, PricedOrder, price_order
from domain.orders.entry import NewLine
from domain.orders.lines import Catalogue, OrderedLine, ProductFacts, pricing_problems, total_problems
from domain.orders.returned import Returned, at_worth
from domain.orders.splitting import Valued
from domain.text import is_storable
from models import OrderLine
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import PRODUCT
from rows.viewer import Viewer
from services.orders.prices import PricedFor, channel_prices

_CONTENT = (
    *("position", "kind", "product_id", "sku", "name"),
    *("quantity", "unit_price", "discount", "tax_rate", "net", "tax", "gross"),
)
_PRODUCTS = """
SELECT id, sku, name, price, currency, tax_rate, active FROM product
WHERE id = ANY ($1::bigint[]) OR sku = ANY ($2::text[])
"""


async def find_products(
    client: TransactionClient,
    viewer: Viewer,
    lines: Sequence[NewLine],
    *,
    of: PricedFor,
    before: frozenset[int | None] = frozenset(),
) -> Catalogue:
    """The products that `lines` name and `viewer` sees, at the prices `of` a channel and day, else at their list price.

    `before` are the ids of those that the order had.
    """
    ids = {line.product_id for line in lines if line.product_id is not None}
    skus = {line.sku for line in lines if line.sku is not None and is_storable(line.sku)}
    rows = await client.connection.fetch(_PRODUCTS, list(ids), list(skus))
    seen = await visible_ids(client, PRODUCT, viewer, [row["id"] for row in rows])
    prices = await channel_prices(client, list(seen), of)
    listed = [ProductFacts(**dict(row)) for row in rows if row["id"] in seen]
    return Catalogue(
        [
            replace(product, price=prices[product.id], currency=of.currency) if product.id in prices else product
            for product in listed
        ],
        before,
    )


def price_lines(
    lines: Sequence[OrderedLine], *, discount: Decimal, total: Decimal | None, tax_included: bool, currency: str
) -> PricedOrder:
    """What complete `lines` come to. Raises Refused, also if `total` is given and differs."""
    terms = [line.terms for line in lines]
    problems = pricing_problems(terms, discount=discount, total=total, tax_included=tax_included, currency=currency)
    if found := tuple(problems):
        raise Refused(*found)
    return price_order(terms, discount=discount, tax_included=tax_included, currency=currency)


def price_returned(
    lines: Sequence[Returned], *, discount: Decimal, total: Decimal | None, tax_included: bool, currency: str
) -> PricedOrder:
    """What the lines of a return or exchange come to. Raises Refused as `price_lines` does."""
    terms = [each.line for each in lines]
    by_terms = price_lines(terms, discount=discount, total=None, tax_included=tax_included, currency=currency)
    priced = at_worth(by_terms, lines)
    if found := tuple(total_problems(priced, total, currency)):
        raise Refused(*found)
    return priced


def ordered_lines(rows: Sequence[OrderLine]) -> list[OrderedLine]:
    """The lines that are in `rows`, as they were entered."""
    return [
        OrderedLine(
            id=row.id,
            kind=row.kind,
            product_id=row.product_id,
            sku=row.sku,
            name=row.name,
            terms=LineTerms(
                quantity=row.quantity, unit_price=row.unit_price, discount=row.discount, tax_rate=row.tax_rate
            ),
        )
        for row in rows
    ]


def line_rows(order_id: int, lines: Sequence[OrderedLine], priced: PricedOrder) -> list[OrderLine]:
    """The rows of `lines`, which come to `priced`, counted from position 1."""
    return valued_rows(order_id, [Valued(line, amounts) for line, amounts in zip(lines, priced.lines, strict=True)])


def valued_rows(order_id: int, lines: Sequence[Valued]) -> list[OrderLine]:
    """The rows of `lines` with their amounts, counted from position 1."""
    return [
        OrderLine(
            **({} if line.id is None else {"id": line.id}),
            order_id=order_id,
            position=position,
            kind=line.kind,
            product_id=line.product_id,
            sku=line.sku,
            name=line.name,
            **asdict(line.terms),
            net=amounts.net,
            tax=amounts.tax,
            gross=amounts.gross,
        )
        for position, (line, amounts) in enumerate(((each.line, each.amounts) for each in lines), start=1)
    ]


async def write_lines(client: TransactionClient, before: Sequence[OrderLine], after: Sequence[OrderLine]) -> bool:
    """Make the rows `after` an order's lines in place of those `before`; whether anything differs.

    Rows with an id stay, those without are new.
    """
    said = {row.id: _content(row) for row in before}
    kept = {row.id for row in after if row.id is not None}
    changed = [row for row in after if row.id is not None and _content(row) != said[row.id]]
    new = [row for row in after if row.id is None]
    gone = [row.id for row in before if row.id not in kept]
    if gone:
        await OrderLine.filter(id__in=gone).using_db(client).delete()
    if changed:
        await OrderLine.bulk_update(changed, fields=_CONTENT, using_db=client)
    if new:
        await OrderLine.bulk_create(new, using_db=client)
    return bool(gone or changed or new)


def _content(row: OrderLine) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)

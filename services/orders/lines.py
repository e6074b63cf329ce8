"""Lines on their way from an input to the table: products found, amounts computed, rows written."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

from domain.errors import Refused
from domain.orders.amounts import LineTerms, PricedOrder, price_order
from domain.orders.entry import NewLine
from domain.orders.lines import Catalogue, OrderedLine, ProductFacts, pricing_problems
from domain.text import is_storable
from models import OrderLine
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import PRODUCT
from rows.viewer import Viewer

_PRODUCTS = """
SELECT id, sku, name, price, currency, tax_rate, active FROM product
WHERE id = ANY ($1::bigint[]) OR sku = ANY ($2::text[])
"""


async def find_products(
    client: TransactionClient, viewer: Viewer, lines: Sequence[NewLine], *, before: frozenset[int | None] = frozenset()
) -> Catalogue:
    """The products that `lines` name and `viewer` sees; `before` are the ids of those that the order had."""
    ids = {line.product_id for line in lines if line.product_id is not None}
    skus = {line.sku for line in lines if line.sku is not None and is_storable(line.sku)}
    rows = await client.connection.fetch(_PRODUCTS, list(ids), list(skus))
    seen = await visible_ids(client, PRODUCT, viewer, [row["id"] for row in rows])
    return Catalogue([ProductFacts(**dict(row)) for row in rows if row["id"] in seen], before)


def price_lines(
    lines: Sequence[OrderedLine], *, discount: Decimal, total: Decimal | None, tax_included: bool, currency: str
) -> PricedOrder:
    """What complete `lines` come to. Raises Refused, also if `total` is given and differs."""
    terms = [line.terms for line in lines]
    problems = pricing_problems(terms, discount=discount, total=total, tax_included=tax_included, currency=currency)
    if found := tuple(problems):
        raise Refused(*found)
    return price_order(terms, discount=discount, tax_included=tax_included, currency=currency)


def ordered_lines(rows: Sequence[OrderLine]) -> list[OrderedLine]:
    """The lines that are in `rows`, as they were entered."""
    return [
        OrderedLine(
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
    return [
        OrderLine(
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
        for position, (line, amounts) in enumerate(zip(lines, priced.lines, strict=True), start=1)
    ]

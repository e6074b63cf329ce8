"""Products from files, by their skus."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from domain.errors import InvalidInput
from domain.events import Aggregate, EventType
from domain.money import round_money
from domain.numbers import plain
from domain.product_entry import ProductEntry, list_price_problems, product_problems
from domain.row_problems import RowFault, RowProblem
from models.connection import TransactionClient
from services.clock import now
from services.imports.records.cells import Checked, Record, RecordKind, RefusedRow, number, yes_no
from services.imports.records.facts import changed_names, made_and_changed
from services.imports.records.run import RecordRun

_LOCK = "SELECT sku FROM product WHERE sku = ANY ($1::text[]) ORDER BY id FOR UPDATE"
_CHANGING = ("name", "description", "category", "price", "currency", "tax_rate", "active")
_WRITE = f"""
WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::numeric[],
                         $8::boolean[], $10::boolean[])
        AS g (sku, name, description, category, price, currency, tax_rate, active, is_new)
), changed AS (
    UPDATE product p SET
        name = coalesce(g.name, p.name), description = coalesce(g.description, p.description),
        category = coalesce(g.category, p.category), price = coalesce(g.price, p.price),
        currency = coalesce(g.currency, p.currency), tax_rate = coalesce(g.tax_rate, p.tax_rate),
        active = coalesce(g.active, p.active), version = p.version + 1, last_seq = p.last_seq + 1, updated_at = $9
    FROM given g
    WHERE p.sku = g.sku AND NOT g.is_new
      AND ROW(p.name, p.description, p.category, p.price, p.currency, p.tax_rate, p.active) IS DISTINCT FROM
          ROW(coalesce(g.name, p.name), coalesce(g.description, p.description), coalesce(g.category, p.category),
              coalesce(g.price, p.price), coalesce(g.currency, p.currency), coalesce(g.tax_rate, p.tax_rate),
              coalesce(g.active, p.active))
    RETURNING p.id, p.last_seq, p.version, {changed_names(_CHANGING)} AS changed
), made AS (
    INSERT INTO product (version, sku, name, description, category, price, currency, tax_rate, active, last_seq,
                         created_at, updated_at)
    SELECT 1, sku, name, description, category, price, currency, tax_rate, coalesce(active, true), 1,
           $9::timestamptz, $9
    FROM given WHERE is_new ORDER BY sku RETURNING id, last_seq, version
), {made_and_changed(Aggregate.PRODUCT, EventType.PRODUCT_CREATED, EventType.PRODUCT_UPDATED, at="$9", by="$11")}
SELECT true AS is_new FROM made UNION ALL SELECT false FROM changed
"""  # noqa: S608  # of names of the code
_COLUMNS = ("sku", "name", "description", "category", "price", "currency", "tax_rate", "active")


def _problems(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    yield from product_problems(ProductEntry(**values))
    yield from list_price_problems(price=values.get("price"), currency=values.get("currency"))


PRODUCTS = RecordKind(
    key="sku",
    readers={
        **dict.fromkeys(("sku", "name", "description", "category", "currency"), str),
        **dict.fromkeys(("price", "tax_rate"), number),
        "active": yes_no,
    },
    problems=_problems,
)


async def check_products(client: TransactionClient, _run: RecordRun, records: Sequence[Record]) -> Checked:
    """Lock the products that are there; refused are records that would make one without a name."""
    found = await client.connection.fetch(_LOCK, [record.key for record in records])
    known = {row["sku"] for row in found}
    refused = [
        RefusedRow(record.file, record.line, record.key, [RowProblem(RowFault.NAME_NEEDED)])
        for record in records
        if record.key not in known and "name" not in record.values
    ]
    return Checked(refused, known)


async def write_products(
    client: TransactionClient, run: RecordRun, records: Sequence[Record], known: Set[str]
) -> tuple[int, int]:
    """Make or change the products; how many were made, and how many really changed."""
    rows = [_stored(record.values) for record in records]
    written = await client.connection.fetch(
        _WRITE,
        *([row.get(column) for row in rows] for column in _COLUMNS),
        now(),
        [record.key not in known for record in records],
        run.viewer.user_id,
    )
    made = sum(row["is_new"] for row in written)
    return made, len(written) - made


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "price" in stored:
        stored["price"] = round_money(stored["price"], stored["currency"])
    if "tax_rate" in stored:
        stored["tax_rate"] = plain(stored["tax_rate"])
    return stored

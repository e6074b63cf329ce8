"""Prices of a channel from files: by sku, currency, first day, and whether they are promotions."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from domain.audit import AuditAction
from domain.errors import InvalidInput
from domain.money import round_money
from domain.naming import camel
from domain.paths import INPUT
from domain.prices import ChannelPriceEntry, price_problems
from domain.problems import Problem
from domain.row_problems import RowFault, RowProblem
from models.connection import TransactionClient
from rows.entities import CHANNEL_PRICE
from services.clock import now
from services.imports.records.cells import Checked, Record, RecordKind, RefusedRow, day, number, yes_no
from services.imports.records.run import RecordRun

_SAME = "(c.product_id, c.currency, c.promotion, c.starts_on) = (p.id, g.currency, g.promotion, g.starts_on)"
_SOLD = "SELECT sku FROM product WHERE sku = ANY ($1::text[])"
_LOCK = f"""
SELECT g.place FROM unnest($2::text[], $3::text[], $4::boolean[], $5::date[])
    WITH ORDINALITY AS g (sku, currency, promotion, starts_on, place)
JOIN product p ON p.sku = g.sku JOIN channel_price c ON c.channel_id = $1 AND {_SAME}
ORDER BY c.id FOR UPDATE OF c
"""  # noqa: S608  # of our own making
_KEY = """jsonb_build_object('channel_id', new.channel_id, 'product_id', new.product_id, 'currency', new.currency,
    'promotion', new.promotion, 'starts_on', new.starts_on)"""
_VALUES = "jsonb_build_object('price', {0}.price::text, 'ends_on', {0}.ends_on)"
# As one by one: each price that is made or changed has an entry in the audit.
_WRITE = f"""
WITH given AS (
    SELECT p.id, g.* FROM unnest($2::text[], $3::text[], $4::boolean[], $5::date[], $6::date[], $7::numeric[],
                                 $8::boolean[])
        WITH ORDINALITY AS g (sku, currency, promotion, starts_on, ends_on, price, is_new, place)
    JOIN product p ON p.sku = g.sku
), changed AS (
    UPDATE channel_price c SET price = coalesce(g.price, c.price), ends_on = coalesce(g.ends_on, c.ends_on),
                               version = c.version + 1
    FROM given g JOIN product p ON p.id = g.id
    WHERE NOT g.is_new AND c.channel_id = $1 AND {_SAME}
      AND (c.price, c.ends_on) IS DISTINCT FROM (coalesce(g.price, c.price), coalesce(g.ends_on, c.ends_on))
    RETURNING new.id, '{AuditAction.LIST_ENTRY_UPDATED}' AS action,
              {_KEY} || jsonb_build_object('from', {_VALUES.format("old")}, 'to', {_VALUES.format("new")}) AS facts
), made AS (
    INSERT INTO channel_price (version, channel_id, product_id, currency, promotion, starts_on, ends_on, price,
                               created_at)
    SELECT 1, $1, id, currency, promotion, starts_on, ends_on, price, $9::timestamptz
    FROM given WHERE is_new ORDER BY place
    RETURNING new.id, '{AuditAction.LIST_ENTRY_CREATED}' AS action, {_KEY} || {_VALUES.format("new")} AS facts
), told AS (
    INSERT INTO audit_entry (at, actor_id, action, subject_kind, subject_id, facts)
    SELECT $9, $10::bigint, action, '{CHANNEL_PRICE.name}', '{CHANNEL_PRICE.prefix}_' || id, facts
    FROM (SELECT * FROM made UNION ALL SELECT * FROM changed) written ORDER BY id
)
SELECT true AS is_new FROM made UNION ALL SELECT false FROM changed
"""  # noqa: S608  # as above
_COLUMNS = ("sku", "currency", "promotion", "starts_on", "ends_on", "price")
_KEY_COLUMNS = _COLUMNS[:4]


def _problems(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    missing = [name for name in ("currency", "starts_on") if name not in values]
    for name in missing:
        yield InvalidInput(path=(*INPUT, camel(name)), problem=Problem.MISSING)
    if not missing:
        said = {name: value for name, value in values.items() if name != "sku"}
        yield from price_problems(ChannelPriceEntry(channel_id=0, product_id=0, **said))


def _named(values: Mapping[str, Any]) -> str:
    kind = " promotion" if values.get("promotion") else ""
    return f"{values['sku']} {values['currency']} {values['starts_on']}{kind}"


PRICES = RecordKind(
    key="sku",
    readers={
        **dict.fromkeys(("sku", "currency"), str),
        **dict.fromkeys(("starts_on", "ends_on"), day),
        "promotion": yes_no,
        "price": number,
    },
    problems=_problems,
    named=_named,
)


async def check_prices(client: TransactionClient, run: RecordRun, records: Sequence[Record]) -> Checked:
    """Lock the prices that are there; refused are those of no product, and new ones that lack what they need."""
    rows = [_stored(record.values) for record in records]
    sold = {row["sku"] for row in await client.connection.fetch(_SOLD, [row["sku"] for row in rows])}
    keys = ([row[column] for row in rows] for column in _KEY_COLUMNS)
    found = await client.connection.fetch(_LOCK, run.parameters.channel_id, *keys)
    known = {records[row["place"] - 1].key for row in found}
    refused = [
        RefusedRow(record.file, record.line, record.key, [RowProblem(fault)])
        for record in records
        if (fault := _fault(record, sold, known))
    ]
    return Checked(refused, known)


def _fault(record: Record, sold: Set[str], known: Set[str]) -> RowFault | None:
    if record.values["sku"] not in sold:
        return RowFault.NO_PRODUCT
    if record.key in known:
        return None
    if "price" not in record.values:
        return RowFault.PRICE_NEEDED
    return RowFault.END_NEEDED if record.values.get("promotion") and "ends_on" not in record.values else None


async def write_prices(
    client: TransactionClient, run: RecordRun, records: Sequence[Record], known: Set[str]
) -> tuple[int, int]:
    """Make or change the prices; how many were made, and how many really changed."""
    rows = [_stored(record.values) for record in records]
    written = await client.connection.fetch(
        _WRITE,
        run.parameters.channel_id,
        *([row.get(column) for row in rows] for column in _COLUMNS),
        [record.key not in known for record in records],
        now(),
        run.viewer.user_id,
    )
    made = sum(row["is_new"] for row in written)
    return made, len(written) - made


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    stored = {"promotion": False, **values}
    if "price" in stored:
        stored["price"] = round_money(stored["price"], stored["currency"])
    return stored

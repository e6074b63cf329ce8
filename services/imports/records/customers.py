"""Customers from files, by their numbers in a channel."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from domain.customer_entry import CustomerChanges, customer_problems
from domain.customers import CustomerLevel, ValueClass
from domain.errors import InvalidInput
from domain.events import Aggregate, EventType
from domain.imports import IMPORTED
from domain.permissions import Action, may_with
from domain.row_problems import RowFault, RowProblem, shown
from models.connection import TransactionClient
from services.clock import now
from services.customers.levels import LevelChange, levels_changed
from services.imports.records.cells import Checked, Record, RecordKind, RefusedRow, day, many, one_of
from services.imports.records.facts import changed_names, made_and_changed
from services.imports.records.run import RecordRun
from services.tiers.classify import customers_changed

_LOCK = """
SELECT external_id, owner_id, team_id FROM customer WHERE channel_id = $1 AND external_id = ANY ($2::text[])
ORDER BY id FOR UPDATE
"""
_REGIONS = "SELECT code, name FROM region WHERE code = ANY ($1::text[]) OR name = ANY ($1::text[])"
_CHANGING = (
    *("name", "level", "value_class", "industry", "email", "phone", "tax_id", "region_id", "preferences", "tags"),
    *("birthday", "contract_day"),
)
_EVENTS = made_and_changed(
    Aggregate.CUSTOMER,
    EventType.CUSTOMER_CREATED,
    EventType.CUSTOMER_UPDATED,
    at="$14",
    by="$21",
    told=", 'level', t.level",
)
_WRITE = f"""
WITH given AS (
    SELECT g.*, (SELECT r.id FROM region r WHERE r.code = g.region OR r.name = g.region
                 ORDER BY r.code = g.region DESC, r.id LIMIT 1) AS region_id,
           CASE WHEN g.tags_text IS NOT NULL THEN string_to_array(g.tags_text, E'\\n') END AS tags
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::date[], $13::date[], $20::boolean[])
         AS g (external_id, name, level, value_class, industry, email, phone, tax_id, region, preferences, tags_text,
               birthday, contract_day, is_new)
), changed AS (
    UPDATE customer c SET
        name = n.name, level = n.level, value_class = n.value_class, industry = n.industry, email = n.email,
        phone = n.phone, tax_id = n.tax_id, region_id = n.region_id, preferences = n.preferences, tags = n.tags,
        birthday = n.birthday, contract_day = n.contract_day, version = c.version + 1, last_seq = c.last_seq + 1,
        updated_at = $14
    FROM given g
    JOIN customer o ON o.channel_id = $15 AND o.external_id = g.external_id
    CROSS JOIN LATERAL (
        SELECT coalesce(g.name, o.name) AS name, coalesce(g.level, o.level) AS level,
               coalesce(g.value_class, o.value_class) AS value_class, coalesce(g.industry, o.industry) AS industry,
               coalesce(g.email, o.email) AS email, coalesce(g.phone, o.phone) AS phone,
               coalesce(g.tax_id, o.tax_id) AS tax_id, coalesce(g.region_id, o.region_id) AS region_id,
               coalesce(g.preferences, o.preferences) AS preferences, coalesce(g.tags, o.tags) AS tags,
               coalesce(g.birthday, o.birthday) AS birthday, coalesce(g.contract_day, o.contract_day) AS contract_day
    ) n
    WHERE c.id = o.id AND NOT g.is_new
      AND ROW(n.name, n.level, n.value_class, n.industry, n.email, n.phone, n.tax_id, n.region_id, n.preferences,
              n.tags, n.birthday, n.contract_day) IS DISTINCT FROM
          ROW(o.name, o.level, o.value_class, o.industry, o.email, o.phone, o.tax_id, o.region_id,
                                 o.preferences, o.tags, o.birthday, o.contract_day)
    RETURNING c.id, c.last_seq, c.version, c.owner_id, c.team_id, {changed_names(_CHANGING)} AS changed,
              old.level AS from_level, new.level AS to_level
), made AS (
    INSERT INTO customer (version, name, level, value_class, industry, email, phone, tax_id, region_id, channel_id,
                          external_id, owner_id, team_id, preferences, tags, birthday, contract_day, last_seq,
                          created_at, updated_at)
    SELECT 1, name, coalesce(level, $16), coalesce(value_class, $17), industry, email, phone, tax_id, region_id, $15,
           external_id, $18::bigint, $19::bigint, preferences, coalesce(tags, '{{}}'), birthday, contract_day, 1,
           $14::timestamptz, $14
    FROM given WHERE is_new ORDER BY external_id
    RETURNING id, last_seq, version, owner_id, team_id, level
), {_EVENTS}
SELECT id, true AS is_new, level AS from_level, level AS to_level FROM made
UNION ALL SELECT id, false, from_level, to_level FROM changed
"""  # noqa: S608  # of names of the code
_COLUMNS = (
    *("external_id", "name", "level", "value_class", "industry", "email", "phone", "tax_id", "region", "preferences"),
    *("tags", "birthday", "contract_day"),
)


def _problems(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    return customer_problems(
        CustomerChanges(**{name: value for name, value in values.items() if name != "region"}), now=now()
    )


CUSTOMERS = RecordKind(
    key="external_id",
    readers={
        **dict.fromkeys(("external_id", "name", "industry", "email", "phone", "tax_id", "region", "preferences"), str),
        "level": one_of(CustomerLevel),
        "value_class": one_of(ValueClass),
        "tags": many,
        "birthday": day,
        "contract_day": day,
    },
    problems=_problems,
)


async def check_customers(client: TransactionClient, run: RecordRun, records: Sequence[Record]) -> Checked:
    """Lock the customers that are there; refused are records of those that are not the viewer's to change, of new ones
    without a name, and of regions that there are not."""
    found = await client.connection.fetch(_LOCK, run.parameters.channel_id, [record.key for record in records])
    known = {row["external_id"]: row for row in found}
    named = {record.values["region"] for record in records if "region" in record.values}
    regions = {
        text for row in await client.connection.fetch(_REGIONS, list(named)) for text in (row["code"], row["name"])
    }
    refused = []
    for record in records:
        row = known.get(record.key)
        if row is None and "name" not in record.values:
            problem = RowProblem(RowFault.NAME_NEEDED)
        elif row and not may_with(run.viewer, Action.KEEP_CUSTOMERS, owner_id=row["owner_id"], team_id=row["team_id"]):
            problem = RowProblem(RowFault.NOT_YOURS)
        elif record.values.get("region", "") not in {"", *regions}:
            problem = RowProblem(RowFault.NO_REGION, run.parameters.columns["region"], shown(record.values["region"]))
        else:
            continue
        refused.append(RefusedRow(record.file, record.line, record.key, [problem]))
    return Checked(refused, known.keys())


async def write_customers(
    client: TransactionClient, run: RecordRun, records: Sequence[Record], known: Set[str]
) -> tuple[int, int]:
    """Make or change the customers; how many were made, and how many really changed."""
    rows = [{**record.values, "tags": _tags(record.values)} for record in records]
    written = await client.connection.fetch(
        _WRITE,
        *([row.get(column) for row in rows] for column in _COLUMNS),
        now(),
        run.parameters.channel_id,
        CustomerLevel.REGULAR,
        ValueClass.GENERAL,
        run.parameters.owner_id,
        run.parameters.team_id,
        [record.key not in known for record in records],
        run.viewer.user_id,
    )
    changes = [
        LevelChange(
            customer_id=row["id"],
            from_level=CustomerLevel(row["from_level"]),
            to_level=CustomerLevel(row["to_level"]),
        )
        for row in written
        if row["from_level"] != row["to_level"]
    ]
    await levels_changed(client, changes, by=run.viewer.user_id, reason=IMPORTED)
    await customers_changed(client, [row["id"] for row in written])
    made = sum(row["is_new"] for row in written)
    return made, len(written) - made


def _tags(values: Mapping[str, Any]) -> str | None:
    """As one text, since arrays in arrays have to be of one length; no tag holds a line break."""
    return "\n".join(values["tags"]) if "tags" in values else None

"""Levels of customers, whoever changes them: a row of history, and orders repeat it, so that lists need no join."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.customers import CustomerLevel
from domain.events import Aggregate, EventType
from models.connection import TransactionClient
from rows.events import SUBJECTS
from services.clock import now
from services.outbox import events_of
from services.tiers.classify import customers_changed

_COPY = """
UPDATE sales_order SET customer_level = behind.level
FROM (SELECT o.id, c.level FROM sales_order o JOIN customer c ON c.id = o.customer_id
      WHERE c.id = ANY ($1::bigint[]) AND o.customer_level IS DISTINCT FROM c.level
      ORDER BY o.id FOR NO KEY UPDATE OF o) behind
WHERE sales_order.id = behind.id
"""
_HISTORY = """
INSERT INTO customer_level_change (customer_id, from_level, to_level, proposal_id, by_id, reason, at)
SELECT c.id, c.from_level, c.to_level, c.proposal_id, $5, $6, $7
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) c (id, from_level, to_level, proposal_id) ORDER BY c.id
"""
_WRITE = f"""
WITH written AS (
    UPDATE customer t SET level = c.level, version = t.version + 1, last_seq = t.last_seq + 1, updated_at = $4
    FROM unnest($1::bigint[], $2::text[]) c (id, level) WHERE t.id = c.id RETURNING new.*
)
{
    events_of(
        Aggregate.CUSTOMER,
        EventType.CUSTOMER_UPDATED,
        rows="written t ORDER BY t.id",
        payload="jsonb_build_object('version', t.version, 'changed', jsonb_build_array('level'), 'by', $3::bigint)",
        at="$4::timestamptz",
        before={name: f"t.{name}" for name in SUBJECTS[Aggregate.CUSTOMER].facts},
    )
}
"""  # noqa: S608  # of our own making


@dataclass(frozen=True, kw_only=True)
class LevelChange:
    """A customer goes from one level to another; `proposal_id` is what was confirmed, if that is why."""

    customer_id: int
    from_level: CustomerLevel
    to_level: CustomerLevel
    proposal_id: int | None = None


async def change_levels(
    client: TransactionClient, changes: Sequence[LevelChange], *, by: int | None, reason: str | None
) -> None:
    """Give customers, who are locked and have other levels, these: each with an event, as if it were edited."""
    if not changes:
        return
    ids = [change.customer_id for change in changes]
    await client.connection.execute(_WRITE, ids, [change.to_level for change in changes], by, now())
    await levels_changed(client, changes, by=by, reason=reason)
    await customers_changed(client, ids)


async def levels_changed(
    client: TransactionClient, changes: Sequence[LevelChange], *, by: int | None, reason: str | None
) -> None:
    """Note the levels that customers, locked before, were just given, and copy them to all their orders."""
    if not changes:
        return
    ids = [change.customer_id for change in changes]
    await client.connection.execute(
        _HISTORY,
        ids,
        [change.from_level for change in changes],
        [change.to_level for change in changes],
        [change.proposal_id for change in changes],
        by,
        reason,
        now(),
    )
    await client.connection.execute(_COPY, ids)

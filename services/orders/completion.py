"""Orders that were delivered are completed by themselves, so many days later."""

from datetime import timedelta

from domain.events import Aggregate, EventType
from domain.orders.life_cycle import OrderStatus
from rows.events import SUBJECTS
from services.clock import now
from services.outbox import events_of
from services.tiers.classify import classify_moved
from services.transaction import retrying, transaction

AT_ONCE = 500
_DUE = f"""
SELECT id FROM sales_order WHERE status = '{OrderStatus.SHIPPED}' AND delivered_at <= $1
ORDER BY delivered_at LIMIT $2
"""  # noqa: S608  # of names of ours
# What somebody writes just now is left for the next time; what was written meanwhile is looked at as it is.
_LOCK = f"""
SELECT id FROM sales_order WHERE id = ANY ($1::bigint[]) AND status = '{OrderStatus.SHIPPED}' AND delivered_at <= $2
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608  # as above
_COMPLETE = f"""
UPDATE sales_order SET
    status = '{OrderStatus.COMPLETED}', version = version + 1, last_seq = last_seq + 1, updated_at = $2
WHERE id = ANY ($1::bigint[])
"""  # noqa: S608  # as above
_HISTORY = f"""
INSERT INTO order_status_change (order_id, from_status, to_status, at)
SELECT id, '{OrderStatus.SHIPPED}', '{OrderStatus.COMPLETED}', $2 FROM unnest($1::bigint[]) id ORDER BY id
"""  # noqa: S608  # as above
_FACTS = {name: f"t.{name}" for name in SUBJECTS[Aggregate.ORDER].facts} | {"status": f"'{OrderStatus.SHIPPED}'"}
_TELL = events_of(
    Aggregate.ORDER,
    EventType.ORDER_COMPLETED,
    rows="sales_order t WHERE t.id = ANY ($1::bigint[]) ORDER BY t.id",
    payload="jsonb_build_object('version', t.version, 'from', 'SHIPPED', 'to', 'COMPLETED')",
    at="$2::timestamptz",
    before=_FACTS,
)


@retrying
async def complete_delivered(*, after: timedelta, at_most: int = AT_ONCE) -> int:
    """Complete up to `at_most` of the orders whose last shipment arrived so long ago; how many.

    Nobody did it: the history has no actor. Those that somebody holds are left for the next time.
    """
    moment = now()
    async with transaction() as client:
        due = await client.connection.fetch(_DUE, moment - after, at_most)
        rows = await client.connection.fetch(_LOCK, [row["id"] for row in due], moment - after)
        ids = [row["id"] for row in rows]
        if not ids:
            return 0
        await client.connection.execute(_COMPLETE, ids, moment)
        await classify_moved(client, ids)
        await client.connection.execute(_HISTORY, ids, moment)
        await client.connection.execute(_TELL, ids, moment)
    return len(ids)

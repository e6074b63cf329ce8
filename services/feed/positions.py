"""The sequencer's work: committed events move from the outbox to the feed and get their positions there."""

from models.connection import TransactionClient
from rows.events import FACTS
from services.feed.partitions import PARTITION, make_room
from services.transaction import transaction

BATCH = 5_000

# A holder that is frozen, or whose machine is gone without a word, is ended by the database.
_HOLD = """
SELECT newest, room, set_config('idle_in_transaction_session_timeout', '10s', true) FROM event_sequence
FOR UPDATE SKIP LOCKED
"""

_COLUMNS = ", ".join(
    (
        *("aggregate", "aggregate_id", "seq", "type", "payload", "created_at"),
        *(f"{side}_{name}" for side in ("before", "after") for name in FACTS),
    )
)

# Ids grow within an aggregate, whose row is locked from one event's id to its commit. So whoever sees an event sees all
# before it of its aggregate, and these have smaller ids.
_MOVE = f"""
WITH taken AS (
    DELETE FROM outbox_event WHERE id = ANY (ARRAY (SELECT id FROM outbox_event ORDER BY id LIMIT $1::bigint))
    RETURNING *
), placed AS (
    INSERT INTO event (position, positioned_at, {_COLUMNS})
    SELECT $2::bigint + row_number() OVER (ORDER BY id), now(), {_COLUMNS} FROM taken ORDER BY id
    RETURNING position
)
UPDATE event_sequence SET newest = newest + (SELECT count(*) FROM placed) RETURNING newest - $2::bigint
"""  # noqa: S608  # of names of the code


async def position_events(*, batch: int = BATCH, partition: int = PARTITION) -> int | None:
    """Give up to `batch` events their positions; how many there were, or None while another process is at it.

    One transaction: the row that it holds keeps others out, wherever they run and whatever pools connections in
    between, and a process that dies leaves nothing half done. `partition` is how many events one holds.
    """
    async with transaction() as client:
        held = await client.connection.fetchrow(_HOLD)
        if held is None:
            return None
        if not await _is_anything_waiting(client):
            return 0
        await make_room(client, upto=held["newest"] + batch, room=held["room"], size=partition)
        # A statement of its own, after the row was got: it sees what the last holder left.
        moved: int = await client.connection.fetchval(_MOVE, batch, held["newest"])
    return moved


async def _is_anything_waiting(client: TransactionClient) -> bool:
    return bool(await client.connection.fetchval("SELECT EXISTS (SELECT FROM outbox_event)"))

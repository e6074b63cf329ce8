"""The feed's table is cut by position: partitions are made ahead of the newest event and dropped behind the oldest.

A partition is named after its first position, as in "event_1000001".
"""

from datetime import timedelta

from asyncpg import LockNotAvailableError

from models.connection import TransactionClient
from services.transaction import transaction

PARTITION = 1_000_000
"""Events a partition. All of them have to be old before it goes."""

_NAME = "event_{}"

# The first and last position of the oldest partition, and whether its last event is there and old.
_OLDEST = """
WITH partition AS (
    SELECT substr(relname, 7)::bigint AS first FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'event'::regclass
), oldest AS (
    SELECT first, coalesce(lead(first) OVER (ORDER BY first) - 1, room) AS last FROM partition, event_sequence
    ORDER BY first LIMIT 1
)
SELECT first, last, EXISTS (
    SELECT FROM event WHERE position = last AND positioned_at < now() - $1::interval
) AS is_old FROM oldest
"""


async def make_room(client: TransactionClient, *, upto: int, room: int, size: int) -> None:
    """Make partitions of `size` positions until there is one for position `upto`; so far they reach to `room`.

    The caller holds the row of `event_sequence`. A table that is attached to the feed stops neither its readers nor
    its writer; one that is made as a partition would wait for all of them.
    """
    while room < upto:
        name, first = _NAME.format(room + 1), room + 1
        room += size
        await client.connection.execute(f"CREATE TABLE {name} (LIKE event INCLUDING ALL)")
        await client.connection.execute(
            f"ALTER TABLE event ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({room + 1})"
        )
        await client.connection.execute("UPDATE event_sequence SET room = $1", room)


async def drop_old_events(*, kept_for: timedelta) -> int:
    """Drop the oldest partitions while all of their events got their positions longer than `kept_for` ago.

    Gives how many positions went. A reader in the way is not waited for: the partition then goes another time.
    """
    dropped = 0
    try:
        while gone := await _drop_oldest(kept_for):
            dropped += gone
    except LockNotAvailableError:
        pass
    return dropped


async def _drop_oldest(kept_for: timedelta) -> int:
    async with transaction() as client:
        await client.connection.execute("SET LOCAL lock_timeout = '1s'")
        await client.connection.execute("SELECT FROM event_sequence FOR UPDATE")
        oldest = await client.connection.fetchrow(_OLDEST, kept_for)
        if oldest is None or not oldest["is_old"]:
            return 0
        await client.connection.execute("UPDATE event_sequence SET oldest = $1::bigint + 1", oldest["last"])
        await client.connection.execute(f"ALTER TABLE event DETACH PARTITION {_NAME.format(oldest['first'])}")
        await client.connection.execute(f"DROP TABLE {_NAME.format(oldest['first'])}")
    return int(oldest["last"] - oldest["first"] + 1)

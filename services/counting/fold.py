"""What statements have changed of the counts, a delta each, is folded into the counters."""

from models.connection import TransactionClient
from models.locks import AdvisoryLock
from rows.cuboids import KEY, rolled_up
from services.transaction import transaction
from services.trees import TEAMS, hold_shape

BATCH = 20_000

_KEY = ", ".join(KEY)

# Whatever is visible is taken, wherever it lies, and exactly that is removed: what is committed later waits. Any part
# of the deltas can be folded before the rest, so that counters may be below zero in between.
FOLD = f"""
WITH taken AS (
    DELETE FROM order_count_delta WHERE ctid = ANY (ARRAY (SELECT ctid FROM order_count_delta LIMIT $1::bigint))
    RETURNING *
), changed AS ({rolled_up("taken")}), folded AS (
    MERGE INTO order_counter c USING changed d ON {" AND ".join(f"c.{column} = d.{column}" for column in KEY)}
    WHEN MATCHED AND c.orders + d.orders = 0 AND c.amount + d.amount = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET orders = c.orders + d.orders, amount = c.amount + d.amount
    WHEN NOT MATCHED THEN
        INSERT ({_KEY}, orders, amount) VALUES ({", ".join(f"d.{column}" for column in KEY)}, d.orders, d.amount)
)
SELECT count(*) FROM taken
"""  # noqa: S608  # of names of the code


# A holder that is frozen, or whose machine is gone without a word, is ended by the database.
_HOLD = """
SELECT pg_try_advisory_xact_lock($1), set_config('idle_in_transaction_session_timeout', '10s', true)
"""


async def fold_counts(*, batch: int = BATCH) -> int | None:
    """Fold up to `batch` deltas; how many there were, or None while somebody else changes the counters.

    One transaction, which holds the tree of teams in shape: a process that dies leaves nothing half done.
    """
    async with transaction() as client:
        await hold_shape(client, TEAMS)
        if not await client.connection.fetchval(_HOLD, AdvisoryLock.COUNTERS):
            return None
        return await fold(client, batch=batch)


async def fold(client: TransactionClient, *, batch: int = BATCH) -> int:
    """Fold up to `batch` deltas; how many there were. The caller sees to it that nobody else changes the counters."""
    if not await client.connection.fetchval("SELECT EXISTS (SELECT FROM order_count_delta)"):
        return 0
    folded: int = await client.connection.fetchval(FOLD, batch)
    return folded


async def hold_counters(client: TransactionClient) -> None:
    """Wait until nobody changes counters or the tree of teams, and let nobody until the transaction ends."""
    await hold_shape(client, TEAMS)
    await client.connection.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.COUNTERS)


async def fold_all(client: TransactionClient) -> None:
    """Leave nothing pending of what was committed before, such as of a team that is about to go.

    What writers go on committing is left to the next fold: one that found less than it could take has seen all of that.
    """
    while await fold(client, batch=BATCH) == BATCH:
        pass


async def is_pending(client: TransactionClient, *, team_id: int) -> bool:
    """Whether something about a team has been committed that is not folded."""
    return bool(
        await client.connection.fetchval("SELECT EXISTS (SELECT FROM order_count_delta WHERE team_id = $1)", team_id)
    )

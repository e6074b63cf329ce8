"""Orders whose customer changed, or whose customer ordered again, are classified again: soon, whatever dies meanwhile.

Writers append to `stale_tiers` in their transaction. Whoever takes rows from there removes them in the transaction that
classifies, so that nothing is lost and nothing waits for a worker that is gone.
"""

from models.connection import TransactionClient
from services.records.open import NOT_OVER
from services.tiers.classify import classify_again
from services.transaction import retrying, transaction

BATCH = 200
"""Entries taken at once."""
_AT_ONCE = 200
# Orders in one statement, which has its time: of a customer with many orders, each is compared with all others.
_TAKE = """
WITH taken AS (
    DELETE FROM stale_tiers WHERE id IN (SELECT id FROM stale_tiers ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING customer_id, placed_from
)
SELECT customer_id, min(placed_from) AS placed_from, count(*) AS entries FROM taken GROUP BY customer_id
"""
_HOLD = "SELECT id FROM customer WHERE id = ANY ($1::bigint[]) ORDER BY id FOR SHARE"
_LOCK = f"""
SELECT o.id FROM sales_order o JOIN unnest($1::bigint[], $2::timestamptz[]) stale (customer_id, placed_from)
    ON o.customer_id = stale.customer_id
WHERE o.{NOT_OVER} OR o.placed_at >= stale.placed_from
ORDER BY o.id FOR NO KEY UPDATE OF o
"""  # noqa: S608  # of our own making


@retrying
async def classify_stale() -> int:
    """Classify the orders of customers that wait for it, up to BATCH entries; how many entries that were.

    Of orders that are over, those are classified whose frequency has changed since they were placed.
    """
    async with transaction() as client:
        taken = await client.connection.fetch(_TAKE, BATCH)
        if taken:
            await _classify_of(client, {row["customer_id"]: row["placed_from"] for row in taken})
    return sum(row["entries"] for row in taken)


async def _classify_of(client: TransactionClient, customers: dict[int, object]) -> None:
    await client.connection.execute(_HOLD, list(customers))
    rows = await client.connection.fetch(_LOCK, list(customers), list(customers.values()))
    ids = [row["id"] for row in rows]
    for begin in range(0, len(ids), _AT_ONCE):
        await classify_again(client, ids[begin : begin + _AT_ONCE])

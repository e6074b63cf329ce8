"""Customers whose completed orders changed are measured again: soon, whatever dies meanwhile.

Triggers of `sales_order` put them on the list `stale_customer`, whoever wrote, in the same transaction. They are taken
off it in the transaction that measures, by one worker at a time, so that what is written last has seen most.
"""

from collections.abc import Sequence

from models.connection import TransactionClient
from services.company import Company
from services.levels.propose import propose_levels
from services.rfm.figures import COLUMNS, FIGURES, IS_COUNTED, SCORE_COLUMNS, columns_of, scores
from services.rfm.scale import hold_scale
from services.transaction import retrying, transaction

BATCH = 500
"""Entries taken at once."""
_TAKE = """
WITH taken AS (
    DELETE FROM stale_customer WHERE id IN (SELECT id FROM stale_customer ORDER BY id LIMIT $1) RETURNING customer_id
)
SELECT customer_id, count(*) AS entries FROM taken GROUP BY customer_id
"""
_HOLD = "SELECT id FROM customer WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
_WRITTEN = ", ".join((*COLUMNS, *SCORE_COLUMNS))
# A statement of its own after the locks, so that it sees what was committed meanwhile.
_MEASURE = f"""
WITH exact (id, {_WRITTEN}) AS (
    SELECT wanted.id, f.*, {scores("f")}
    FROM unnest($1::bigint[]) wanted (id), rfm_scale s, LATERAL (
        SELECT {FIGURES} FROM sales_order o WHERE o.customer_id = wanted.id AND {IS_COUNTED}
    ) f
), written AS (
    UPDATE customer t SET ({_WRITTEN}) = ({columns_of("exact")}) FROM exact
    WHERE t.id = exact.id AND ({columns_of("t")}) IS DISTINCT FROM ({columns_of("exact")})
    RETURNING ({columns_of("old", COLUMNS)}) IS DISTINCT FROM ({columns_of("new", COLUMNS)}) AS moved
)
UPDATE rfm_scale SET moved = rfm_scale.moved + written.customers
FROM (SELECT count(*)::int AS customers FROM written WHERE moved) written WHERE written.customers > 0
"""  # noqa: S608  # of names of ours


@retrying
async def measure_stale(company: Company) -> int | None:
    """Measure customers that wait for it, up to BATCH entries; how many entries that were. Levels are proposed with it.

    None while somebody else measures. There has to be a scale (`services.rfm.scale.move_window`).
    """
    async with transaction() as client:
        if not await hold_scale(client):
            return None
        taken = await client.connection.fetch(_TAKE, BATCH)
        if taken:
            ids = sorted(row["customer_id"] for row in taken)
            await measure(client, ids)
            await propose_levels(client, company, ids)
    return int(sum(row["entries"] for row in taken))


async def measure(client: TransactionClient, customer_ids: Sequence[int]) -> None:
    """Write the figures and scores of these customers, where they are others; who calls holds the scale."""
    await client.connection.execute(_HOLD, customer_ids)
    await client.connection.execute(_MEASURE, customer_ids)

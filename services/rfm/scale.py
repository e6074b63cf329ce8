"""The scale by which customers are measured: the window goes on with the days, and the cuts between scores with them.

What a new scale changes is put on the list of customers to be measured, like everything else.
"""

from datetime import datetime, time, timedelta

from domain.rfm import SHARES
from models.connection import TransactionClient, pool
from models.locks import AdvisoryLock
from services.clock import now
from services.company import Company
from services.rfm.figures import IS_COUNTED, SCORE_COLUMNS, columns_of, scores
from services.transaction import retrying, transaction

_STARTS = "SELECT starts_at FROM rfm_scale"
_BEGIN = "INSERT INTO rfm_scale (id, days, starts_at, recency_cuts, frequency_cuts, monetary_cuts, scored, moved)\
 VALUES (1, $1, $2, '{}', '{}', '{}', 0, 0)"
_MOVE = "UPDATE rfm_scale SET days = $1, starts_at = $2"
_MARK_ALL = "INSERT INTO stale_customer (customer_id) SELECT id FROM customer"
_RULED = "SELECT EXISTS (SELECT FROM level_rule WHERE active)"
_MARK_PASSED = f"""
INSERT INTO stale_customer (customer_id)
SELECT DISTINCT o.customer_id FROM sales_order o
WHERE o.placed_at >= least($1::timestamptz, $2) AND o.placed_at < greatest($1::timestamptz, $2)
  AND {IS_COUNTED} AND o.customer_id IS NOT NULL
"""  # noqa: S608  # of names of ours
# The figures of many may have moved since, so that another fifth begins elsewhere; a day later it is found out anyway.
_IS_DUE = """
SELECT (cut_at IS NULL OR cut_at < $1 OR (moved > 0 AND moved * 20 >= scored))
    AND NOT EXISTS (SELECT FROM stale_customer) FROM rfm_scale
"""
_SHARES = f"ARRAY{list(SHARES)}"
_CUT = f"""
UPDATE rfm_scale SET cut_at = $1, moved = 0, scored = measured.customers,
    recency_cuts = coalesce(measured.recency, '{{}}'), frequency_cuts = coalesce(measured.frequency, '{{}}'),
    monetary_cuts = coalesce(measured.monetary, '{{}}')
FROM (SELECT count(*)::int AS customers, percentile_disc({_SHARES}) WITHIN GROUP (ORDER BY last_order_at) AS recency,
             percentile_disc({_SHARES}) WITHIN GROUP (ORDER BY c.frequency) AS frequency,
             percentile_disc({_SHARES}) WITHIN GROUP (ORDER BY c.monetary) AS monetary
      FROM customer c WHERE c.frequency > 0) measured
"""  # noqa: S608  # of names of ours
_MARK_SCORED = f"""
INSERT INTO stale_customer (customer_id)
SELECT c.id FROM customer c, rfm_scale s WHERE ({columns_of("c", SCORE_COLUMNS)}) IS DISTINCT FROM ({scores("c")})
"""  # noqa: S608  # of names of ours


async def mark_all(client: TransactionClient) -> None:
    """Have all customers measured again, and asked for the level that rules say."""
    await client.connection.execute(_MARK_ALL)


async def hold_scale(client: TransactionClient) -> bool:
    """Be alone in measuring until the transaction ends; whether nobody else was."""
    return bool(await client.connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", AdvisoryLock.RFM))


@retrying
async def move_window(company: Company, *, days: int) -> None:
    """Let the window begin `days` before today, if it does not: at the beginning of that day in the company's zone.

    Customers are to be measured again whose orders came into it or went out of it; all, where rules propose levels,
    since these may look at days.
    """
    day = company.day_of(now()) - timedelta(days=days)
    starts_at = datetime.combine(day, time(), company.zone)
    if await pool().fetchval(_STARTS) == starts_at:
        return
    async with transaction() as client:
        if not await hold_scale(client):
            return
        before = await client.connection.fetchval(_STARTS)
        await client.connection.execute(_MOVE if before else _BEGIN, days, starts_at)
        if before is None or await client.connection.fetchval(_RULED):
            await mark_all(client)
        else:
            await client.connection.execute(_MARK_PASSED, before, starts_at)


@retrying
async def cut_scores(company: Company) -> bool:
    """Cut the customers who bought in the window into fifths anew, once all are measured; whether it was done.

    That is each day, and when the figures have moved of a twentieth as many as there are.
    """
    today = datetime.combine(company.day_of(now()), time(), company.zone)
    if not await pool().fetchval(_IS_DUE, today):
        return False
    async with transaction() as client:
        if not await hold_scale(client):
            return False
        await client.connection.execute(_CUT, now())
        await client.connection.execute(_MARK_SCORED)
    return True

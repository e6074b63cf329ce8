"""How members of pools perform: what WEIGHTED goes by, and who the best are."""

from datetime import timedelta

from domain.leads.lead import LeadMove
from models.connection import TransactionClient
from rows.lead_seats import RECEIVERS
from services.clock import now
from services.transaction import retrying, transaction

WINDOW = timedelta(days=90)
"""How far back performance is looked at."""
DRAW = 5
"""With how many leads at the pool's rate everybody begins."""
# Of so many taken so many were converted: the rate, drawn to that of the pool as if they had taken a few more with its
# rate. So a newcomer's is the pool's, and a single lead decides little (the posterior mean of a beta distribution).
# Whoever is as good as the last of the best is one of them.
_MEASURE = f"""
WITH member AS (
  SELECT DISTINCT p.id AS pool_id, u.id AS user_id, p.head_start_percent
  FROM {RECEIVERS} JOIN lead_pool p ON p.id = m.pool_id AND p.active
), taken AS (
  SELECT from_pool_id AS pool_id, to_owner_id AS user_id, count(DISTINCT lead_id) AS taken FROM lead_assignment
  WHERE at >= $1 AND to_owner_id IS NOT NULL AND from_pool_id IS NOT NULL
    AND move NOT IN ('{LeadMove.CONVERTED}', '{LeadMove.DISQUALIFIED}', '{LeadMove.ESCALATED}')
  GROUP BY 1, 2
), converted AS (
  SELECT from_pool_id AS pool_id, from_owner_id AS user_id, count(*) AS converted FROM lead_assignment
  WHERE at >= $1 AND move = '{LeadMove.CONVERTED}' AND from_pool_id IS NOT NULL GROUP BY 1, 2
), counted AS (
  SELECT pool_id, user_id, head_start_percent, coalesce(taken, 0) AS taken, coalesce(converted, 0) AS converted
  FROM member LEFT JOIN taken USING (pool_id, user_id) LEFT JOIN converted USING (pool_id, user_id)
), rated AS (
  SELECT *, (converted + {DRAW} * (sum(converted) OVER pool + 1) / (sum(greatest(taken, converted)) OVER pool + 2))
    / (greatest(taken, converted) + {DRAW}) AS weight
  FROM counted WINDOW pool AS (PARTITION BY pool_id)
), ranked AS (
  SELECT *, rank() OVER (PARTITION BY pool_id ORDER BY weight DESC)
    <= ceil(count(*) OVER (PARTITION BY pool_id) * head_start_percent / 100.0) AS best
  FROM rated
)
INSERT INTO lead_pool_standing (pool_id, user_id, taken, converted, weight, best, credit, measured_at)
SELECT pool_id, user_id, taken, converted, round(weight, 6), best, 0, $2 FROM ranked ORDER BY pool_id, user_id
ON CONFLICT (pool_id, user_id) DO UPDATE SET taken = excluded.taken, converted = excluded.converted,
  weight = excluded.weight, best = excluded.best, measured_at = excluded.measured_at
"""  # noqa: S608  # of names of ours
_FORGET = "DELETE FROM lead_pool_standing WHERE measured_at < $1"


@retrying
async def measure_standings() -> None:
    """Measure all members of all pools in use anew; who is no member any more is forgotten, with what was owed."""
    async with transaction() as client:
        await measure_in(client)


async def measure_in(client: TransactionClient) -> None:
    """As `measure_standings`, within a transaction."""
    moment = now()
    await client.connection.execute(_MEASURE, moment - WINDOW, moment)
    await client.connection.execute(_FORGET, moment)

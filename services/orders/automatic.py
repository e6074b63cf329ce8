"""An order that would be nobody's gets an owner by the first rule that fits it and has somebody to give it to.

Whoever gives orders to a team's people holds the team's row, so that the next one counts what this one gave. Locks are
taken after those of users; where that meets somebody who does otherwise, one of the two is repeated.
"""

from collections.abc import Sequence

from domain.assignment import AssignmentStrategy, Candidate, decide
from models import Order, OrderOwnerChange
from models.connection import TransactionClient
from services.clock import now
from services.records.open import NOT_OVER

_RULES = """
SELECT r.id, r.code, r.team_id, r.strategy, r.most_open FROM assignment_rule r
WHERE r.active AND (r.channel_id IS NULL OR r.channel_id = $1)
  AND (r.region_id IS NULL
       OR EXISTS (SELECT FROM region_closure c WHERE c.ancestor_id = r.region_id AND c.descendant_id = $2))
ORDER BY r.rank, r.id
"""
_HOLD_TEAM = "SELECT FROM team WHERE id = $1 FOR NO KEY UPDATE"
_LAST = "SELECT last_given_id FROM assignment_rule WHERE id = $1"
# A statement of its own after the lock, so that it sees what was given before. A region that is within several of
# theirs is one skill, and so is a category that several lines have.
_CANDIDATES = f"""
SELECT u.id, (SELECT count(*) FROM sales_order o WHERE o.owner_id = u.id AND o.{NOT_OVER}) AS open,
  (SELECT count(DISTINCT asked) FROM user_skill s CROSS JOIN LATERAL (
     SELECT 'region' FROM region_closure c WHERE c.ancestor_id = s.region_id AND c.descendant_id = $2
     UNION ALL SELECT 'industry' FROM customer b
       WHERE b.id = $3 AND search_text(b.industry) = search_text(s.industry)
     UNION ALL SELECT 'category ' || search_text(p.category) FROM product p
       WHERE p.id = ANY ($4::bigint[]) AND search_text(p.category) = search_text(s.category)
   ) skill (asked) WHERE s.user_id = u.id) AS matches
FROM app_user u WHERE u.team_id = $1 AND u.active AND 'REP' = ANY (u.roles) ORDER BY u.id FOR SHARE OF u
"""  # noqa: S608  # of our own making
_GIVEN = "UPDATE assignment_rule SET last_given_id = $2 WHERE id = $1"


async def give_by_rule(client: TransactionClient, order: Order, products: Sequence[int]) -> str | None:
    """Make `order`, which is nobody's and not stored yet, somebody's; the code of the rule, None where none fits.

    `products` are those of its lines, by id.
    """
    for rule in await client.connection.fetch(_RULES, order.channel_id, order.region_id):
        await client.connection.execute(_HOLD_TEAM, rule["team_id"])
        asked = (order.region_id, order.customer_id, products)
        found = await client.connection.fetch(_CANDIDATES, rule["team_id"], *asked)
        last = await client.connection.fetchval(_LAST, rule["id"])
        people = [Candidate(**dict(row)) for row in found]
        decision = decide(AssignmentStrategy(rule["strategy"]), people, most_open=rule["most_open"], last=last)
        if decision.chosen is not None:
            await client.connection.execute(_GIVEN, rule["id"], decision.chosen)
            order.owner_id, order.team_id = decision.chosen, rule["team_id"]
            code: str = rule["code"]
            return code
    return None


async def record_rule(client: TransactionClient, order: Order, code: str) -> None:
    """The order's history says that a rule gave it to its owner."""
    await OrderOwnerChange.create(
        using_db=client,
        order_id=order.id,
        to_owner_id=order.owner_id,
        to_team_id=order.team_id,
        reason=code,
        at=now(),
    )

"""An order that would be nobody's gets an owner by the first rule that fits it and has somebody to give it to.

Whoever gives orders to a team's people holds the team's row, so that the next one counts what this one gave. Locks are
taken after those of users; where that meets somebody who does otherwise, one of the two is repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Record

from domain.assignment import AssignmentStrategy, Candidate, Decision, decide
from models import Order, OrderOwnerChange
from models.connection import TransactionClient
from rows.off_duty import off_duty
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
   ) skill (asked) WHERE s.user_id = u.id) AS matches, {off_duty("u.id", "$5::timestamptz")} AS off_duty
FROM app_user u WHERE u.team_id = $1 AND u.active AND 'REP' = ANY (u.roles) ORDER BY u.id FOR SHARE OF u
"""  # noqa: S608  # of our own making
_GIVEN = "UPDATE assignment_rule SET last_given_id = $2 WHERE id = $1"


_DECIDED = """
INSERT INTO assignment_decision (order_id, rule_id, strategy, chosen_id, at, candidates, open, matches, standings)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A rule that was asked who gets an order, and what came of it."""

    rule_id: int
    code: str
    strategy: AssignmentStrategy
    candidates: Sequence[Candidate]
    decision: Decision


async def give_by_rule(client: TransactionClient, order: Order, products: Sequence[int]) -> list[Asked]:
    """Make `order`, which is nobody's and not stored yet, somebody's; the rules that were asked, up to one that did.

    `products` are those of its lines, by id.
    """
    asked = []
    for rule in await client.connection.fetch(_RULES, order.channel_id, order.region_id):
        asked.append(await _ask(client, rule, order, products))
        chosen = asked[-1].decision.chosen
        if chosen is not None:
            await client.connection.execute(_GIVEN, rule["id"], chosen)
            order.owner_id, order.team_id = chosen, rule["team_id"]
            break
    return asked


async def _ask(client: TransactionClient, rule: Record, order: Order, products: Sequence[int]) -> Asked:
    await client.connection.execute(_HOLD_TEAM, rule["team_id"])
    known = (order.region_id, order.customer_id, products, now())
    found = await client.connection.fetch(_CANDIDATES, rule["team_id"], *known)
    last = await client.connection.fetchval(_LAST, rule["id"])
    people = [Candidate(**dict(row)) for row in found]
    strategy = AssignmentStrategy(rule["strategy"])
    decision = decide(strategy, people, most_open=rule["most_open"], last=last)
    return Asked(rule_id=rule["id"], code=rule["code"], strategy=strategy, candidates=people, decision=decision)


async def record_rules(client: TransactionClient, order: Order, asked: Sequence[Asked]) -> None:
    """What each rule made of whom, and in the order's history the one that gave it to its owner."""
    moment = now()
    for each in asked:
        people = each.candidates
        await client.connection.execute(
            _DECIDED,
            order.id,
            each.rule_id,
            each.strategy.value,
            each.decision.chosen,
            moment,
            [person.id for person in people],
            [person.open for person in people],
            [person.matches for person in people],
            [standing.value for standing in each.decision.standings],
        )
    if asked and asked[-1].decision.chosen is not None:
        await OrderOwnerChange.create(
            using_db=client,
            order_id=order.id,
            to_owner_id=order.owner_id,
            to_team_id=order.team_id,
            reason=asked[-1].code,
            at=moment,
        )

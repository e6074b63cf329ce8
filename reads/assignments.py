"""Why somebody has an order, and how fairly rules share orders out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from domain.assignment import AssignmentGround, AssignmentStrategy, CandidateStanding
from domain.errors import InvalidInput
from domain.permissions import Action, may_with, reach
from domain.problems import Problem
from reads.errors import invalid_input
from reads.pools import ReadPools
from rows.entities import ORDER
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape

MOST_DECISIONS = 200_000
"""That are added up while somebody waits."""

# Whose the customer was when the order was entered: the owner before the first change since, or the one of today.
_ORDER = """
SELECT t.owner_id, t.team_id, c.id AS change_id, c.by_id, c.reason, c.at, e.by_id AS entered_by_id, e.at AS entered_at,
       r.id AS rule_id, t.owner_id = CASE WHEN b.id IS NULL THEN k.owner_id ELSE b.from_owner_id END AS customers
FROM sales_order t LEFT JOIN customer k ON k.id = t.customer_id
LEFT JOIN LATERAL (SELECT * FROM order_owner_change c WHERE c.order_id = t.id ORDER BY c.at DESC, c.id DESC LIMIT 1) c
  ON true
LEFT JOIN LATERAL (
    SELECT * FROM order_status_change e WHERE e.order_id = t.id ORDER BY e.at, e.id LIMIT 1) e ON true
LEFT JOIN LATERAL (
    SELECT * FROM customer_owner_change b WHERE b.customer_id = t.customer_id AND b.at > t.created_at
    ORDER BY b.at, b.id LIMIT 1) b ON true
LEFT JOIN assignment_rule r ON c.by_id IS NULL AND r.code = c.reason
WHERE {seen}
"""
_DECISIONS = """
SELECT rule_id, strategy, chosen_id, at, candidates, open, matches, standings
FROM assignment_decision WHERE order_id = $1 ORDER BY id
"""
_WANTED = """
d.chosen_id IS NOT NULL AND d.at >= $1 AND d.at < $2
AND ($3::bigint IS NULL OR r.id = $3) AND ($4::bigint[] IS NULL OR r.team_id = ANY ($4))
"""
_COUNT = f"""
SELECT count(*) AS found FROM (
    SELECT FROM assignment_decision d JOIN assignment_rule r ON r.id = d.rule_id WHERE {_WANTED} LIMIT $5
) looked_at
"""  # of our own making
_SHARES = f"""
WITH shares AS (
    SELECT d.rule_id, r.rank, c.user_id, c.standing = 'CHOSEN' AS chosen, o.base_total,
           count(*) OVER (PARTITION BY d.id) AS eligible
    FROM assignment_decision d JOIN assignment_rule r ON r.id = d.rule_id JOIN sales_order o ON o.id = d.order_id
    CROSS JOIN LATERAL unnest(d.candidates, d.standings) c (user_id, standing)
    WHERE c.standing IN ('CHOSEN', 'ELIGIBLE') AND {_WANTED}
)
SELECT rule_id, user_id, count(*) FILTER (WHERE chosen) AS received,
       trim_scale(round(sum(1.0 / eligible), 4))::text AS due,
       round(coalesce(sum(base_total) FILTER (WHERE chosen), 0), $5::int)::text AS received_amount,
       round(sum(base_total / eligible), $5::int)::text AS due_amount
FROM shares GROUP BY rank, rule_id, user_id ORDER BY rank, rule_id, user_id
"""  # of our own making


@dataclass(frozen=True)
class Considered:
    """Somebody whom a rule considered: their open orders, their skills that were asked for, and what came of it."""

    user_id: int
    open: int
    matches: int
    standing: CandidateStanding


@dataclass(frozen=True)
class Decided:
    """A rule that was asked, and who got the order: None for nobody."""

    rule_id: int
    strategy: AssignmentStrategy
    chosen_id: int | None
    at: datetime
    candidates: Sequence[Considered]


@dataclass(frozen=True)
class Given:
    """Why an order is whose it is; `decisions` are those of the rules that were asked when it was entered."""

    ground: AssignmentGround
    at: datetime | None = None
    rule_id: int | None = None
    actor_id: int | None = None
    reason: str | None = None
    decisions: Sequence[Decided] = ()


@dataclass(frozen=True)
class Share:
    """What somebody got of a rule's orders, and what would have been even: numbers, and amounts of the company's."""

    rule_id: int
    user_id: int
    received: int
    due: str
    received_amount: str
    due_amount: str


async def explain_assignment(pools: ReadPools, context: Context, shape: ViewerShape, order_id: int) -> Given | None:
    """Why the order is whose it is; None unless the viewer sees it, and owns it or may give it to others."""
    compiler = Compiler(shape)
    seen = [f"t.id = {compiler.parameters.value(0, 0, 'bigint')}", compiler.visible(ORDER, "t")]
    sql = _ORDER.format(seen=" AND ".join(filter(None, seen)))
    rows = await pools.fetch(sql, fill(compiler.parameters.sources, context, [[order_id]]), selective=False)
    if not rows or not told(context, rows[0]["owner_id"], rows[0]["team_id"]):
        return None
    [order] = rows
    decisions = await _decisions(pools, order_id)
    if order["change_id"] is None:
        return _since_entered(order, decisions)
    by_rule = order["by_id"] is None
    return Given(
        AssignmentGround.RULE if by_rule else AssignmentGround.PERSON,
        at=order["at"],
        rule_id=order["rule_id"] if by_rule else None,
        actor_id=order["by_id"],
        reason=None if by_rule else order["reason"],
        decisions=decisions,
    )


def told(context: Context, owner_id: int | None, team_id: int | None) -> bool:
    """Whether the viewer is told why a row is this owner's and team's: its owner, and whoever may give it to others."""
    viewer = context.viewer
    return owner_id == viewer.user_id or may_with(viewer, Action.ASSIGN, owner_id=owner_id, team_id=team_id)


def _since_entered(order: Record, decisions: Sequence[Decided]) -> Given:
    """Why an order is whose it is that was never given to anybody else."""
    if order["owner_id"] is None and order["team_id"] is None:
        return Given(AssignmentGround.NOBODY, decisions=decisions)
    if order["customers"]:
        return Given(AssignmentGround.CUSTOMERS_OWNER, at=order["entered_at"])
    return Given(AssignmentGround.PERSON, at=order["entered_at"], actor_id=order["entered_by_id"])


async def _decisions(pools: ReadPools, order_id: int) -> list[Decided]:
    rows = await pools.fetch(_DECISIONS, [order_id], selective=False)
    return [
        Decided(
            row["rule_id"],
            AssignmentStrategy(row["strategy"]),
            row["chosen_id"],
            row["at"],
            [
                Considered(user_id, of, matches, CandidateStanding(standing))
                for user_id, of, matches, standing in zip(
                    row["candidates"], row["open"], row["matches"], row["standings"], strict=True
                )
            ],
        )
        for row in rows
    ]


async def assignment_fairness(
    pools: ReadPools, context: Context, *, rule_id: int | None, begin: datetime, end: datetime
) -> list[Share]:
    """What each person received and was due from `begin` and before `end`, by rules of teams that the viewer leads.

    Everybody who could have had an order is due an even part of it. Raises GraphQLError for more than `MOST_DECISIONS`.
    """
    reached = reach(context.viewer.roles, Action.ASSIGN)
    teams = None if reached.everywhere else list(context.viewer.team_ids if reached.of_teams else ())
    wanted = [begin, end, rule_id, teams]
    counted = await pools.fetchrow(_COUNT, [*wanted, MOST_DECISIONS + 1], selective=True)
    if counted["found"] > MOST_DECISIONS:
        raise invalid_input(InvalidInput(path=("decidedFrom",), problem=Problem.TOO_MANY, limit=str(MOST_DECISIONS)))
    rows = await pools.fetch(_SHARES, [*wanted, context.currency_digits], selective=True)
    return [Share(**row) for row in rows]

"""Tier rules asked about: what a set of them would change, and why an order has its tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import orjson

from domain.errors import InvalidInput
from domain.problems import Problem
from domain.tiers import RuleSetState
from reads.errors import invalid_input
from reads.pools import ReadPools
from rows.conditions import Condition, Every, Related
from rows.entities import ORDER
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape
from rows.tier_rules import Part, Rules, compiler_behind, first_met, joined, parse_rule, parts_of, values_of
from services.records.open import NOT_OVER

MOST_PREVIEWED = 300_000
"""Orders that a preview looks at: it is made while somebody waits."""
EXAMPLES = 3
"""Orders that are shown of each move."""

_ASKED_FOR = "SELECT id FROM tier_rule_set WHERE id = $1 OR ($1::bigint IS NULL AND state = $2)"
_RULES = "SELECT tier_id, condition FROM tier_rule WHERE rule_set_id = $1 ORDER BY rank"
_OPEN = f"t.{NOT_OVER} AND num_nulls($1::timestamptz, $2::timestamptz) = 2"
_PLACED = (
    "t.placed_at >= coalesce($1::timestamptz, '-infinity') AND t.placed_at < coalesce($2::timestamptz, 'infinity')"
)
_COUNT = "SELECT count(*) AS found FROM (SELECT FROM sales_order t WHERE {wanted} LIMIT $3) looked_at"
_MOVES = f"""
WITH classified AS (
    SELECT t.id, t.base_total, t.placed_at, t.tier_id AS from_tier,
           CASE WHEN t.tier_override_id IS NULL THEN ($3::bigint[])[{{place}}] ELSE t.tier_id END AS to_tier
    FROM sales_order t WHERE {{wanted}}
), moves AS (
    SELECT from_tier, to_tier, count(*) AS orders, round(sum(base_total), $4::int)::text AS amount,
           (array_agg(id ORDER BY placed_at DESC, id DESC))[1:{EXAMPLES}] AS examples
    FROM classified GROUP BY from_tier, to_tier
)
SELECT moves.* FROM moves LEFT JOIN tier f ON f.id = from_tier LEFT JOIN tier t ON t.id = to_tier
ORDER BY f.rank, f.id, t.rank, t.id
"""
_CLASSIFIED = """
SELECT t.tier_version, t.tier_rule_id, t.tier_override_id, {sees_customer} AS sees_customer
FROM sales_order t WHERE {seen}
"""
_SET = """
SELECT s.id AS rule_set_id, r.id, r.condition
FROM tier_rule_set s LEFT JOIN tier_rule r ON r.rule_set_id = s.id WHERE s.number = $1 ORDER BY r.rank
"""
_MET = """
SELECT found.* FROM sales_order t CROSS JOIN LATERAL ({told}) found
WHERE t.id = $1 AND (t.tier_version, t.tier_rule_id) IS NOT DISTINCT FROM ($2::int, $3::bigint)
"""


@dataclass(frozen=True)
class Move:
    """Orders that come from one tier to another, or stay in one; None is none. `amount` is that of all of them."""

    from_tier: int | None
    to_tier: int | None
    orders: int
    amount: str
    examples: Sequence[int]


@dataclass(frozen=True)
class Verdict:
    """How an order stands to a rule: whether it meets it, and each comparison; None where the viewer may not know.

    They may not know of the whole what would tell of a part.
    """

    rule_id: int
    met: bool | None
    parts: Sequence[tuple[Part, bool | None]]


@dataclass(frozen=True)
class Explained:
    """Why an order has its tier: by rule `decided` of a set, none where no rule was met; no set, no rules yet.

    Or by an `override`, whatever rules say. `outdated`: by what the rules look at today, another rule would decide;
    None where the viewer may not know all of that.
    `verdicts` are of the rules up to `decided`.
    """

    rule_set_id: int | None = None
    decided: int | None = None
    override: int | None = None
    outdated: bool | None = False
    verdicts: Sequence[Verdict] = ()


async def rules_asked_for(pools: ReadPools, rule_set_id: int | None) -> int | None:
    """The set of tier rules if there is one of that number; the draft, if there is one, for None."""
    rows = await pools.fetch(_ASKED_FOR, [rule_set_id, RuleSetState.DRAFT], selective=False)
    return rows[0]["id"] if rows else None


async def preview_rules(
    pools: ReadPools, rule_set_id: int, begin: datetime | None, end: datetime | None, *, digits: int
) -> list[Move]:
    """Where the rules of a set would move orders, the most important tiers first: whoever sees the set sees all orders.

    Those that are open; or those placed since `begin` and before `end`, if one is given. Amounts have so many `digits`.
    Raises GraphQLError for more than `MOST_PREVIEWED`.
    """
    wanted, period = (_OPEN if begin is end is None else _PLACED), [begin, end]
    counted = await pools.fetchrow(_COUNT.format(wanted=wanted), [*period, MOST_PREVIEWED + 1], selective=True)
    if counted["found"] > MOST_PREVIEWED:
        raise invalid_input(InvalidInput(path=("placedFrom",), problem=Problem.TOO_MANY, limit=str(MOST_PREVIEWED)))
    found = await pools.fetch(_RULES, [rule_set_id], selective=False)
    rules = joined([parse_rule(orjson.loads(row["condition"])) for row in found])
    own = [*period, [row["tier_id"] for row in found], digits]
    compiler = compiler_behind(len(own), rules)
    place = compiler.once(first_met(compiler, rules, ORDER, "t"), "t")
    sql = _MOVES.format(place=f"({place})", wanted=wanted)
    moves = await pools.fetch(sql, [*own, *values_of(compiler, rules)], selective=True)
    return [Move(**row) for row in moves]


async def explain_tier(pools: ReadPools, context: Context, shape: ViewerShape, order_id: int) -> Explained | None:
    """Why the order has its tier; None where the viewer sees no such order."""
    while True:
        order = await _classified(pools, context, shape, order_id)
        if order is None:
            return None
        found = await _verdicts(pools, order_id, order)
        if found:  # else it was classified anew meanwhile
            return found


async def _classified(pools: ReadPools, context: Context, shape: ViewerShape, order_id: int) -> asyncpg.Record | None:
    compiler = Compiler(shape)
    seen = [f"t.id = {compiler.parameters.value(0, 0, 'bigint')}", compiler.visible(ORDER, "t")]
    customer = compiler.condition(Related("customer", Every(())), ORDER, "t", 0)
    sql = _CLASSIFIED.format(
        sees_customer=f"(t.customer_id IS NULL OR {customer})", seen=" AND ".join(filter(None, seen))
    )
    rows = await pools.fetch(sql, fill(compiler.parameters.sources, context, [[order_id]]), selective=False)
    return rows[0] if rows else None


async def _verdicts(pools: ReadPools, order_id: int, order: asyncpg.Record) -> Explained | None:
    """None where the order was classified otherwise since."""
    rows = await pools.fetch(_SET, [order["tier_version"]], selective=False)
    decided, override = order["tier_rule_id"], order["tier_override_id"]
    if not rows:
        return Explained(override=override)
    ids = [row["id"] for row in rows if row["id"] is not None]
    raws = [orjson.loads(row["condition"]) for row in rows if row["id"] is not None]
    rules = joined([parse_rule(raw) for raw in raws])
    upto = ids.index(decided) + 1 if decided in ids else len(ids)
    parts = [parts_of(condition, raw) for condition, raw in zip(rules.conditions, raws, strict=True)]
    asked = [*rules.conditions[:upto], *(part.condition for each in parts[:upto] for part in each)]
    answer = await _met(pools, order_id, order, rules, asked)
    if answer is None:
        return None
    today, met = answer["place"] and ids[answer["place"] - 1], iter(answer["met"])
    of_rules = [next(met) for _ in range(upto)]
    verdicts = [
        Verdict(rule_id, _told(of_rule, each, order), [(part, _told(next(met), [part], order)) for part in each])
        for rule_id, of_rule, each in zip(ids, of_rules, parts, strict=False)
    ]
    outdated = override is None and _told(today != decided, [part for each in parts for part in each], order)
    return Explained(rows[0]["rule_set_id"], decided, override, outdated=outdated, verdicts=verdicts)


async def _met(
    pools: ReadPools, order_id: int, order: asyncpg.Record, rules: Rules, asked: Sequence[Condition]
) -> asyncpg.Record | None:
    """The place of the rule that the order meets first today, and whether each of `asked` holds."""
    compiler = compiler_behind(3, rules)
    place = first_met(compiler, rules, ORDER, "t")
    parts = ", ".join(f"({compiler.condition(condition, ORDER, 't', 0)}) IS TRUE" for condition in asked)
    own = [order_id, order["tier_version"], order["tier_rule_id"]]
    sql = _MET.format(told=compiler.once(f"{place} AS place, ARRAY[{parts}]::boolean[] AS met", "t"))
    rows = await pools.fetch(sql, [*own, *values_of(compiler, rules)], selective=True)
    return rows[0] if rows else None


def _told(fact: bool, by: Sequence[Part], order: asyncpg.Record) -> bool | None:
    """`fact`, which follows from these parts of rules, if the viewer may know all of them."""
    return fact if order["sees_customer"] or not any(part.of_customer for part in by) else None

"""Customers who were just measured, or written, are asked whether they have the level that rules say.

The caller has locked them, so that nobody changes or confirms a level meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from domain.currencies import DIGITS
from domain.customers import CustomerLevel
from domain.errors import Refused
from domain.people import Role
from models.connection import TransactionClient
from rows.entities import CUSTOMER
from rows.parameters import Context, fill
from rows.sql import Compiler
from rows.tier_rules import EVERYBODYS, first_met
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.customers.levels import LevelChange, change_levels
from services.levels.rules import LevelRules, rules_in_force

_RULES, _OWN = 0, 1
"""The groups of values in the statement."""
_NOBODY = Viewer(user_id=0, roles=frozenset({Role.ADMIN}))
# Whose cause is gone: no rule says so any more, or the customer has another level by now.
_WITHDRAW = """
UPDATE level_proposal p SET state = 'WITHDRAWN', sole = NULL, decided_at = $4
WHERE p.state = 'OPEN' AND p.customer_id = ANY ($1::bigint[]) AND NOT EXISTS (
    SELECT FROM unnest($2::bigint[], $3::text[]) wanted (id, level) JOIN customer c USING (id)
    WHERE wanted.id = p.customer_id AND wanted.level = p.to_level AND c.level = p.from_level)
"""
_PROPOSE = """
INSERT INTO level_proposal (
    customer_id, rule_id, rules_version, from_level, to_level, state, sole, last_order_at, frequency, monetary,
    recency_score, frequency_score, monetary_score, created_at)
SELECT c.id, wanted.rule_id, $4, c.level, wanted.level, 'OPEN', true, c.last_order_at, c.frequency, c.monetary,
    c.recency_score, c.frequency_score, c.monetary_score, $5
FROM unnest($1::bigint[], $2::text[], $3::bigint[]) wanted (id, level, rule_id) JOIN customer c USING (id)
WHERE NOT EXISTS (SELECT FROM level_proposal p WHERE p.customer_id = c.id AND p.state = 'OPEN')
  AND NOT EXISTS (
    SELECT FROM (SELECT * FROM level_proposal p WHERE p.customer_id = c.id ORDER BY p.id DESC LIMIT 1) last
    WHERE last.state = 'DECLINED' AND last.to_level = wanted.level AND last.rules_version = $4)
ORDER BY c.id
"""
_CONFIRM = """
UPDATE level_proposal p SET state = 'CONFIRMED', sole = NULL, decided_at = $2
WHERE p.state = 'OPEN' AND p.customer_id = ANY ($1::bigint[]) RETURNING id, customer_id, from_level, to_level
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """The level that a customer should have and has not, and the place of the rule that says so."""

    customer_id: int
    rule: int


async def propose_levels(client: TransactionClient, company: Company, customer_ids: Sequence[int]) -> None:
    """Withdraw what is open of these customers and not wanted any more, propose what is, confirm what needs nobody.

    While a rule means nothing, such as where its custom field is out of use, nothing is proposed or withdrawn.
    """
    try:
        rules = await rules_in_force(client.connection)
    except Refused as refused:
        _log.warning("level rules mean nothing", problems=[error.code for error in refused.errors])
        return
    wanted = await _wanted(client, company, rules, customer_ids) if rules else []
    ids = [each.customer_id for each in wanted]
    levels = [rules.levels[each.rule] for each in wanted] if rules else []
    await client.connection.execute(_WITHDRAW, list(customer_ids), ids, levels, now())
    if rules and wanted:
        rule_ids = [rules.ids[each.rule] for each in wanted]
        await client.connection.execute(_PROPOSE, ids, levels, rule_ids, rules.version, now())
        await _confirm(client, [each.customer_id for each in wanted if rules.automatic[each.rule]])


async def _wanted(
    client: TransactionClient, company: Company, rules: LevelRules, customer_ids: Sequence[int]
) -> list[_Wanted]:
    compiler = Compiler(EVERYBODYS)
    place = first_met(compiler, rules.rules, CUSTOMER, "t")
    ids = compiler.parameters.value(_OWN, 0, "bigint[]")
    statement = f"SELECT t.id, t.level, {place} AS place FROM customer t WHERE t.id = ANY ({ids}) ORDER BY t.id"  # noqa: S608  # of names of ours
    today = company.day_of(now())
    context = Context(_NOBODY, company.currency, DIGITS[company.currency], str(company.zone), today)
    values = fill(compiler.parameters.sources, context, [rules.rules.values, [list(customer_ids)]])
    return [
        _Wanted(customer_id=row["id"], rule=row["place"] - 1)
        for row in await client.connection.fetch(statement, *values)
        if row["place"] and rules.levels[row["place"] - 1] != row["level"]
    ]


async def _confirm(client: TransactionClient, customer_ids: Sequence[int]) -> None:
    """Give these customers what is proposed for them; an open proposal is as their rules want it."""
    if not customer_ids:
        return
    confirmed = await client.connection.fetch(_CONFIRM, list(customer_ids), now())
    changes = [
        LevelChange(
            customer_id=row["customer_id"],
            from_level=CustomerLevel(row["from_level"]),
            to_level=CustomerLevel(row["to_level"]),
            proposal_id=row["id"],
        )
        for row in sorted(confirmed, key=lambda row: int(row["customer_id"]))
    ]
    await change_levels(client, changes, by=None, reason=None)

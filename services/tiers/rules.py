"""The rules in force, as this process knows them; every statement that uses them finds out whether they still are."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson

from models.connection import TransactionClient
from models.locks import AdvisoryLock
from rows.entities import ORDER
from rows.tier_rules import Rules, compiler_behind, first_met, joined, parse_rule, values_of

IN_FORCE = "(SELECT stamp FROM tier_rule_set WHERE state = 'PUBLISHED')"
_STAMP = f"SELECT {IN_FORCE}"
_RULES = """
SELECT s.stamp, s.number, r.id, r.tier_id, r.priority, r.response_minutes, r.condition
FROM tier_rule_set s LEFT JOIN tier_rule r ON r.rule_set_id = s.id WHERE s.state = 'PUBLISHED' ORDER BY r.rank
"""


@dataclass(frozen=True)
class InForce:
    """Published rules. The lists are in the order of the rules: what each gives, and how soon."""

    stamp: UUID
    number: int
    rules: Rules
    rule_ids: list[int]
    tier_ids: list[int]
    priorities: list[int]
    minutes: list[int]

    @property
    def given(self) -> list[Any]:
        """The parameters that statements begin with: stamp, number, and the lists."""
        return [self.stamp, self.number, self.rule_ids, self.tier_ids, self.priorities, self.minutes]

    def compiled(self, statement: str, *, own: int) -> tuple[str, list[Any]]:
        """`statement` with the rule that the order t meets first as {place}, and what belongs behind its parameters.

        It is compiled once for each text; `own` is how many parameters are its own, those of `given` among them.
        """
        key = (statement, own)
        if key not in self._compiled:
            compiler = compiler_behind(own, self.rules)
            place = compiler.once(first_met(compiler, self.rules, ORDER, "t"), "t")
            self._compiled[key] = statement.replace("{place}", f"({place})"), values_of(compiler, self.rules)
        return self._compiled[key]

    @cached_property
    def _compiled(self) -> dict[tuple[str, int], tuple[str, list[Any]]]:
        return {}


class _Known:
    """What this process found last. Its `stamp` is that of no other database, so that tests may have several."""

    rules: InForce | None = None


async def known_rules(client: TransactionClient) -> InForce | None:
    """The rules that this process takes to be in force; None if there are none.

    They are so as of a moment in this transaction, unless the caller's statement finds another stamp: then call
    `look_again`.
    """
    return _Known.rules or await look_again(client)


async def rules_now(client: TransactionClient) -> InForce | None:
    """The rules in force at this moment of the transaction; None if there are none."""
    stamp = await client.connection.fetchval(_STAMP)
    if stamp is None:
        return None
    known = _Known.rules
    return known if known and known.stamp == stamp else await look_again(client)


async def rules_that_stay(client: TransactionClient) -> InForce | None:
    """As `rules_now`; nobody puts others into force until the transaction ends."""
    await client.connection.execute("SELECT pg_advisory_xact_lock_shared($1)", AdvisoryLock.TIER_RULES)
    return await rules_now(client)


def forget() -> None:
    """Know of no rules: those that were known may not be in force, and what would tell so did not come to its end."""
    _Known.rules = None


async def look_again(client: TransactionClient) -> InForce | None:
    """Read the rules in force; None if there are none."""
    rows = await client.connection.fetch(_RULES)
    if not rows:
        _Known.rules = None
        return None
    rules = [row for row in rows if row["id"] is not None]
    _Known.rules = InForce(
        stamp=rows[0]["stamp"],
        number=rows[0]["number"],
        rules=joined([parse_rule(orjson.loads(row["condition"])) for row in rules]),
        rule_ids=[row["id"] for row in rules],
        tier_ids=[row["tier_id"] for row in rules],
        priorities=[row["priority"] for row in rules],
        minutes=[row["response_minutes"] for row in rules],
    )
    return _Known.rules

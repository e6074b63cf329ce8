"""Tier rules come into force: those of the draft, or those of a set that was in force before."""

from uuid import uuid4

import orjson

from domain.audit import AuditAction
from domain.errors import InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.jobs import JobKind
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from domain.tiers import RuleSetState
from models import TierRule, TierRuleSet
from models.connection import TransactionClient, pool
from models.locks import AdvisoryLock
from rows.access import visible_ids
from rows.entities import ORDER, TIER_RULE_SET
from rows.tier_limits import beyond_limits
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.jobs.create import create_job
from services.transaction import retrying, transaction

_RETIRE = "UPDATE tier_rule_set SET state = 'RETIRED', sole = NULL WHERE state = 'PUBLISHED'"
_NEXT = "SELECT coalesce(max(number), 0) + 1 FROM tier_rule_set"
_TIERS = "SELECT active FROM tier WHERE id IN (SELECT tier_id FROM tier_rule WHERE rule_set_id = $1) FOR SHARE"
_FILTERS = "SELECT condition FROM tier_rule WHERE rule_set_id = $1 ORDER BY rank"
_COPIED = ("rank", "name", "tier_id", "priority", "response_minutes", "condition")


@retrying
async def publish_rules(
    *, viewer: Viewer, rule_set_id: int, expected_version: int, idempotency_key: str | None = None
) -> int:
    """Put the draft into force, if it still has `expected_version`; its id. A job classifies what is open.

    Raises Refused with NotFound, NotPermitted, VersionConflict, InvalidInput (it is no draft, names a tier that is not
    given any more, or asks too much), TooManyJobs or IdempotencyKeyReused.
    """
    asked = {"id": rule_set_id, "expectedVersion": expected_version}
    request = Request(principal=viewer.user_id, mutation="tierRulesPublish", key=idempotency_key, asked=asked)

    async def publish() -> int:
        draft = await _find(client, viewer, rule_set_id)
        if draft.version != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=draft.version))
        if draft.state is not RuleSetState.DRAFT:
            raise _wrong_state(RuleSetState.DRAFT)
        await _check(client, draft)
        await _put_into_force(client, viewer, draft)
        return rule_set_id

    async with transaction() as client:
        outcome = await once(client, request, publish)
    return outcome.settle()


@retrying
async def roll_back_rules(*, viewer: Viewer, rule_set_id: int, idempotency_key: str | None = None) -> int:
    """Put a copy of a retired set into force; the copy's id. The draft stays as it is.

    Raises Refused with NotFound, NotPermitted, InvalidInput (it is not retired, names a tier that is not given any
    more, or asks too much), TooManyJobs or IdempotencyKeyReused.
    """
    asked = {"id": rule_set_id}
    request = Request(principal=viewer.user_id, mutation="tierRulesRollBack", key=idempotency_key, asked=asked)

    async def roll_back() -> int:
        earlier = await _find(client, viewer, rule_set_id)
        if earlier.state is not RuleSetState.RETIRED:
            raise _wrong_state(RuleSetState.RETIRED)
        await _check(client, earlier)
        copy = TierRuleSet(state=RuleSetState.PUBLISHED, restored_from=earlier.number, edited_by_id=viewer.user_id)
        await _put_into_force(client, viewer, copy)
        rules = await TierRule.filter(rule_set_id=earlier.id).using_db(client)
        copied = [{name: getattr(rule, name) for name in _COPIED} for rule in rules]
        await TierRule.bulk_create([TierRule(rule_set_id=copy.id, **rule) for rule in copied], using_db=client)
        copy_id: int = copy.id
        return copy_id

    async with transaction() as client:
        outcome = await once(client, request, roll_back)
    return outcome.settle()


async def rules_job(rule_set_id: int) -> int | None:
    """The job that classifies by these rules."""
    job_id: int | None = await pool().fetchval("SELECT job_id FROM tier_rule_set WHERE id = $1", rule_set_id)
    return job_id


async def _find(client: TransactionClient, viewer: Viewer, rule_set_id: int) -> TierRuleSet:
    """The set; who asks is alone in changing what is in force until the transaction ends."""
    await client.connection.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.TIER_RULES)
    if not await visible_ids(client, TIER_RULE_SET, viewer, [rule_set_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    return await TierRuleSet.get(id=rule_set_id, using_db=client)


async def _check(client: TransactionClient, rules: TierRuleSet) -> None:
    """Raises Refused where a tier was given up since the rules were written, or they ask more than rules may now.

    The other tiers are given until the end.
    """
    tiers = await client.connection.fetch(_TIERS, rules.id)
    if not all(tier["active"] for tier in tiers):
        raise Refused(InvalidInput(path=(*INPUT, "id"), problem=Problem.TIER_INACTIVE))
    filters = [orjson.loads(row["condition"]) for row in await client.connection.fetch(_FILTERS, rules.id)]
    for _, beyond in beyond_limits(ORDER, filters):
        raise Refused(InvalidInput(path=(*INPUT, "id"), problem=beyond.problem, limit=beyond.limit))


async def _put_into_force(client: TransactionClient, viewer: Viewer, rules: TierRuleSet) -> None:
    await client.connection.execute(_RETIRE)
    rules.state, rules.sole, rules.version = RuleSetState.PUBLISHED, True, rules.version + 1
    rules.number, rules.stamp = await client.connection.fetchval(_NEXT), uuid4()
    rules.published_by_id, rules.published_at = viewer.user_id, now()
    rules.job_id = await create_job(
        client, kind=JobKind.TIER_RULES, started_by=viewer.user_id, parameters={"number": rules.number}
    )
    await rules.save(using_db=client)
    facts = {"number": rules.number, "restoredFrom": rules.restored_from}
    subject = (TIER_RULE_SET, rules.id)
    await record(client, actor=viewer.user_id, action=AuditAction.RULES_PUBLISHED, subject=subject, facts=facts)


def _wrong_state(expected: RuleSetState) -> Refused:
    return Refused(InvalidInput(path=(*INPUT, "id"), problem=Problem.NOT_IN_STATE, limit=expected))

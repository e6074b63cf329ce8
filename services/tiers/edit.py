"""Editing the draft of the tier rules."""

from collections.abc import Sequence
from typing import Any

import orjson

from domain.audit import AuditAction
from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from domain.tiers import NewTierRule, RuleSetState, rules_problems
from models import Tier, TierRule, TierRuleSet
from models.connection import TransactionClient
from rows.entities import ORDER, TIER_RULE_SET
from rows.tier_limits import beyond_limits
from rows.tier_rules import parse_rule
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.references import answering
from services.transaction import retrying, transaction


@retrying
async def edit_draft(
    *,
    viewer: Viewer,
    rules: Sequence[NewTierRule],
    expected_version: int | None,
    idempotency_key: str | None = None,
) -> int:
    """Make `rules`, in their order, the draft; its id. `expected_version` is that of the draft, None if there is none.

    Raises Refused with NotPermitted, VersionConflict, NotFound (there is no draft, or no such tier), AlreadyExists
    (somebody else began a draft), InvalidInput (the path leads into the filter) or IdempotencyKeyReused.
    """
    asked = {"rules": list(rules), "expectedVersion": expected_version}
    request = Request(principal=viewer.user_id, mutation="tierRulesUpsert", key=idempotency_key, asked=asked)

    async def edit() -> int:
        if not may(viewer, Action.ADMINISTER):
            raise Refused(NotPermitted())
        draft = await _lock(client, expected_version)
        if problems := [*rules_problems(rules), *_filter_problems(rules), *await _tier_problems(client, rules)]:
            raise Refused(*problems)
        return await _write(client, viewer, draft, rules)

    async with transaction() as client:
        outcome = await once(client, request, edit)
    return outcome.settle()


async def _lock(client: TransactionClient, expected_version: int | None) -> TierRuleSet | None:
    draft = await TierRuleSet.filter(state=RuleSetState.DRAFT).using_db(client).select_for_update().first()
    if draft is None and expected_version is not None:
        raise Refused(NotFound(path=(*INPUT, "expectedVersion")))
    if draft is not None and expected_version is None:
        raise Refused(AlreadyExists(path=INPUT))
    if draft is not None and draft.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=draft.version))
    return draft


def _filter_problems(rules: Sequence[NewTierRule]) -> list[DomainError]:
    problems: list[DomainError] = []
    for place, rule in enumerate(rules):
        try:
            parse_rule(rule.filter)
        except Refused as refused:
            error = refused.errors[0]
            assert isinstance(error, InvalidInput)  # noqa: S101  # parse_rule raises no other
            path = (*INPUT, "rules", str(place), "filter", *error.path)
            problems.append(InvalidInput(path=path, problem=error.problem, limit=error.limit))
    return problems or [
        InvalidInput(
            path=(*INPUT, "rules", str(place), "filter", *beyond.path), problem=beyond.problem, limit=beyond.limit
        )
        for place, beyond in beyond_limits(ORDER, [rule.filter for rule in rules])
    ]


async def _tier_problems(client: TransactionClient, rules: Sequence[NewTierRule]) -> list[DomainError]:
    known = dict(
        await Tier.filter(id__in=[rule.tier_id for rule in rules]).using_db(client).values_list("id", "active")
    )
    problems: list[DomainError] = []
    for place, rule in enumerate(rules):
        path = (*INPUT, "rules", str(place), "tierId")
        if rule.tier_id not in known:
            problems.append(NotFound(path=path))
        elif not known[rule.tier_id]:
            problems.append(InvalidInput(path=path, problem=Problem.TIER_INACTIVE))
    return problems


async def _write(
    client: TransactionClient, viewer: Viewer, draft: TierRuleSet | None, rules: Sequence[NewTierRule]
) -> int:
    action = AuditAction.RULE_UPDATED if draft else AuditAction.RULE_CREATED
    if draft is None:
        draft = TierRuleSet(state=RuleSetState.DRAFT, edited_by_id=viewer.user_id)
        with answering("tier_rule_set_one_of_each", AlreadyExists(path=INPUT)):
            await draft.save(using_db=client)
    else:
        changed: dict[str, Any] = {"version": draft.version + 1, "edited_by_id": viewer.user_id, "updated_at": now()}
        await TierRuleSet.filter(id=draft.id).using_db(client).update(**changed)
    draft_id: int = draft.id
    await TierRule.filter(rule_set_id=draft_id).using_db(client).delete()
    await TierRule.bulk_create(
        [
            TierRule(
                rule_set_id=draft_id,
                rank=rank,
                name=rule.name,
                tier_id=rule.tier_id,
                priority=rule.priority,
                response_minutes=rule.response_minutes,
                condition=orjson.loads(orjson.dumps(rule.filter, default=str)),
            )
            for rank, rule in enumerate(rules, start=1)
        ],
        using_db=client,
    )
    facts = {"rules": [rule.name for rule in rules]}
    await record(client, actor=viewer.user_id, action=action, subject=(TIER_RULE_SET, draft_id), facts=facts)
    return draft_id

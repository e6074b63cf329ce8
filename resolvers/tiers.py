"""Mutations of tier rules."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import strawberry

from domain.tiers import NewOverride, NewTierRule
from resolvers.answers import Info, written
from rows.entities import ORDER, TIER, TIER_RULE_SET
from schema.commands import command, row_id
from schema.describe import mutation
from schema.filters import as_json
from schema.inputs.tiers import (
    OrderTierOverrideEndInput,
    OrderTierOverrideInput,
    TierRulesPublishInput,
    TierRulesRollBackInput,
    TierRulesUpsertInput,
)
from schema.payloads.tiers import (
    OrderTierOverrideEndPayload,
    OrderTierOverridePayload,
    TierRulesPublishPayload,
    TierRulesRollBackPayload,
    TierRulesUpsertPayload,
)
from services.tiers.edit import edit_draft
from services.tiers.override import end_override, override_tier
from services.tiers.publish import publish_rules, roll_back_rules, rules_job

P = TypeVar("P")


@strawberry.type
class TierMutations:
    @mutation("Say what the draft of the tier rules is; for administrators. Nothing changes until it is published.")
    async def tier_rules_upsert(self, info: Info, input: TierRulesUpsertInput) -> TierRulesUpsertPayload | None:
        async def work() -> int:
            rules = [
                NewTierRule(
                    name=rule.name,
                    tier_id=row_id(TIER, rule.tier_id),
                    priority=rule.priority,
                    response_minutes=rule.response_minutes,
                    filter=as_json(rule.filter),
                )
                for rule in input.rules
            ]
            return await edit_draft(
                viewer=info.context.viewer,
                rules=rules,
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, TierRulesUpsertPayload, TIER_RULE_SET, work)

    @mutation("Put the draft of the tier rules into force; for administrators. A job classifies open orders.")
    async def tier_rules_publish(self, info: Info, input: TierRulesPublishInput) -> TierRulesPublishPayload | None:
        async def work() -> int:
            return await publish_rules(
                viewer=info.context.viewer,
                rule_set_id=row_id(TIER_RULE_SET, input.id),
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await _in_force(info, TierRulesPublishPayload, work)

    @mutation("Put rules that were in force into force again; for administrators. A job classifies open orders.")
    async def tier_rules_roll_back(self, info: Info, input: TierRulesRollBackInput) -> TierRulesRollBackPayload | None:
        async def work() -> int:
            return await roll_back_rules(
                viewer=info.context.viewer,
                rule_set_id=row_id(TIER_RULE_SET, input.id),
                idempotency_key=input.idempotency_key,
            )

        return await _in_force(info, TierRulesRollBackPayload, work)

    @mutation("Give an order another tier than rules do, for a time; for managers of its team and administrators.")
    async def order_tier_override(self, info: Info, input: OrderTierOverrideInput) -> OrderTierOverridePayload | None:
        async def work() -> int:
            return await override_tier(
                viewer=info.context.viewer,
                order_id=row_id(ORDER, input.id),
                override=command(NewOverride, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, OrderTierOverridePayload, ORDER, work)

    @mutation("Let rules give an order its tier again; for managers of its team and administrators.")
    async def order_tier_override_end(
        self, info: Info, input: OrderTierOverrideEndInput
    ) -> OrderTierOverrideEndPayload | None:
        async def work() -> int:
            return await end_override(
                viewer=info.context.viewer, order_id=row_id(ORDER, input.id), idempotency_key=input.idempotency_key
            )

        return await written(info, OrderTierOverrideEndPayload, ORDER, work)


async def _in_force(info: Info, payload: Callable[..., P], work: Callable[[], Awaitable[int]]) -> P:
    """As `written`, and a worker is told of the job."""

    async def put() -> int:
        rule_set_id = await work()
        if job_id := await rules_job(rule_set_id):
            await info.context.wake(job_id)
        return rule_set_id

    return await written(info, payload, TIER_RULE_SET, put)

"""Mutations of prices of channels, policies of review, rules of assignment, and credit."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from domain.assignment import AssignmentRuleEntry
from domain.managed_lists import Entry
from domain.orders.review import ReviewPolicyEntry
from domain.prices import ChannelPriceEntry
from resolvers.answers import Info, written
from rows.entities import CUSTOMER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.selling import (
    AssignmentRuleUpsertInput,
    ChannelPriceUpsertInput,
    CustomerCreditLimitUpdateInput,
    ReviewPolicyUpsertInput,
)
from schema.payloads.selling import (
    AssignmentRuleUpsertPayload,
    ChannelPriceUpsertPayload,
    CustomerCreditLimitUpdatePayload,
    ReviewPolicyUpsertPayload,
)
from services.customers.credit import limit_credit
from services.lists.kinds import LISTS
from services.lists.upsert import upsert_entry

P = TypeVar("P")


@strawberry.type
class SellingMutations:
    @mutation("Say what a channel sells a product for from a day on, or correct it; for MANAGER and ADMIN.")
    async def channel_price_upsert(
        self, info: Info, input: ChannelPriceUpsertInput
    ) -> ChannelPriceUpsertPayload | None:
        return await _upsert(info, ChannelPriceUpsertPayload, ChannelPriceEntry, input)

    @mutation("Make a policy of review, or change the one with this code; for administrators.")
    async def review_policy_upsert(
        self, info: Info, input: ReviewPolicyUpsertInput
    ) -> ReviewPolicyUpsertPayload | None:
        return await _upsert(info, ReviewPolicyUpsertPayload, ReviewPolicyEntry, input)

    @mutation("Make a rule of assignment, or change the one with this code; for administrators.")
    async def assignment_rule_upsert(
        self, info: Info, input: AssignmentRuleUpsertInput
    ) -> AssignmentRuleUpsertPayload | None:
        return await _upsert(info, AssignmentRuleUpsertPayload, AssignmentRuleEntry, input)

    @mutation("Say how much a customer may owe; for MANAGER, of the team's customers, FINANCE and ADMIN.")
    async def customer_credit_limit_update(
        self, info: Info, input: CustomerCreditLimitUpdateInput
    ) -> CustomerCreditLimitUpdatePayload | None:
        async def work() -> int:
            return await limit_credit(
                viewer=info.context.viewer,
                company=info.context.company,
                customer_id=row_id(CUSTOMER, input.id),
                expected_version=input.expected_version,
                limit=input.credit_limit,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, CustomerCreditLimitUpdatePayload, CUSTOMER, work)


async def _upsert(info: Info, payload: Callable[..., P], of: type[Entry], given: Any) -> P:
    async def work() -> int:
        return await upsert_entry(
            viewer=info.context.viewer,
            entry=command(of, given),
            expected_version=given.expected_version,
            idempotency_key=given.idempotency_key,
        )

    return await written(info, payload, LISTS[of].entity, work)

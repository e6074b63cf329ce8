"""Mutations of prices of channels, policies of review, rules of assignment, and credit."""

import strawberry

from domain.assignment import AssignmentRuleEntry
from domain.orders.review_policies import ReviewPolicyEntry
from domain.prices import ChannelPriceEntry
from resolvers.answers import Info, written
from resolvers.lists import entry_written
from rows.entities import CUSTOMER
from schema.commands import row_id
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


@strawberry.type
class SellingMutations:
    @mutation("Say what a channel sells a product for from a day on, or correct it; for MANAGER and ADMIN.")
    async def channel_price_upsert(
        self, info: Info, input: ChannelPriceUpsertInput
    ) -> ChannelPriceUpsertPayload | None:
        return await entry_written(info, ChannelPriceUpsertPayload, ChannelPriceEntry, input)

    @mutation("Make a policy of review, or change the one with this code; for administrators.")
    async def review_policy_upsert(
        self, info: Info, input: ReviewPolicyUpsertInput
    ) -> ReviewPolicyUpsertPayload | None:
        return await entry_written(info, ReviewPolicyUpsertPayload, ReviewPolicyEntry, input)

    @mutation("Make a rule of assignment, or change the one with this code; for administrators.")
    async def assignment_rule_upsert(
        self, info: Info, input: AssignmentRuleUpsertInput
    ) -> AssignmentRuleUpsertPayload | None:
        return await entry_written(info, AssignmentRuleUpsertPayload, AssignmentRuleEntry, input)

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

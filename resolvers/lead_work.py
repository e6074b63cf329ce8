"""Mutations of what is done about leads."""

import strawberry

from domain.leads.sharing import LeadShareEntry
from domain.leads.working import Disqualification, NewFollowUp
from resolvers.answers import Info, written
from resolvers.lead_results import of_each
from rows.entities import CUSTOMER, LEAD, LEAD_FOLLOW_UP
from schema.commands import command, commands, row_id
from schema.describe import mutation
from schema.inputs.lead_work import (
    LeadConvertInput,
    LeadDisqualifyInput,
    LeadDisqualifyManyInput,
    LeadFollowUpInput,
    LeadPauseInput,
    LeadResumeInput,
    LeadSharesSetInput,
)
from schema.payloads.lead_work import (
    LeadConvertPayload,
    LeadDisqualifyManyPayload,
    LeadDisqualifyPayload,
    LeadFollowUpPayload,
    LeadPausePayload,
    LeadResumePayload,
    LeadSharesSetPayload,
)
from services.leads.close import disqualify_lead
from services.leads.convert import convert_lead
from services.leads.follow_up import follow_up_lead
from services.leads.pausing import pause_lead, resume_lead
from services.leads.share import share_lead


@strawberry.type
class LeadWorkMutations:
    @mutation("Keep that somebody was in touch with a lead, by which deadlines are met.")
    async def lead_follow_up(self, info: Info, input: LeadFollowUpInput) -> LeadFollowUpPayload | None:
        async def work() -> int:
            return await follow_up_lead(
                viewer=info.context.viewer,
                lead_id=row_id(LEAD, input.id),
                follow_up=command(NewFollowUp, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LeadFollowUpPayload, LEAD_FOLLOW_UP, work)

    @mutation("Let a lead's deadlines stand still while its customer is waited for.")
    async def lead_pause(self, info: Info, input: LeadPauseInput) -> LeadPausePayload | None:
        async def work() -> int:
            return await pause_lead(
                viewer=info.context.viewer, lead_id=row_id(LEAD, input.id), idempotency_key=input.idempotency_key
            )

        return await written(info, LeadPausePayload, LEAD, work)

    @mutation("Let a lead's deadlines go on.")
    async def lead_resume(self, info: Info, input: LeadResumeInput) -> LeadResumePayload | None:
        async def work() -> int:
            return await resume_lead(
                viewer=info.context.viewer, lead_id=row_id(LEAD, input.id), idempotency_key=input.idempotency_key
            )

        return await written(info, LeadResumePayload, LEAD, work)

    @mutation("Make a customer of a lead, exactly one.")
    async def lead_convert(self, info: Info, input: LeadConvertInput) -> LeadConvertPayload | None:
        async def work() -> int:
            return await convert_lead(
                viewer=info.context.viewer,
                lead_id=row_id(LEAD, input.id),
                customer_id=None if input.customer_id is None else row_id(CUSTOMER, input.customer_id),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LeadConvertPayload, LEAD, work)

    @mutation("Close a lead to whom there is nothing to sell.")
    async def lead_disqualify(self, info: Info, input: LeadDisqualifyInput) -> LeadDisqualifyPayload | None:
        async def work() -> int:
            return await _disqualify(info, row_id(LEAD, input.id), "leadDisqualify", input)

        return await written(info, LeadDisqualifyPayload, LEAD, work)

    @mutation("Close many leads, each in a transaction of its own.")
    async def lead_disqualify_many(
        self, info: Info, input: LeadDisqualifyManyInput
    ) -> LeadDisqualifyManyPayload | None:
        async def work(lead_id: int, name: str) -> int:
            return await _disqualify(info, lead_id, name, input)

        return await of_each(info, LeadDisqualifyManyPayload, input.lead_ids, "leadDisqualifyMany", work)

    @mutation("Say with whom a lead is shared, and how its credit is divided.")
    async def lead_shares_set(self, info: Info, input: LeadSharesSetInput) -> LeadSharesSetPayload | None:
        async def work() -> int:
            return await share_lead(
                viewer=info.context.viewer,
                lead_id=row_id(LEAD, input.id),
                shares=commands(LeadShareEntry, input.shares, "shares"),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LeadSharesSetPayload, LEAD, work)


async def _disqualify(info: Info, lead_id: int, name: str, input: LeadDisqualifyInput | LeadDisqualifyManyInput) -> int:
    return await disqualify_lead(
        viewer=info.context.viewer,
        lead_id=lead_id,
        why=command(Disqualification, input),
        mutation=name,
        idempotency_key=input.idempotency_key,
    )

"""Mutations by which leads find an owner, and lose one."""

import strawberry

from domain.leads.working import HandOver
from resolvers.answers import Info, written
from resolvers.lead_results import of_each
from rows.entities import LEAD, LEAD_POOL
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.lead_work import (
    LeadAssignInput,
    LeadAssignManyInput,
    LeadClaimInput,
    LeadClaimManyInput,
    LeadClaimNextInput,
    LeadReassignInput,
    LeadReassignManyInput,
    LeadReleaseInput,
    LeadReleaseManyInput,
)
from schema.payloads.lead_work import (
    LeadAssignManyPayload,
    LeadAssignPayload,
    LeadClaimManyPayload,
    LeadClaimNextPayload,
    LeadClaimPayload,
    LeadReassignManyPayload,
    LeadReassignPayload,
    LeadReleaseManyPayload,
    LeadReleasePayload,
)
from services.leads.claim import ClaimRequest
from services.leads.hand_over import assign_lead, release_lead


@strawberry.type
class LeadClaimMutations:
    @mutation("Take a lead that waits in one of your pools (抢单): of all who ask, exactly one gets it.")
    async def lead_claim(self, info: Info, input: LeadClaimInput) -> LeadClaimPayload | None:
        async def work() -> int:
            return await _claim(info, row_id(LEAD, input.id), "leadClaim", input.idempotency_key)

        return await written(info, LeadClaimPayload, LEAD, work)

    @mutation("Take many leads, each by itself.")
    async def lead_claim_many(self, info: Info, input: LeadClaimManyInput) -> LeadClaimManyPayload | None:
        async def work(lead_id: int, name: str) -> int:
            return await _claim(info, lead_id, name, input.idempotency_key)

        return await of_each(info, LeadClaimManyPayload, input.lead_ids, "leadClaimMany", work)

    @mutation("Take the best lead that waits for you.")
    async def lead_claim_next(self, info: Info, input: LeadClaimNextInput) -> LeadClaimNextPayload | None:
        async def work() -> int:
            pool_id = None if input.pool_id is None else row_id(LEAD_POOL, input.pool_id)
            request = ClaimRequest(
                viewer=info.context.viewer,
                mutation="leadClaimNext",
                pool_id=pool_id,
                idempotency_key=input.idempotency_key,
            )
            return await info.context.claims.claim(request)

        return await written(info, LeadClaimNextPayload, LEAD, work)

    @mutation("Give a lead back to its pool, where others may claim it.")
    async def lead_release(self, info: Info, input: LeadReleaseInput) -> LeadReleasePayload | None:
        async def work() -> int:
            return await _release(info, row_id(LEAD, input.id), "leadRelease", input)

        return await written(info, LeadReleasePayload, LEAD, work)

    @mutation("Give many leads back, each in a transaction of its own.")
    async def lead_release_many(self, info: Info, input: LeadReleaseManyInput) -> LeadReleaseManyPayload | None:
        async def work(lead_id: int, name: str) -> int:
            return await _release(info, lead_id, name, input)

        return await of_each(info, LeadReleaseManyPayload, input.lead_ids, "leadReleaseMany", work)

    @mutation("Give a lead that is nobody's to somebody; for MANAGER, to people of their teams, and ADMIN.")
    async def lead_assign(self, info: Info, input: LeadAssignInput) -> LeadAssignPayload | None:
        async def work() -> int:
            return await _assign(info, row_id(LEAD, input.id), "leadAssign", input)

        return await written(info, LeadAssignPayload, LEAD, work)

    @mutation("Give many leads that are nobody's to somebody, each in a transaction of its own.")
    async def lead_assign_many(self, info: Info, input: LeadAssignManyInput) -> LeadAssignManyPayload | None:
        async def work(lead_id: int, name: str) -> int:
            return await _assign(info, lead_id, name, input)

        return await of_each(info, LeadAssignManyPayload, input.lead_ids, "leadAssignMany", work)

    @mutation("Give a lead to somebody else; for MANAGER, within their teams, and ADMIN.")
    async def lead_reassign(self, info: Info, input: LeadReassignInput) -> LeadReassignPayload | None:
        async def work() -> int:
            return await _assign(info, row_id(LEAD, input.id), "leadReassign", input)

        return await written(info, LeadReassignPayload, LEAD, work)

    @mutation("Give many leads to somebody else, each in a transaction of its own.")
    async def lead_reassign_many(self, info: Info, input: LeadReassignManyInput) -> LeadReassignManyPayload | None:
        async def work(lead_id: int, name: str) -> int:
            return await _assign(info, lead_id, name, input)

        return await of_each(info, LeadReassignManyPayload, input.lead_ids, "leadReassignMany", work)


async def _claim(info: Info, lead_id: int, name: str, key: str | None) -> int:
    request = ClaimRequest(viewer=info.context.viewer, mutation=name, lead_id=lead_id, idempotency_key=key)
    return await info.context.claims.claim(request)


async def _release(info: Info, lead_id: int, name: str, input: LeadReleaseInput | LeadReleaseManyInput) -> int:
    return await release_lead(
        viewer=info.context.viewer,
        lead_id=lead_id,
        reason=input.reason,
        mutation=name,
        idempotency_key=input.idempotency_key,
    )


async def _assign(
    info: Info,
    lead_id: int,
    name: str,
    input: LeadAssignInput | LeadAssignManyInput | LeadReassignInput | LeadReassignManyInput,
) -> int:
    return await assign_lead(
        viewer=info.context.viewer,
        lead_id=lead_id,
        to=command(HandOver, input),
        anew=isinstance(input, LeadReassignInput | LeadReassignManyInput),
        company=info.context.company,
        mutation=name,
        idempotency_key=input.idempotency_key,
    )

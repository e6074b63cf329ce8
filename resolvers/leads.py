"""Mutations of leads and their pools."""

from dataclasses import replace

import strawberry

from domain.leads.pools import LeadPoolEntry, Members
from domain.unset import Unset
from resolvers.answers import Info, written
from rows.entities import LEAD_POOL
from schema.commands import command, row_id
from schema.describe import mutation
from schema.filters import as_json
from schema.inputs.leads import LeadPoolMembersSetInput, LeadPoolUpsertInput
from schema.payloads.leads import LeadPoolMembersSetPayload, LeadPoolUpsertPayload
from services.leads.pools import set_members, upsert_pool


@strawberry.type
class LeadMutations:
    @mutation("Make a pool of leads, or change the one with this code; for administrators.")
    async def lead_pool_upsert(self, info: Info, input: LeadPoolUpsertInput) -> LeadPoolUpsertPayload | None:
        async def work() -> int:
            pool = command(LeadPoolEntry, input)
            if not isinstance(pool.entry_filter, Unset | None):
                pool = replace(pool, entry_filter=as_json(pool.entry_filter))
            return await upsert_pool(
                viewer=info.context.viewer,
                company=info.context.company,
                pool=pool,
                custom_fields=info.context.custom_fields.current,
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LeadPoolUpsertPayload, LEAD_POOL, work)

    @mutation("Say who gets leads of a pool; for administrators.")
    async def lead_pool_members_set(
        self, info: Info, input: LeadPoolMembersSetInput
    ) -> LeadPoolMembersSetPayload | None:
        async def work() -> int:
            return await set_members(
                viewer=info.context.viewer,
                pool_id=row_id(LEAD_POOL, input.id),
                expected_version=input.expected_version,
                members=command(Members, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, LeadPoolMembersSetPayload, LEAD_POOL, work)

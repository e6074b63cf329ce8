"""Mutations of leads and their pools."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

import strawberry

from domain.errors import Refused
from domain.leads.entry import LeadChanges, NewLead
from domain.leads.forms import LeadFormEntry
from domain.leads.pools import LeadPoolEntry, Members
from domain.unset import Unset
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from resolvers.lists import entry_written
from rows.entities import LEAD, LEAD_FORM, LEAD_POOL
from rows.ids import global_id
from schema.commands import command, row_id
from schema.describe import mutation
from schema.filters import as_json
from schema.inputs.leads import (
    LeadCreateInput,
    LeadFormKeyCreateInput,
    LeadFormUpsertInput,
    LeadPoolMembersSetInput,
    LeadPoolUpsertInput,
    LeadUpdateInput,
)
from schema.payloads.leads import (
    LeadCreatePayload,
    LeadFormKeyCreatePayload,
    LeadFormUpsertPayload,
    LeadPoolMembersSetPayload,
    LeadPoolUpsertPayload,
    LeadUpdatePayload,
)
from services.leads.create import create_lead
from services.leads.forms import create_form_key
from services.leads.pools import set_members, upsert_pool
from services.leads.update import update_lead

P = TypeVar("P")


@strawberry.type
class LeadMutations:
    @mutation("Enter a lead. It goes to whoever has the same person already, or else where it is sent.")
    async def lead_create(self, info: Info, input: LeadCreateInput) -> LeadCreatePayload | None:
        async def work() -> int:
            return await create_lead(
                viewer=info.context.viewer,
                company=info.context.company,
                lead=command(NewLead, input),
                idempotency_key=input.idempotency_key,
            )

        return await _written(info, LeadCreatePayload, work)

    @mutation("Change a lead.")
    async def lead_update(self, info: Info, input: LeadUpdateInput) -> LeadUpdatePayload | None:
        async def work() -> int:
            return await update_lead(
                viewer=info.context.viewer,
                company=info.context.company,
                lead_id=row_id(LEAD, input.id),
                expected_version=input.expected_version,
                changes=command(LeadChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await _written(info, LeadUpdatePayload, work)

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

    @mutation("Make a form for web sites, or change the one with this code; for administrators.")
    async def lead_form_upsert(self, info: Info, input: LeadFormUpsertInput) -> LeadFormUpsertPayload | None:
        return await entry_written(info, LeadFormUpsertPayload, LeadFormEntry, input)

    @mutation("Give a form a key, in place of the one that it had. It is in this answer and nowhere else.")
    async def lead_form_key_create(self, info: Info, input: LeadFormKeyCreateInput) -> LeadFormKeyCreatePayload | None:
        number = row_id(LEAD_FORM, input.id)
        try:
            key = await create_form_key(viewer=info.context.viewer, form_id=number)
        except Refused as refused:
            return LeadFormKeyCreatePayload(key=None, lead_form=None, errors=errors_of(info, refused))
        return LeadFormKeyCreatePayload(key=key, lead_form=cast(Any, RowRef(LEAD_FORM, number)), errors=[])

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


async def _written(info: Info, payload: Callable[..., P], work: Callable[[], Awaitable[int]]) -> P:
    """As `written`, with the lead's id beside it: the lead may have left the viewer's sight."""
    try:
        number = await work()
    except Refused as refused:
        return payload(id=None, lead=None, errors=errors_of(info, refused))
    return payload(id=strawberry.ID(global_id(LEAD, number)), lead=cast(Any, RowRef(LEAD, number)), errors=[])

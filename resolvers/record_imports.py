"""Mutations that import customers, leads, products and prices."""

from typing import Any

import strawberry

from domain.jobs import JobKind
from resolvers.answers import Info
from resolvers.jobs import started
from rows.entities import CHANNEL, FILE, LEAD_POOL, USER
from schema.commands import row_id
from schema.describe import mutation
from schema.inputs.records import ChannelPriceImportInput, CustomerImportInput, LeadImportInput, ProductImportInput
from schema.payloads.jobs import (
    ChannelPriceImportPayload,
    CustomerImportPayload,
    LeadImportPayload,
    ProductImportPayload,
)
from services.imports.records.start import RecordImport, start_record_import


@strawberry.type
class RecordImportMutations:
    @mutation("Make or change customers by files, in a job.")
    async def customer_import(self, info: Info, input: CustomerImportInput) -> CustomerImportPayload | None:
        owner_id = row_id(USER, input.owner_id) if input.owner_id else None
        wanted = _wanted(input, channel_id=row_id(CHANNEL, input.channel_id), owner_id=owner_id)

        async def work() -> int:
            return await start_record_import(
                viewer=info.context.viewer,
                kind=JobKind.CUSTOMER_IMPORT,
                wanted=wanted,
                idempotency_key=input.idempotency_key,
            )

        return await started(info, CustomerImportPayload, work)

    @mutation("Enter leads by files, in a job.")
    async def lead_import(self, info: Info, input: LeadImportInput) -> LeadImportPayload | None:
        wanted = _wanted(
            input,
            channel_id=row_id(CHANNEL, input.source_id),
            owner_id=row_id(USER, input.owner_id) if input.owner_id else None,
            pool_id=row_id(LEAD_POOL, input.pool_id) if input.pool_id else None,
        )

        async def work() -> int:
            return await start_record_import(
                viewer=info.context.viewer,
                kind=JobKind.LEAD_IMPORT,
                wanted=wanted,
                idempotency_key=input.idempotency_key,
            )

        return await started(info, LeadImportPayload, work)

    @mutation("Make or change products by files, in a job.")
    async def product_import(self, info: Info, input: ProductImportInput) -> ProductImportPayload | None:
        async def work() -> int:
            return await start_record_import(
                viewer=info.context.viewer,
                kind=JobKind.PRODUCT_IMPORT,
                wanted=_wanted(input),
                idempotency_key=input.idempotency_key,
            )

        return await started(info, ProductImportPayload, work)

    @mutation("Make or change prices of a channel by files, in a job; for MANAGER and ADMIN.")
    async def channel_price_import(
        self, info: Info, input: ChannelPriceImportInput
    ) -> ChannelPriceImportPayload | None:
        given = {"currency": input.currency, "starts_on": input.starts_on}
        defaults = {name: str(value) for name, value in given.items() if value is not None}
        wanted = _wanted(input, channel_id=row_id(CHANNEL, input.channel_id), defaults=defaults)

        async def work() -> int:
            return await start_record_import(
                viewer=info.context.viewer,
                kind=JobKind.CHANNEL_PRICE_IMPORT,
                wanted=wanted,
                idempotency_key=input.idempotency_key,
            )

        return await started(info, ChannelPriceImportPayload, work)


def _wanted(given: Any, **more: Any) -> RecordImport:
    columns = {ours: theirs for ours, theirs in vars(given.columns).items() if theirs is not None}
    return RecordImport(
        files=[row_id(FILE, file) for file in given.files],
        columns=columns,
        encoding=given.encoding,
        delimiter=given.delimiter,
        dry_run=given.dry_run,
        **more,
    )

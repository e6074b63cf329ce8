"""Mutations that export what the viewer sees."""

from typing import Any, TypeVar

import strawberry

from domain.jobs import JobKind
from resolvers.answers import Info
from resolvers.jobs import started
from rows.conditions import CUSTOM
from rows.entities import SEGMENT
from schema.commands import row_id
from schema.describe import mutation
from schema.filters import as_json
from schema.inputs.exports import CustomerExportInput, LeadExportInput, OrderExportInput, ProductExportInput
from schema.payloads.jobs import CustomerExportPayload, LeadExportPayload, OrderExportPayload, ProductExportPayload
from services.exports.parameters import ExportParameters
from services.exports.start import start_export

P = TypeVar("P")


@strawberry.type
class ExportMutations:
    @mutation("Write orders that you see into a file, in a job.")
    async def order_export(self, info: Info, input: OrderExportInput) -> OrderExportPayload | None:
        return await _export(info, OrderExportPayload, JobKind.ORDER_EXPORT, input)

    @mutation("Write customers that you see into a file, in a job.")
    async def customer_export(self, info: Info, input: CustomerExportInput) -> CustomerExportPayload | None:
        return await _export(info, CustomerExportPayload, JobKind.CUSTOMER_EXPORT, input)

    @mutation("Write products into a file, in a job.")
    async def product_export(self, info: Info, input: ProductExportInput) -> ProductExportPayload | None:
        return await _export(info, ProductExportPayload, JobKind.PRODUCT_EXPORT, input)

    @mutation("Write leads that you see into a file, in a job.")
    async def lead_export(self, info: Info, input: LeadExportInput) -> LeadExportPayload | None:
        return await _export(info, LeadExportPayload, JobKind.LEAD_EXPORT, input)


async def _export(info: Info, payload: type[P], kind: JobKind, given: Any) -> P:
    async def work() -> int:
        return await start_export(
            viewer=info.context.viewer,
            kind=kind,
            wanted=_parameters(given),
            custom_fields=info.context.custom_fields.current,
            idempotency_key=given.idempotency_key,
        )

    return await started(info, payload, work)


def _parameters(given: Any) -> ExportParameters:
    sort = as_json(given.sort) if given.sort else {}
    direction = sort.get("direction")
    segment = getattr(given, "segment", None)  # of products and leads there are none
    return ExportParameters(
        format=given.format,
        filter=as_json(given.filter) if given.filter else None,
        segment=None if segment is None else row_id(SEGMENT, segment),
        sort=str(sort["field"]).lower() if sort.get("field") else None,
        custom_sort=sort.get(CUSTOM),
        descending=None if direction is None else direction == "DESC",
        columns=None if given.columns is None else tuple(given.columns),
    )

"""Inputs about exports: which rows, in which order, which columns, in which format."""

from typing import Annotated, Any, TypeAlias

import strawberry

from domain.naming import camel
from rows.declare import Entity
from rows.entities import CUSTOMER, LEAD, ORDER, PRODUCT
from rows.transfer import USUAL, WAYS
from schema.describe import input_type, text
from schema.enums import ExportFormat
from schema.inputs.common import IDEMPOTENCY_KEY, optional

_FILTER = "Only rows for which this holds."
_SEGMENT = "Only rows of this segment, as it is now, by its global id; with a filter, for which both hold."
_SORT = "Their order; the list's own if absent."
_FORMAT = "How the file is written."

OrderFilter: TypeAlias = Annotated["OrderFilter", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
OrderSort: TypeAlias = Annotated["OrderSort", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
CustomerFilter: TypeAlias = Annotated["CustomerFilter", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
CustomerSort: TypeAlias = Annotated["CustomerSort", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
LeadFilter: TypeAlias = Annotated["LeadFilter", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
LeadSort: TypeAlias = Annotated["LeadSort", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
ProductFilter: TypeAlias = Annotated["ProductFilter", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time
ProductSort: TypeAlias = Annotated["ProductSort", strawberry.lazy("schema.filters")]  # type: ignore[misc]  # made at run time


def _columns(entity: Entity) -> Any:
    """The field that names columns, and tells which there are."""
    every = ", ".join(map(camel, WAYS[entity.name]))
    usual = ", ".join(map(camel, USUAL[entity.name]))
    told = f"{usual} if absent" if set(USUAL[entity.name]) != set(WAYS[entity.name]) else "all of these if absent"
    return optional(f"Columns in their order, of {every}, and keys of custom fields; {told}.")


@input_type
class OrderExportInput:
    """Orders to be exported, a row each; a row for each line where there is a column of lines."""

    format: ExportFormat = text(_FORMAT)
    filter: OrderFilter | None = optional(_FILTER)
    segment: strawberry.ID | None = optional(_SEGMENT)
    sort: OrderSort | None = optional(_SORT)
    columns: list[str] | None = _columns(ORDER)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomerExportInput:
    """Customers to be exported, a row each."""

    format: ExportFormat = text(_FORMAT)
    filter: CustomerFilter | None = optional(_FILTER)
    segment: strawberry.ID | None = optional(_SEGMENT)
    sort: CustomerSort | None = optional(_SORT)
    columns: list[str] | None = _columns(CUSTOMER)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ProductExportInput:
    """Products to be exported, a row each."""

    format: ExportFormat = text(_FORMAT)
    filter: ProductFilter | None = optional(_FILTER)
    sort: ProductSort | None = optional(_SORT)
    columns: list[str] | None = _columns(PRODUCT)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadExportInput:
    """Leads to be exported, a row each. What is masked from you in the API is empty."""

    format: ExportFormat = text(_FORMAT)
    filter: LeadFilter | None = optional(_FILTER)
    sort: LeadSort | None = optional(_SORT)
    columns: list[str] | None = _columns(LEAD)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)

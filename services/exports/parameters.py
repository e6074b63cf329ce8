"""What an export was asked for, as it is stored with its job, and what it means."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.errors import InvalidInput, Refused
from domain.exports import MOST_COLUMNS, ExportFormat
from domain.jobs import JobKind
from domain.naming import camel
from domain.paths import INPUT
from domain.problems import Problem
from domain.scopes import TokenScope
from domain.text import too_many
from rows.conditions import CUSTOM, NO_FILTER, Filter
from rows.custom_fields import CustomField, CustomFields
from rows.declare import Column, Entity
from rows.entities import CUSTOMER, LEAD, ORDER, PRODUCT
from rows.filters import parse_filter
from rows.transfer import USUAL, WAYS, ExportShape

EXPORTED: Mapping[JobKind, Entity] = {
    JobKind.ORDER_EXPORT: ORDER,
    JobKind.CUSTOMER_EXPORT: CUSTOMER,
    JobKind.PRODUCT_EXPORT: PRODUCT,
    JobKind.LEAD_EXPORT: LEAD,
}


class ExportParameters(BaseModel):
    """What somebody wants: rows by `filter` (as JSON has it), in the order of `sort` or of the custom field with the
    key `custom_sort`, and `columns`, or the usual ones.

    `segment` is the number of a segment that the rows are also of, and `segment_filter` what it meant when the export
    was started, so that the rows are those that were asked for. `scopes` are those of the API token that asked, None
    for a person.
    """

    model_config = ConfigDict(frozen=True)

    format: ExportFormat
    filter: dict[str, Any] | None = None
    segment: int | None = None
    segment_filter: dict[str, Any] | None = None
    sort: str | None = None
    custom_sort: str | None = None
    descending: bool | None = None
    columns: tuple[str, ...] | None = None
    scopes: frozenset[TokenScope] | None = None


def understand(entity: Entity, wanted: ExportParameters, custom: CustomFields) -> tuple[ExportShape, Sequence[Any]]:
    """The shape of the export and the values of its filter. Raises Refused with what is wrong."""
    columns = _columns(entity, wanted.columns, custom)
    parsed = _filter(entity, "filter", wanted.filter, custom)
    parsed = parsed.together(_filter(entity, "segment", wanted.segment_filter, custom))
    sort, usually = _sort(entity, wanted, custom)
    descending = usually if wanted.descending is None else wanted.descending
    shape = ExportShape(entity=entity, columns=columns, condition=parsed.condition, sort=sort, descending=descending)
    return shape, parsed.values


def _sort(entity: Entity, wanted: ExportParameters, custom: CustomFields) -> tuple[Column, bool]:
    """The column that rows are sorted by, and whether it usually descends. No index is needed: all rows are read."""
    if wanted.custom_sort is None:
        sort = entity.sorts[wanted.sort or next(iter(entity.sorts))]
        return entity.columns[sort.column], sort.descending
    path = (*INPUT, "sort", CUSTOM)
    if wanted.sort is not None:
        raise Refused(InvalidInput(path=path, problem=Problem.NOT_TOGETHER, limit="field"))
    found = custom.get(entity.custom, wanted.custom_sort) if entity.custom else None
    if found is None:
        raise Refused(InvalidInput(path=path, problem=Problem.UNKNOWN))
    return found.column, False


def _filter(entity: Entity, named: str, raw: Mapping[str, Any] | None, custom: CustomFields) -> Filter:
    if raw is None:
        return NO_FILTER
    try:
        return parse_filter(entity, raw, custom)
    except Refused as refused:
        error = refused.errors[0]
        assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
        path = (*INPUT, named, *error.path)
        raise Refused(InvalidInput(path=path, problem=error.problem, limit=error.limit)) from None


def _columns(entity: Entity, names: Sequence[str] | None, custom: CustomFields) -> Sequence[str | CustomField]:
    if names is None:
        return USUAL[entity.name]
    path = (*INPUT, "columns")
    if not names:
        raise Refused(InvalidInput(path=path, problem=Problem.MISSING))
    if len(names) > MOST_COLUMNS:
        raise Refused(too_many(path, MOST_COLUMNS))
    known: dict[str, str | CustomField] = {camel(name): name for name in WAYS[entity.name]}
    problems, found = [], []
    for place, name in enumerate(names):
        of = known.get(name) or (custom.get(entity.custom, name) if entity.custom else None)
        if of is None or name in names[:place]:
            problem = Problem.UNKNOWN if of is None else Problem.DUPLICATE
            problems.append(InvalidInput(path=(*path, str(place)), problem=problem))
        else:
            found.append(of)
    if problems:
        raise Refused(*problems)
    return found

"""Segments: how many rows they have, and mutations."""

from typing import Annotated, Any, TypeAlias

import strawberry

from domain.errors import InvalidInput, Refused
from domain.paths import INPUT
from domain.problems import Problem
from domain.segments import MOST_COUNTED, NewSegment, SegmentChanges, SegmentEntity
from domain.unset import UNSET
from reads.errors import invalid_input
from reads.hook import RowRef
from reads.segments import Total, kept_filters, segment_totals
from resolvers.answers import Info, errors_of, written
from rows.entities import SEGMENT
from rows.ids import global_id
from schema.commands import row_id
from schema.describe import mutation, resolved
from schema.errors import user_error
from schema.filters import as_json
from schema.inputs.segments import SegmentCreateInput, SegmentDeleteInput, SegmentUpdateInput
from schema.payloads.segments import SegmentCreatePayload, SegmentDeletePayload, SegmentUpdatePayload
from schema.types.base import Money
from schema.types.segments import SegmentTotal
from services.segments.change import delete_segment, update_segment
from services.segments.create import create_segment
from services.segments.filters import FILTERS

Segments: TypeAlias = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"Global ids of segments, at most {MOST_COUNTED}.")
]


@strawberry.type
class SegmentQueries:
    @resolved("How many rows of segments you see, and what they come to: for each of the ids, in their order.")
    async def segment_totals(self, info: Info, ids: Segments) -> list[SegmentTotal] | None:
        if len(ids) > MOST_COUNTED:
            raise invalid_input(InvalidInput(path=("ids",), problem=Problem.TOO_MANY, limit=str(MOST_COUNTED)))
        asked, pools = info.context.asked_now(), info.context.execution.engine.pools
        numbers = [row_id(SEGMENT, text) for text in ids]
        kept = await kept_filters(pools, asked.context, asked.shape, numbers)
        totals = await segment_totals(pools, asked.context, asked.shape, list(kept.values()), asked.custom_fields)
        found = dict(zip(kept, totals, strict=True))
        return [_total(info, number, found.get(number)) for number in numbers]


def _total(info: Info, number: int, total: Total | None) -> SegmentTotal:
    if total is None:
        return SegmentTotal(segment=None, count=None, amount=None, problem=None)
    currency: Any = info.context.company.currency
    amount: Any = total.amount
    problem: Any = user_error(total.problem, info.context.language) if total.problem else None
    row: Any = RowRef(SEGMENT, number)
    money = Money(amount=amount, currency=currency) if amount else None
    return SegmentTotal(segment=row, count=total.count, amount=money, problem=problem)


@strawberry.type
class SegmentMutations:
    @mutation("Keep a filter under a name.")
    async def segment_create(self, info: Info, input: SegmentCreateInput) -> SegmentCreatePayload | None:
        async def work() -> int:
            entity, raw = _filter(input)
            if entity is None:
                raise Refused(InvalidInput(path=(*INPUT, FILTERS[SegmentEntity.ORDER]), problem=Problem.MISSING))
            return await create_segment(
                viewer=info.context.viewer,
                segment=NewSegment(entity=entity, name=input.name, filter=raw, shared=bool(input.shared)),
                custom_fields=info.context.custom_fields.current,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, SegmentCreatePayload, SEGMENT, work)

    @mutation("Rename, share or change a segment of your own; ADMIN any.")
    async def segment_update(self, info: Info, input: SegmentUpdateInput) -> SegmentUpdatePayload | None:
        async def work() -> int:
            entity, raw = _filter(input)
            return await update_segment(
                viewer=info.context.viewer,
                segment_id=row_id(SEGMENT, input.id),
                expected_version=input.expected_version,
                changes=SegmentChanges(
                    name=_given(input.name, "name"),
                    shared=_given(input.shared, "shared"),
                    filter=UNSET if entity is None else raw,
                ),
                of=entity,
                custom_fields=info.context.custom_fields.current,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, SegmentUpdatePayload, SEGMENT, work)

    @mutation("Delete a segment of your own; ADMIN any.")
    async def segment_delete(self, info: Info, input: SegmentDeleteInput) -> SegmentDeletePayload | None:
        try:
            number = await delete_segment(
                viewer=info.context.viewer,
                segment_id=row_id(SEGMENT, input.id),
                idempotency_key=input.idempotency_key,
            )
        except Refused as refused:
            return SegmentDeletePayload(deleted_id=None, errors=errors_of(info, refused))
        return SegmentDeletePayload(deleted_id=strawberry.ID(global_id(SEGMENT, number)), errors=[])


def _filter(given: Any) -> tuple[SegmentEntity | None, dict[str, Any]]:
    """The one filter that the input has, and what it is of. Raises Refused for two."""
    orders, customers = given.order_filter, given.customer_filter
    if orders is not None and customers is not None:
        path = (*INPUT, FILTERS[SegmentEntity.CUSTOMER])
        raise Refused(InvalidInput(path=path, problem=Problem.NOT_TOGETHER, limit=FILTERS[SegmentEntity.ORDER]))
    if orders is not None:
        return SegmentEntity.ORDER, as_json(orders)
    return (None, {}) if customers is None else (SegmentEntity.CUSTOMER, as_json(customers))


def _given(value: Any, name: str) -> Any:
    """`value`, or UNSET where it was left out. Raises Refused for null."""
    if value is None:
        raise Refused(InvalidInput(path=(*INPUT, name), problem=Problem.NULL))
    return UNSET if value is strawberry.UNSET else value

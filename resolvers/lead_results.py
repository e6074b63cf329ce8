"""Many leads of one mutation: an outcome for each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

import strawberry

from domain.errors import InvalidInput, Refused
from domain.paths import INPUT
from domain.problems import Problem
from reads.hook import RowRef
from resolvers.answers import Info, errors_of
from rows.entities import LEAD
from schema.commands import row_id
from schema.inputs.order_steps import MOST_AT_ONCE
from schema.payloads.lead_work import LeadResult

P = TypeVar("P")


async def of_each(
    info: Info,
    payload: Callable[..., P],
    ids: Sequence[strawberry.ID],
    mutation: str,
    work: Callable[[int, str], Awaitable[int]],
) -> P:
    """A `payload` with what became of each lead: `work` gets its number, and a name for its idempotency."""
    if len(ids) > MOST_AT_ONCE:
        too_many = InvalidInput(path=(*INPUT, "leadIds"), problem=Problem.TOO_MANY, limit=str(MOST_AT_ONCE))
        return payload(results=None, errors=errors_of(info, Refused(too_many)))
    results = [await _result(info, each, place, mutation, work) for place, each in enumerate(ids)]
    return payload(results=results, errors=[])


async def _result(
    info: Info, given: strawberry.ID, place: int, mutation: str, work: Callable[[int, str], Awaitable[int]]
) -> LeadResult:
    try:
        number = await work(row_id(LEAD, given), f"{mutation}#{place}")
    except Refused as refused:
        return LeadResult(id=given, lead=None, errors=errors_of(info, _at_place(refused, place)))
    return LeadResult(id=given, lead=cast(Any, RowRef(LEAD, number)), errors=[])


def _at_place(refused: Refused, place: int) -> Refused:
    """The refusals with what was said about `id` told of its place in `leadIds`."""
    there = (*INPUT, "leadIds", str(place))
    return Refused(*(replace(error, path=there) if error.path == (*INPUT, "id") else error for error in refused.errors))

"""Segments as arguments of reads: the filter that is kept, put where its id was given, and rows counted by it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import orjson

from domain.errors import InvalidInput, Refused
from domain.problems import Problem
from domain.segments import SegmentEntity
from reads.pools import ReadPools
from reads.values import check_values
from rows.conditions import Filter, is_selective
from rows.counting import order_counts
from rows.custom_fields import CustomFields
from rows.declare import Entity
from rows.entities import CUSTOMER, ORDER, SEGMENT
from rows.filters import parse_filter
from rows.ids import number_of
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape

ARGUMENT = "segment"
"""The argument of lists that names a segment."""
OF: Mapping[SegmentEntity, Entity] = {SegmentEntity.ORDER: ORDER, SegmentEntity.CUSTOMER: CUSTOMER}
SEGMENTED = frozenset(entity.name for entity in OF.values())


@dataclass(frozen=True)
class KeptFilter:
    """The filter of a segment, as it is stored; what it means is found when it is used."""

    entity: SegmentEntity
    raw: Mapping[str, Any]

    def parse(self, of: Entity, custom_fields: CustomFields) -> Filter:
        """The filter. Raises Refused with one InvalidInput: it is of other rows, or names what is no longer there."""
        if OF[self.entity] is not of:
            raise Refused(InvalidInput(problem=Problem.OTHER_SEGMENT, limit=self.entity))
        return parse_filter(of, self.raw, custom_fields)


@dataclass(frozen=True)
class Total:
    """What there is of a segment: `count` rows, orders of `amount`; or why its filter means nothing now."""

    count: int | None = None
    amount: str | None = None
    problem: InvalidInput | None = None


def name_segments(given: Sequence[dict[str, Any] | None]) -> bool:
    """Whether arguments of fields name a segment, which changes, and which not everybody sees."""
    return any(values and values.get(ARGUMENT) is not None for values in given)


async def with_segments(
    pools: ReadPools, context: Context, shape: ViewerShape, given: Sequence[dict[str, Any] | None]
) -> list[dict[str, Any] | None]:
    """Arguments of fields, with the filter that is kept (None: there is none to be seen) where they name a segment."""
    ids = {values[ARGUMENT] for values in given if values and values.get(ARGUMENT) is not None}
    if not ids:
        return list(given)
    found = await filters_named(pools, context, shape, ids)
    return [
        {**values, ARGUMENT: (found.get(values[ARGUMENT]),)} if values and values.get(ARGUMENT) is not None else values
        for values in given
    ]


async def filters_named(pools: ReadPools, context: Context, shape: ViewerShape, ids: Set[str]) -> dict[str, KeptFilter]:
    """The filters of those of the segments that the viewer sees, by global id."""
    numbers = {text: number for text in ids if (number := number_of(text, SEGMENT))}
    kept = await kept_filters(pools, context, shape, list(numbers.values()))
    return {text: kept[number] for text, number in numbers.items() if number in kept}


async def kept_filters(
    pools: ReadPools, context: Context, shape: ViewerShape, numbers: Sequence[int]
) -> dict[int, KeptFilter]:
    """The filters of those of the segments that the viewer sees, by number."""
    compiler = Compiler(shape)
    wanted = compiler.parameters.value(0, 0, "bigint[]")
    seen = compiler.visible(SEGMENT, "t") or "true"
    where = f"t.id = ANY({wanted}) AND {seen}"
    sql = f"SELECT t.id, t.entity, t.condition FROM segment t WHERE {where}"  # of our own making
    rows = await pools.fetch(sql, fill(compiler.parameters.sources, context, [[list(numbers)]]), selective=False)
    return {row["id"]: KeptFilter(SegmentEntity(row["entity"]), orjson.loads(row["condition"])) for row in rows}


async def segment_totals(
    pools: ReadPools,
    context: Context,
    shape: ViewerShape,
    kept: Sequence[KeptFilter],
    custom_fields: CustomFields,
) -> list[Total]:
    """How many rows of each the viewer sees, all counted in one snapshot."""
    totals: list[Total | None] = []
    filters: list[tuple[Entity, Filter]] = []
    for each in kept:
        entity = OF[each.entity]
        try:
            filters.append((entity, each.parse(entity, custom_fields)))
            totals.append(None)
        except Refused as refused:
            error = refused.errors[0]
            assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
            totals.append(Total(problem=error))
    counted = iter(await _counted(pools, context, shape, filters))
    return [total or next(counted) for total in totals]


async def _counted(
    pools: ReadPools, context: Context, shape: ViewerShape, filters: Sequence[tuple[Entity, Filter]]
) -> list[Total]:
    if not filters:
        return []
    compiler = Compiler(shape)
    selects = [_count(compiler, entity, of, group) for group, (entity, of) in enumerate(filters)]
    columns = ", ".join(f"({select})" for select in selects)
    groups = [of.values for _, of in filters]
    check_values(groups)
    selective = any(is_selective(of.condition) for _, of in filters)
    arguments = fill(compiler.parameters.sources, context, groups)
    row = await pools.fetchrow(f"SELECT {columns}", arguments, selective=selective)
    return [Total(count=int(count), amount=amount or None) for count, amount in (text.split(" ") for text in row)]


def _count(compiler: Compiler, entity: Entity, of: Filter, group: int) -> str:
    """A select of one text: how many rows, a space, and what they come to if they are orders."""
    if entity is ORDER:
        digits = compiler.parameters.currency_digits()
        counts = order_counts(compiler, (), of.condition, group)
        return f"SELECT c.orders || ' ' || round(c.amount, {digits}) FROM ({counts}) c"  # of our own making
    alias = compiler.alias()
    holds = compiler.condition(of.condition, entity, alias, group)
    branches = [
        f"SELECT count(*) AS found FROM {entity.table} {alias} WHERE {branch or 'true'} AND {holds}"
        for branch in compiler.branches(entity, alias, spread=False)
    ]
    return f"SELECT sum(c.found) || ' ' FROM ({' UNION ALL '.join(branches)}) c"  # of our own making

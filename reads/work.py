"""The work queue: orders that the viewer is to take on, a page at a time."""

import base64
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.orders.work import WorkReason
from domain.words import Words
from reads.errors import Code, coded
from reads.pools import ReadPools
from rows.ids import LARGEST
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape
from rows.work import KEYS, work_found
from services.records.open import NOT_OVER

_NO_CURSOR = Words("after: not a cursor of a work queue", "after：不是工作队列的游标")
_LONGEST = 200
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z"
_CURSOR = re.compile(rf"work,([1-9][0-9]?),(-|{_MOMENT}),({_MOMENT}),([1-9][0-9]{{0,18}})")
_TODAY, _SIZE, _BEHIND = 0, 1, 2


@dataclass(frozen=True)
class Place:
    """Where an order stands in the queue; `respond_by` None comes behind all moments."""

    priority: int
    respond_by: datetime | None
    placed_at: datetime
    id: int

    def cursor(self) -> str:
        """The place as clients keep it."""
        moments = ["-" if each is None else _written(each) for each in (self.respond_by, self.placed_at)]
        plain = ",".join(["work", str(self.priority), *moments, str(self.id)])
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Item:
    """An order that waits, why, and where it stands."""

    reason: WorkReason
    place: Place


def place_of(cursor: str) -> Place:
    """The place that a cursor stands for. Raises GraphQLError where it is none of a work queue."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        found = _CURSOR.fullmatch(plain) if len(cursor) <= _LONGEST else None
        if found is None or int(found[4]) > LARGEST:
            raise ValueError(cursor)
        respond_by = None if found[2] == "-" else datetime.fromisoformat(found[2])
        return Place(int(found[1]), respond_by, datetime.fromisoformat(found[3]), int(found[4]))
    except ValueError as error:
        raise coded(_NO_CURSOR, Code.INVALID_CURSOR, path=("after",)) from error


async def work_queue(
    pools: ReadPools,
    context: Context,
    shape: ViewerShape,
    *,
    today: date,
    size: int,
    after: Place | None,
    reasons: Collection[WorkReason],
) -> list[Item]:
    """Up to `size` orders behind `after`, by priority, then by when somebody has to have seen to them, then by age."""
    compiler = Compiler(shape)
    branches = list(_branches(compiler, behind=after is not None, reasons=reasons).values())
    if not branches:
        return []
    limit = compiler.parameters.value(0, _SIZE, "bigint")
    found = " UNION ALL ".join(f"({branch} ORDER BY {_keys('t')} LIMIT {limit})" for branch in branches)
    sql = f"SELECT u.* FROM ({found}) u ORDER BY {_keys('u')} LIMIT {limit}"  # of our own making
    values = [today, size, *(_values(after) if after else ())]
    rows = await pools.fetch(sql, fill(compiler.parameters.sources, context, [values]), selective=True)
    return [
        Item(WorkReason(row["reason"]), Place(row["priority"], row["respond_by"], row["placed_at"], row["id"]))
        for row in rows
    ]


async def work_counts(
    pools: ReadPools, context: Context, shape: ViewerShape, *, today: date, reasons: Collection[WorkReason]
) -> dict[WorkReason, int]:
    """How many orders wait for the viewer for each reason for which they may have work, none among them."""
    compiler = Compiler(shape)
    branches = _branches(compiler, behind=False, reasons=reasons)
    if not branches:
        return {}
    counts = (f"(SELECT count(*) FROM ({branch}) b) AS {reason}" for reason, branch in branches.items())
    sql = f"SELECT {', '.join(counts)}"  # of our own making
    row = await pools.fetchrow(sql, fill(compiler.parameters.sources, context, [[today]]), selective=True)
    return dict(zip(branches, row.values(), strict=True))


def _branches(compiler: Compiler, *, behind: bool, reasons: Collection[WorkReason]) -> dict[WorkReason, str]:
    further = f" AND ({_keys('t')}) > ({_behind(compiler)})" if behind else ""
    return {
        reason: (
            f"SELECT t.id, '{reason}' AS reason, {KEYS[0].format(t='t')} AS priority, t.respond_by, t.placed_at"
            f" FROM sales_order t WHERE t.{NOT_OVER} AND {condition}{further}"
        )
        for reason, condition in work_found(compiler, "t", today_slot=_TODAY, reasons=reasons)
    }


def _keys(alias: str) -> str:
    return ", ".join(key.format(t=alias) for key in KEYS)


def _behind(compiler: Compiler) -> str:
    types = ("int", "timestamptz", "timestamptz", "bigint")
    priority, respond_by, placed_at, number = (
        compiler.parameters.value(0, slot, of) for slot, of in enumerate(types, start=_BEHIND)
    )
    return f"{priority}, coalesce({respond_by}, 'infinity'), {placed_at}, {number}"


def _values(place: Place) -> Sequence[Any]:
    return (place.priority, place.respond_by, place.placed_at, place.id)


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"

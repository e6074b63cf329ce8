"""The feed of events as a viewer may read it: a page of what changed behind a place, in order of position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from domain.events import Aggregate, ChangeKind, EventType
from domain.words import Words
from reads.engine import Asked
from reads.errors import Code, coded
from reads.places import Place, rights_of
from reads.pools import ReadPools
from rows.events import NAMED, row_at, seen, seen_now, shares
from rows.ids import global_id
from rows.parameters import fill
from rows.sql import Compiler, ViewerShape

_EXPIRED = Words("after: what comes behind this cursor is not kept any more", "after：此游标之后的内容已不再保留")
SCANNED = 10_000
"""How many events one request looks at, whoever may see them."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """An entry of the feed. What there is to say of the event is None unless it is CHANGED; RESYNC has no row.

    `by` and what `facts` name are global ids.
    """

    place: Place
    kind: ChangeKind
    aggregate: Aggregate | None = None
    number: int | None = None
    type: EventType | None = None
    seq: int | None = None
    at: datetime | None = None
    by: str | None = None
    facts: dict[str, Any] | None = None


@dataclass(frozen=True)
class Page:
    """Changes in order; all up to `end` have been looked at. `newest` is the end of the feed."""

    changes: Sequence[Change]
    end: Place
    newest: Place

    @property
    def has_more(self) -> bool:
        """Whether there are events behind `end`, which the viewer may see or not."""
        return self.newest.position > self.end.position


@dataclass(frozen=True)
class _Statement:
    sql: str
    sources: tuple[tuple[Any, ...], ...]


class Feed:
    """Reads the feed of one database."""

    def __init__(self, pools: ReadPools) -> None:
        self._pools = pools
        self._statements: dict[ViewerShape, _Statement] = {}

    async def newest(self) -> int:
        """The newest position."""
        (row,) = await self._pools.fetch("SELECT newest FROM event_sequence", [], selective=False)
        return int(row["newest"])

    async def page(self, asked: Asked, after: Place | None, types: Sequence[EventType] | None, first: int) -> Page:
        """Up to `first` changes behind `after`, of all `types` if None, from the oldest that is kept if there is no
        place.

        Whose rights are others than those of the place is told to RESYNC, from there on with the new ones. Raises
        GraphQLError for a place that is not kept any more.
        """
        statement = self._statement(asked)
        position = after.position if after else None
        values = fill(statement.sources, asked.context, [[position, types, first]])
        rows = await self._pools.fetch(statement.sql, values, selective=False)
        newest, begin, rights = rows[0]["newest"], rows[0]["begin"], rights_of(asked.context.viewer, rows[0]["shares"])
        if not rows[0]["oldest"] - 1 <= begin <= newest:
            raise _expired()
        end = Place(newest, rights)
        if after and after.rights != rights:
            here = Place(begin, rights)
            return Page([Change(place=here, kind=ChangeKind.RESYNC)], here, end)
        changes = [_change(row, rights) for row in rows if row["position"] is not None]
        full = len(changes) == first
        reached = changes[-1].place.position if full and changes else begin if full else min(begin + SCANNED, newest)
        return Page(changes, Place(reached, rights), end)

    def _statement(self, asked: Asked) -> _Statement:
        shape = ViewerShape(asked.shape.roles, 0, asked.shape.scopes)
        if shape not in self._statements:
            self._statements[shape] = _compiled(shape)
        return self._statements[shape]


def _compiled(shape: ViewerShape) -> _Statement:
    """The state of the feed in each row, and beside it, where there are any, the changes of the page in order.

    Positions are dense, so a bound of positions bounds what is looked at, and the primary key finds it.
    """
    compiler = Compiler(shape)
    value = compiler.parameters.value
    position, types, first = value(0, 0, "bigint"), value(0, 1, "text[]"), value(0, 2, "bigint")
    sql = f"""
SELECT f.newest, f.oldest, f.begin, {shares(compiler)} AS shares, c.*, c.after AND {seen_now(compiler, "c")} AS changed
FROM (SELECT newest, oldest, coalesce({position}, oldest - 1) AS begin FROM event_sequence) f
LEFT JOIN LATERAL (
    SELECT e.position, e.aggregate, e.aggregate_id, e.seq, e.type, e.payload, e.created_at,
           {seen(compiler, "e", "after")} AS after
    FROM event e, {row_at("e", "before")} before, {row_at("e", "after")} after
    WHERE e.position > f.begin AND e.position <= f.begin + {SCANNED} AND ({types} IS NULL OR e.type = ANY({types}))
      AND ({seen(compiler, "e", "after")} OR {seen(compiler, "e", "before")})
    ORDER BY e.position LIMIT {first}
) c ON true
ORDER BY c.position
"""  # of shapes; values are bound
    return _Statement(sql, compiler.parameters.sources)


def _change(row: asyncpg.Record, rights: str) -> Change:
    place, aggregate = Place(row["position"], rights), Aggregate(row["aggregate"])
    if not row["changed"]:
        return Change(place=place, kind=ChangeKind.REMOVED, aggregate=aggregate, number=row["aggregate_id"])
    facts = {key: _named(key, value) for key, value in orjson.loads(row["payload"]).items()}
    return Change(
        place=place,
        kind=ChangeKind.CHANGED,
        aggregate=aggregate,
        number=row["aggregate_id"],
        type=EventType(row["type"]) if row["type"] in set(EventType) else None,  # of a newer version, which runs too
        seq=row["seq"],
        at=row["created_at"],
        by=facts.pop("by", None),
        facts=facts,
    )


def _named(key: str, value: Any) -> Any:
    return global_id(NAMED[key], value) if key in NAMED and value is not None else value


def _expired() -> Exception:
    return coded(_EXPIRED, Code.CURSOR_EXPIRED, path=("after",))

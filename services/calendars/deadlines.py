"""What has a deadline in working time, and how deadlines are made anew where a calendar or a pause changes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from domain.events import Aggregate, EventType
from domain.pauses import PauseSubject
from models.connection import TransactionClient, pool
from rows.events import SUBJECTS
from rows.lead_seats import OPEN_STATUSES
from services.clock import now
from services.jobs.progress import Progress
from services.jobs.walking import FIRST_CHUNK, everybody_under_way, next_size, wait_for
from services.outbox import events_of
from services.records.open import NOT_OVER
from services.transaction import retrying, transaction


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Rows of `table` that are due in `column`: `seconds` of working time by `calendar` after `since`, while `open`.

    These are expressions over the row t; `seconds` are null where nothing is due. Pauses are found by `kind` and the
    row's id. Where a deadline moves by itself, an `event` of the row's aggregate tells of it, with this `payload`.
    """

    kind: PauseSubject
    table: str
    column: str
    since: str
    seconds: str
    calendar: str
    open: str
    aggregate: Aggregate
    event: EventType
    payload: str

    @property
    def due(self) -> str:
        """The deadline of the row t as it should be."""
        parts = (self.calendar, self.since, self.seconds, f"'{self.kind}'", "t.id")
        return f"working_deadline({', '.join(parts)})::timestamptz(3)"

    @cached_property
    def next_chunk(self) -> str:
        """Rows behind $1, $2 of them, and whether the deadline of each is another than it should be."""
        return f"""
            SELECT t.id, t.{self.column} IS DISTINCT FROM {self.due} AS moves FROM {self.table} t
            WHERE {self.open} AND {self.seconds} IS NOT NULL AND t.id > $1 ORDER BY t.id LIMIT $2
        """  # noqa: S608  # of the code's own names

    @cached_property
    def lock(self) -> str:
        """Locks rows, by their ids, in order."""
        return f"SELECT FROM {self.table} WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"  # as above

    @cached_property
    def write(self) -> str:
        """Makes the deadlines of rows anew, by their ids; with $2, events at the moment $3 tell of those that moved."""
        before = {name: f"t.{name}" for name in SUBJECTS[self.aggregate].facts}
        told = events_of(
            self.aggregate,
            self.event,
            rows="written t WHERE $2",
            payload=self.payload,
            at="$3::timestamptz",
            before=before,
        )
        return f"""
            WITH due AS MATERIALIZED (
                SELECT t.id, {self.due} AS at FROM {self.table} t
                WHERE t.id = ANY ($1::bigint[]) AND {self.seconds} IS NOT NULL
            ), written AS (
                UPDATE {self.table} t SET {self.column} = due.at, last_seq = t.last_seq + $2::bool::int
                FROM due WHERE t.id = due.id AND t.{self.column} IS DISTINCT FROM due.at RETURNING new.*
            ), told AS ({told})
            SELECT count(*) FROM written
        """  # noqa: S608  # as above


ORDERS = Deadline(
    kind=PauseSubject.ORDER,
    table="sales_order",
    column="respond_by",
    since="t.placed_at",
    seconds="t.response_minutes * 60",
    calendar="company_calendar()",
    open=f"t.{NOT_OVER}",
    aggregate=Aggregate.ORDER,
    event=EventType.ORDER_CLASSIFIED,
    payload="jsonb_build_object('version', t.version, 'tierVersion', t.tier_version)",
)
_TOUCHED = "coalesce(t.last_follow_up_at >= t.assigned_at, false)"


def _of_pool(minutes: str) -> str:
    return f"(SELECT p.{minutes} * 60 FROM lead_pool p WHERE p.id = t.pool_id)"  # noqa: S608  # of names of ours


def _of_leads(column: str, *, since: str, seconds: str) -> Deadline:
    return Deadline(
        kind=PauseSubject.LEAD,
        table="lead",
        column=column,
        since=since,
        seconds=seconds,
        calendar="coalesce((SELECT p.calendar_id FROM lead_pool p WHERE p.id = t.pool_id), company_calendar())",
        open=f"t.owner_id IS NOT NULL AND t.status IN ({OPEN_STATUSES})",
        aggregate=Aggregate.LEAD,
        event=EventType.LEAD_UPDATED,
        payload="jsonb_build_object('version', t.version)",
    )


FOLLOW_UP = _of_leads(
    "follow_up_by",
    since="greatest(t.assigned_at, t.last_follow_up_at)",
    seconds=f"CASE WHEN {_TOUCHED} OR {_of_pool('first_contact_minutes')} IS NULL"
    f" THEN {_of_pool('follow_up_minutes')} END",
)
LEADS = (
    _of_leads(
        "contact_by",
        since="t.assigned_at",
        seconds=f"CASE WHEN NOT {_TOUCHED} THEN {_of_pool('first_contact_minutes')} END",
    ),
    FOLLOW_UP,
    _of_leads("convert_by", since="t.assigned_at", seconds=_of_pool("convert_minutes")),
)
"""What the owner of a lead has to do: be in touch, be in touch again, and bring it to an end."""
DEADLINES: Sequence[Deadline] = (ORDERS, *LEADS)
"""All that a change of a calendar moves. A new kind of deadline is one more entry."""


def new_due_in(minutes: str) -> str:
    """By when to respond to the order t, whose customer was never asked: so many minutes of work after placement."""
    return f"add_working_time({ORDERS.calendar}, {ORDERS.since}, {minutes} * 60)::timestamptz(3)"


def due_in(minutes: str) -> str:
    """As `new_due_in`, of any order t."""
    return replace(ORDERS, seconds=f"{minutes} * 60").due


async def make_deadline(client: TransactionClient, deadline: Deadline, row_id: int) -> None:
    """Make the deadline of one row anew, which the caller has locked and tells of."""
    await client.connection.execute(deadline.write, [row_id], False, now())


async def make_open_deadlines(progress: Progress) -> tuple[int, int]:
    """Make all deadlines anew that are open; how many were looked at, and how many moved.

    Who wrote a row by a calendar as it was may not have committed yet: so the rows are walked twice.
    """
    total = sum([await pool().fetchval(f"SELECT count(*) FROM {each.table} t WHERE {each.open}") for each in DEADLINES])  # noqa: S608  # as above
    begun = await everybody_under_way()
    looked_at = moved = 0

    async def tell() -> None:
        await progress(done=looked_at, total=max(2 * total, looked_at))

    for walk in (1, 2):
        if walk == 2:
            await wait_for(begun, tell)
        for deadline in DEADLINES:
            last, size, began = 0, FIRST_CHUNK, time.monotonic()
            while chunk := await _make_chunk(deadline, last, size):
                last, many, changed = chunk
                size = next_size(size, time.monotonic() - began)
                looked_at, moved = looked_at + many, moved + changed
                await tell()
                began = time.monotonic()
    return looked_at // 2, moved


@retrying
async def _make_chunk(deadline: Deadline, after: int, size: int) -> tuple[int, int, int] | None:
    """The last row of the chunk behind `after`, how many it has, and how many moved; None when there are no more."""
    async with transaction() as client:
        rows = await client.connection.fetch(deadline.next_chunk, after, size)
        if not rows:
            return None
        moving = [row["id"] for row in rows if row["moves"]]
        moved = 0
        if moving:
            await client.connection.execute(deadline.lock, moving)
            moved = await client.connection.fetchval(deadline.write, moving, True, now())
        return rows[-1]["id"], len(rows), moved

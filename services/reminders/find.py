"""Causes are looked for, and reminders of them scheduled, by one worker at a time.

Moments ahead are found by their indexes, a little before their reminders are due, and what has a reminder already is
left out. Events are read once each, by their positions in the feed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.reminders import ReminderKind, ReminderState
from models.connection import TransactionClient
from services.clock import now
from services.reminders.registry import SOURCES
from services.reminders.sources import Ahead, Source, Told
from services.transaction import transaction

BATCH = 5_000
"""Causes of a kind that are scheduled at once, and events that are read."""
AHEAD = timedelta(minutes=10)
"""How long before they are due reminders are scheduled."""
SINCE = timedelta(days=7)
"""A moment that is longer past causes nothing any more: so long workers may have been away."""

_HOLD = """
SELECT position FROM reminder_progress WHERE greatest(looked_at - $1, $1 - looked_at) >= $2 FOR UPDATE SKIP LOCKED
"""
_BEGIN = """
INSERT INTO reminder_progress (id, position, checked, looked_at)
SELECT 1, newest, 0, to_timestamp(0) FROM event_sequence ON CONFLICT DO NOTHING
"""
_UPTO = "SELECT least(newest, $1::bigint + $2::bigint) AS upto FROM event_sequence"
# As long as there is more, somebody looks again at once.
_LOOKED = "UPDATE reminder_progress SET position = $1, looked_at = CASE WHEN $3 THEN looked_at ELSE $2 END"

_INSERT = """
INSERT INTO reminder (kind, subject_kind, subject_id, cause_at, recipient_id, state, due_at, facts)
SELECT '{kind}', '{subject}', n.subject_id, n.cause_at, n.recipient_id, '{state}', {due},
  n.facts || jsonb_build_object('zone', coalesce(z.time_zone, {zone}))
FROM new n {joins} LEFT JOIN business_calendar z ON z.id = n.calendar
{where} ON CONFLICT DO NOTHING
"""
_CALENDAR = "coalesce(u.calendar_id, (SELECT company_calendar()))"
_UNKNOWN = """NOT EXISTS (SELECT FROM reminder r WHERE r.recipient_id = c.recipient_id AND r.kind = '{kind}'
  AND r.subject_kind = '{subject}' AND r.subject_id = c.subject_id AND r.cause_at = c.cause_at)"""
# `reach`: of every calendar, and so many seconds before, how far ahead a moment may lie whose reminder is due. How many
# moments are near the planner cannot know: by OFFSET 0 it takes one after the other, whatever it thinks.
_AHEAD = """
WITH reach AS MATERIALIZED (
  SELECT s.seconds, k.calendar,
    coalesce(add_working_time(k.calendar, $2, s.seconds), $2 + s.seconds * interval '1 second') AS latest
  FROM ({seconds}) s (seconds)
  CROSS JOIN (SELECT id AS calendar FROM business_calendar UNION ALL SELECT NULL::bigint) k
  WHERE s.seconds IS NOT NULL
), near AS MATERIALIZED ({rows}
), new AS MATERIALIZED (
  SELECT c.*, w.calendar FROM near c CROSS JOIN LATERAL (
    SELECT {calendar} AS calendar FROM app_user u WHERE u.id = c.recipient_id AND u.active OFFSET 0
  ) w CROSS JOIN LATERAL (
    SELECT latest FROM reach m
    WHERE m.seconds = c.seconds AND coalesce(m.calendar, 0) = coalesce(w.calendar, 0) OFFSET 0
  ) e
  WHERE c.cause_at BETWEEN $1 AND e.latest AND {unknown} ORDER BY c.cause_at LIMIT $3
)
"""
_DUE = """CROSS JOIN LATERAL (SELECT coalesce(add_working_time(n.calendar, n.cause_at, -n.seconds),
  n.cause_at - n.seconds * interval '1 second') AS due_at) d"""
_TOLD = """
WITH told AS MATERIALIZED (
  SELECT * FROM event e WHERE e.position > $1 AND e.position <= $2 AND e.type IN ({types})
), new AS MATERIALIZED (
  SELECT c.*, {calendar} AS calendar FROM ({rows}) c JOIN app_user u ON u.id = c.recipient_id AND u.active
)
"""


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many reminders were `scheduled`, and whether there is `more` to be found at once."""

    scheduled: int
    more: bool


async def find_causes(*, zone: ZoneInfo, every: timedelta = timedelta(), at_most: int = BATCH) -> Found | None:
    """Schedule reminders of what will cause one soon, or has; None where somebody else does, or did since `every`.

    `zone` is the company's, for people without a calendar.
    """
    moment = now()
    async with transaction() as client:
        held = await client.connection.fetchrow(_HOLD, moment, every)
        if held is None:
            # Or this is the first time of all.
            await client.connection.execute(_BEGIN)
            return None
        ahead = [await _schedule_ahead(client, kind, moment, zone, at_most) for kind in _STATEMENTS[Ahead]]
        upto = await client.connection.fetchval(_UPTO, held["position"], at_most)
        told = 0
        if upto > held["position"]:
            for kind in _STATEMENTS[Told]:
                told += await _schedule_told(client, kind, (held["position"], upto), zone)
        more = max(ahead) >= at_most or upto - held["position"] >= at_most
        await client.connection.execute(_LOOKED, upto, moment, more)
    return Found(scheduled=sum(ahead) + told, more=more)


async def _schedule_ahead(
    client: TransactionClient, kind: ReminderKind, moment: datetime, zone: ZoneInfo, at_most: int
) -> int:
    statement = _STATEMENTS[Ahead][kind]
    tag = await client.connection.execute(statement, moment - SINCE, moment + AHEAD, at_most, zone.key)
    return int(tag.split()[-1])


async def _schedule_told(
    client: TransactionClient, kind: ReminderKind, positions: tuple[int, int], zone: ZoneInfo
) -> int:
    tag = await client.connection.execute(_STATEMENTS[Told][kind], *positions, zone.key)
    return int(tag.split()[-1])


def _ahead(source: Source, found: Ahead) -> str:
    rows = found.rows.format(since="$1", latest="(SELECT max(latest) FROM reach)")
    unknown = _UNKNOWN.format(kind=source.kind, subject=source.subject.name)
    finding = _AHEAD.format(seconds=found.seconds, rows=rows, calendar=_CALENDAR, unknown=unknown)
    return finding + _insert(source, due="d.due_at", zone="$4", joins=_DUE, where="WHERE d.due_at <= $2")


def _told(source: Source, found: Told) -> str:
    types = ", ".join(f"'{each}'" for each in found.types)
    finding = _TOLD.format(types=types, rows=found.rows.format(events="told"), calendar=_CALENDAR)
    return finding + _insert(source, due="n.cause_at", zone="$3")


def _insert(source: Source, *, due: str, zone: str, joins: str = "", where: str = "") -> str:
    return _INSERT.format(
        kind=source.kind,
        subject=source.subject.name,
        state=ReminderState.SCHEDULED,
        due=due,
        zone=zone,
        joins=joins,
        where=where,
    )


_STATEMENTS: Mapping[type, Mapping[ReminderKind, str]] = {
    Ahead: {kind: _ahead(each, each.found) for kind, each in SOURCES.items() if isinstance(each.found, Ahead)},
    Told: {kind: _told(each, each.found) for kind, each in SOURCES.items() if isinstance(each.found, Told)},
}

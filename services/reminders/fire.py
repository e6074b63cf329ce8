"""Reminders fire, once each, however many workers there are: a row is one worker's from its lock to the commit."""

from dataclasses import dataclass

from domain.reminders import OPEN, WAITING, DeliveryState, ReminderChannel, ReminderState
from services.clock import now
from services.reminders.registry import HOLDS
from services.transaction import transaction

BATCH = 2_000
_S = ReminderState


def _among(states: tuple[ReminderState, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


# Letters wait for the next moment at which their reader has worked for a millisecond.
_FIRE = f"""
WITH due AS MATERIALIZED (
  SELECT * FROM reminder WHERE state IN ({_among(WAITING)}) AND due_at <= $1
  ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT r.id, u.active AND {HOLDS} AS holds, u.reminder_channels AS channels,
    coalesce(u.calendar_id, (SELECT company_calendar())) AS calendar
  FROM due r JOIN app_user u ON u.id = r.recipient_id
), fired AS (
  UPDATE reminder r SET state = CASE WHEN j.holds THEN '{_S.FIRED}' ELSE '{_S.WITHDRAWN}' END,
    fired_at = CASE WHEN j.holds THEN $1 ELSE r.fired_at END
  FROM judged j WHERE r.id = j.id
  RETURNING r.id, j.holds, j.channels, j.calendar
), sent AS (
  INSERT INTO reminder_delivery (reminder_id, channel, fired_at, state, attempts, next_try_at)
  SELECT f.id, channel, $1, '{DeliveryState.WAITING}', 0, coalesce(add_working_time(f.calendar, $1, 0.001), $1)
  FROM fired f CROSS JOIN unnest(f.channels) channel WHERE f.holds AND channel = ANY ($3::text[])
)
SELECT count(*) AS taken, count(*) FILTER (WHERE holds) AS fired FROM fired
"""  # noqa: S608  # of names of ours
_PLACE = "SELECT checked FROM reminder_progress FOR UPDATE SKIP LOCKED"
_CHECKED = "UPDATE reminder_progress SET checked = $1"
_WITHDRAW = f"""
WITH looked AS MATERIALIZED (
  SELECT id FROM reminder WHERE state IN ({_among(OPEN)}) AND id > $1 ORDER BY id LIMIT $2
), gone AS (
  UPDATE reminder r SET state = '{_S.WITHDRAWN}' FROM looked, app_user u
  WHERE r.id = looked.id AND u.id = r.recipient_id AND r.state IN ({_among(OPEN)}) AND NOT (u.active AND {HOLDS})
  RETURNING r.id
)
SELECT count(*) AS looked, max(id) AS last FROM looked
"""  # noqa: S608  # as above


@dataclass(frozen=True, kw_only=True)
class Fired:
    """How many reminders were `taken` that were due, and how many of them `fired`: others had lost their cause."""

    taken: int
    fired: int


async def fire_reminders(*, channels: tuple[ReminderChannel, ...] = (), at_most: int = BATCH) -> Fired:
    """Fire what is due, the oldest first, and withdraw what has no cause any more.

    `channels` are those by which the company can reach anybody: with each that a recipient wants as well, the reminder
    is to be delivered.
    """
    async with transaction() as client:
        [row] = await client.connection.fetch(_FIRE, now(), at_most, [each.value for each in channels])
    return Fired(taken=row["taken"], fired=row["fired"])


async def withdraw_reminders(*, at_most: int = BATCH) -> None:
    """Withdraw open reminders whose causes are gone: among the next ones in turn, as long as nobody else does."""
    async with transaction() as client:
        place = await client.connection.fetchval(_PLACE)
        if place is not None:
            [row] = await client.connection.fetch(_WITHDRAW, place, at_most)
            await client.connection.execute(_CHECKED, row["last"] if row["looked"] >= at_most else 0)

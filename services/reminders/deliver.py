"""Reminders go to people by their channels, at least once: a worker takes them, sends, and tells what came of it.

Nothing is held meanwhile. Whoever takes one puts its next try off; if nothing is heard of it until then, somebody else
tries again.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from domain.reminders import MOST_TRIES, DeliveryState, ReminderChannel, ReminderState, pause_after
from services.clock import now
from services.transaction import transaction

_D = DeliveryState
_LONGEST_ERROR = 500
_TAKE = f"""
WITH taken AS MATERIALIZED (
  SELECT * FROM reminder_delivery WHERE state = '{_D.WAITING}' AND next_try_at <= $1
  ORDER BY next_try_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
  SELECT d.id, r.kind, r.subject_kind, r.cause_at, r.facts::text AS facts, u.email, u.name, u.language,
    r.state = '{ReminderState.FIRED}' AND r.fired_at = d.fired_at AND u.active AND d.channel = ANY (u.reminder_channels)
      AS wanted
  FROM taken d JOIN reminder r ON r.id = d.reminder_id JOIN app_user u ON u.id = r.recipient_id
)
UPDATE reminder_delivery d SET attempts = d.attempts + j.wanted::int, next_try_at = $3,
  state = CASE WHEN j.wanted THEN '{_D.WAITING}' ELSE '{_D.DROPPED}' END
FROM judged j WHERE d.id = j.id RETURNING j.*, d.attempts, d.fired_at, d.channel
"""  # noqa: S608  # of names of ours
_SENT = f"""
UPDATE reminder_delivery SET state = '{_D.SENT}', sent_at = $2, last_error = NULL
WHERE id = ANY ($1::bigint[]) AND state <> '{_D.SENT}'
"""  # noqa: S608  # as above
# Somebody who came later may have taken it over, or sent it.
_FAILED = f"""
UPDATE reminder_delivery d SET next_try_at = coalesce(f.again_at, d.next_try_at), last_error = f.error,
  state = CASE WHEN f.again_at IS NULL THEN '{_D.PARKED}' ELSE '{_D.WAITING}' END
FROM unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::text[]) AS f (id, attempts, again_at, error)
WHERE d.id = f.id AND d.attempts = f.attempts AND d.state = '{_D.WAITING}'
"""  # noqa: S608  # as above


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A reminder on its way to somebody, taken for the `attempts`-th time. `language` is None for all of them."""

    id: int
    attempts: int
    channel: ReminderChannel
    kind: str
    subject_kind: str
    cause_at: datetime
    fired_at: datetime
    facts: dict[str, Any]
    email: str
    name: str
    language: str | None


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A delivery that came to nothing, and why. `final`: it would not another time, either."""

    delivery: Delivery
    error: str
    final: bool = False


async def take_deliveries(*, at_most: int, lease: timedelta) -> Sequence[Delivery]:
    """Deliveries whose time has come, the oldest first, for this worker alone until `lease` is over.

    What is not wanted any more is dropped: the reminder was seen, put off or withdrawn, or its reader wants no letters.
    """
    moment = now()
    async with transaction() as client:
        rows = await client.connection.fetch(_TAKE, moment, at_most, moment + lease)
    wanted = sorted((row for row in rows if row["wanted"]), key=lambda row: row["id"])
    return [_delivery(row) for row in wanted]


async def tell_sent(deliveries: Sequence[Delivery]) -> None:
    """Keep that they arrived where they were sent to."""
    async with transaction() as client:
        await client.connection.execute(_SENT, [each.id for each in deliveries], now())


async def tell_failed(failed: Sequence[Failed]) -> int:
    """Keep that they did not, and when they are tried again; how many are parked instead."""
    moment, chance = now(), random.random  # not a secret
    pauses = [pause_after(MOST_TRIES if each.final else each.delivery.attempts, chance()) for each in failed]
    values = (
        [each.delivery.id for each in failed],
        [each.delivery.attempts for each in failed],
        [None if pause is None else moment + pause for pause in pauses],
        [each.error[:_LONGEST_ERROR] for each in failed],
    )
    async with transaction() as client:
        await client.connection.execute(_FAILED, *values)
    return pauses.count(None)


def _delivery(row: Any) -> Delivery:
    facts = {name: value for name, value in row.items() if name != "wanted"}
    channel = ReminderChannel(row["channel"])
    return Delivery(**(facts | {"facts": orjson.loads(row["facts"]), "channel": channel}))

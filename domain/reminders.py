"""Reminders (提醒): what somebody is told by themselves, once for each cause, and how they are told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import InvalidInput
from domain.moments import write_moment
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import too_many
from domain.unset import UNSET, Change, Unset


class ReminderKind(StrEnum):
    """What a reminder is about."""

    FIRST_CONTACT_DUE = "FIRST_CONTACT_DUE"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    FOLLOW_UP_PLANNED = "FOLLOW_UP_PLANNED"
    CONVERSION_DUE = "CONVERSION_DUE"
    LEAD_RECEIVED = "LEAD_RECEIVED"
    LEAD_LOST = "LEAD_LOST"
    DEADLINE_MISSED = "DEADLINE_MISSED"


class ReminderState(StrEnum):
    """How far a reminder has come."""

    SCHEDULED = "SCHEDULED"
    FIRED = "FIRED"
    SNOOZED = "SNOOZED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    WITHDRAWN = "WITHDRAWN"


WAITING = (ReminderState.SCHEDULED, ReminderState.SNOOZED)
"""The states in which a reminder will fire at its moment."""
OPEN = (*WAITING, ReminderState.FIRED)
"""The states in which it is withdrawn when its cause is gone."""


class ReminderChannel(StrEnum):
    """By what somebody is reminded, beside the application itself."""

    EMAIL = "EMAIL"


class DeliveryState(StrEnum):
    """What became of a reminder's way by one channel: DROPPED when nobody wants it any more, PARKED when it failed."""

    WAITING = "WAITING"
    SENT = "SENT"
    DROPPED = "DROPPED"
    PARKED = "PARKED"


class Language(StrEnum):
    """A language in which people are told things."""

    EN = "EN"
    ZH = "ZH"


MOST_TRIES = 12
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)
LONGEST_SNOOZE = timedelta(days=90)
MOST_AT_ONCE = 250


def pause_after(tries: int, chance: float) -> timedelta | None:
    """How long to wait after so many tries that failed; None when it is not tried again.

    Twice as long each time, up to an hour. `chance`, from 0 to 1, makes it up to a quarter shorter or longer, so that
    what failed together does not come back together.
    """
    if tries >= MOST_TRIES:
        return None
    doubled: int = 2 ** (tries - 1)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE) * (0.75 + chance / 2)


def snooze_problems(until: datetime, *, now: datetime) -> Iterator[InvalidInput]:
    """What is wrong with the moment until which a reminder is put off."""
    path = (*INPUT, "until")
    if until <= now:
        yield InvalidInput(path=path, problem=Problem.TOO_EARLY, limit=write_moment(now))
    if until > now + LONGEST_SNOOZE:
        yield InvalidInput(path=path, problem=Problem.TOO_LATE, limit=write_moment(now + LONGEST_SNOOZE))


def ids_problems(ids: Sequence[int]) -> Iterator[InvalidInput]:
    """What is wrong with a list of reminders that somebody has seen."""
    if len(ids) > MOST_AT_ONCE:
        yield too_many((*INPUT, "reminderIds"), MOST_AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class ReminderSettings(Change):
    """How somebody wants to be told: by which `channels` beside the application, and in which `language`.

    A language of None: in all of them.
    """

    channels: Sequence[ReminderChannel] | Unset = UNSET
    language: Language | Unset | None = UNSET


def settings_problems(settings: ReminderSettings) -> Iterator[InvalidInput]:
    """What is wrong with the settings, each with its path."""
    channels = () if isinstance(settings.channels, Unset) else settings.channels
    for place, channel in enumerate(channels):
        if channel in channels[:place]:
            yield InvalidInput(path=(*INPUT, "channels", str(place)), problem=Problem.DUPLICATE)

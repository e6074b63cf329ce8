"""Inputs about reminders."""

import datetime

import strawberry

from domain.reminders import LONGEST_SNOOZE, MOST_AT_ONCE
from schema.describe import input_type, text
from schema.enums import Language, ReminderChannel
from schema.inputs.common import IDEMPOTENCY_KEY, change, optional


@input_type
class ReminderAckInput:
    """Reminders that you have seen."""

    reminder_ids: list[strawberry.ID] = text(f"The reminders, at most {MOST_AT_ONCE}.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ReminderSnoozeInput:
    """A reminder that is to come again."""

    id: strawberry.ID = text("The reminder.")
    until: datetime.datetime = text(f"When; at most {LONGEST_SNOOZE.days} days from now.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ReminderSettingsSetInput:
    """How you want to be told; what is left out stays."""

    channels: list[ReminderChannel] | None = change("By what, beside the application; empty for nothing else.")
    language: Language | None = change("In which language; null for all of them, one below the other.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)

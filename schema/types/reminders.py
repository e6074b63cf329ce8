"""Reminders."""

from datetime import datetime

from schema.describe import object_type, text
from schema.enums import ReminderKind, ReminderState
from schema.types.base import Node


@object_type
class Reminder(Node):
    """What you were told by itself (提醒), once for each cause: nobody else sees it."""

    kind: ReminderKind = text("What it is about.")
    state: ReminderState = text("How far it has come.")
    message: str = text("What it says, in the language of the request.")
    cause_at: datetime = text("The deadline of which it reminds, or when that happened which it tells.")
    due_at: datetime = text("When it was due; another moment after it was put off.")
    fired_at: datetime = text("When it fired, the last time.")
    snoozed_until: datetime | None = text("Until when it is put off; null if it is not.")
    subject: Node | None = text("What it is about, such as a lead; null where you do not see that any more.")

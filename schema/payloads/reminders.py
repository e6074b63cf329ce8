"""What mutations of reminders answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.organisation import User
from schema.types.reminders import Reminder


@object_type
class ReminderAckPayload:
    """The reminders that were seen."""

    reminders: list[Reminder | None] | None = text(
        "What they are now, in the order of their ids; null if anything was refused."
    )
    errors: list[UserError] = text(ERRORS)


@object_type
class ReminderSnoozePayload:
    """The reminder that was put off."""

    reminder: Reminder | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class ReminderSettingsSetPayload:
    """Who will be told in another way."""

    user: User | None = text("You, as you are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)

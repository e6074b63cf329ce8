"""Reminders."""

import models
from domain.reminder_texts import SUBJECTS, reminder_texts
from rows import visibility
from rows.declare import Column, Entity, Kind, Sort, ToAny, columns_of, in_words

REMINDER = Entity(
    name="Reminder",
    prefix="rmd",
    table="reminder",
    scope=visibility.reminders,
    columns={
        **columns_of(models.Reminder, "kind", "state", "cause_at", "due_at"),
        "subject_kind": Column("{t}.subject_kind", Kind.TEXT, filtered=False),
        # What has not fired is not seen.
        "fired_at": Column("{t}.fired_at", Kind.DATETIME),
        "snoozed_until": Column("CASE {t}.state WHEN 'SNOOZED' THEN {t}.due_at END", Kind.DATETIME, null=True),
        "facts": Column("{t}.facts", Kind.JSON, filtered=False),
    },
    to_any={"subject": ToAny("subject_kind", "subject_id", tuple(SUBJECTS))},
    computed={"message": in_words(("kind", "subject_kind", "cause_at", "facts"), reminder_texts)},
    sorts={"fired_at": Sort("fired_at", descending=True)},
)

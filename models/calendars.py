"""When people work: calendars, public holidays, the periods that these come to, leave, and pauses of deadlines."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.pauses import PauseReason, PauseSubject
from models.columns import ShapedIndex, TimestampField, labelled, one_of, sorted_by
from models.machinery import Job
from models.people import User


class BusinessCalendar(Model):
    """Hours of the `week` by the clock in `time_zone`, public holidays of a `country`, and `exceptions` to both.

    `company_default` is null for all but the company's own. What it comes to is in `working_period`, up to
    `worked_out_until`. `job` makes deadlines anew after the last change.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    time_zone = fields.TextField()
    week: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    country = fields.CharField(max_length=2, null=True)
    subdivision = fields.TextField(null=True)
    exceptions: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    company_default = fields.BooleanField(null=True)
    worked_out_until = fields.DateField(null=True)
    job: fields.ForeignKeyNullableRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="calendars", null=True, on_delete=OnDelete.SET_NULL
    )
    job_id: int | None
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "business_calendar"
        indexes = [
            ShapedIndex(name="business_calendar_by_code", fields=("code ASC", "id ASC")),
            ShapedIndex(name="business_calendar_job", fields=("job_id ASC",)),
        ]
        constraints = [
            UniqueConstraint(fields=("code",), name="business_calendar_code_once"),
            UniqueConstraint(fields=("company_default",), name="business_calendar_one_default"),
            labelled(table="business_calendar"),
            CheckConstraint(name="business_calendar_default", check="company_default IS NOT FALSE"),
            CheckConstraint(name="business_calendar_part", check="subdivision IS NULL OR country IS NOT NULL"),
        ]


class WorkingPeriod(Model):
    """Work goes on from `starts_at` until `ends_at`; `seconds_before` is how much of it lies before, in all periods.

    An empty one stands at the beginning of what is known. The last one is at its end, and has no end.
    """

    id = fields.BigIntField(primary_key=True)
    calendar: fields.ForeignKeyRelation[BusinessCalendar] = fields.ForeignKeyField(
        "models.BusinessCalendar", related_name="periods", on_delete=OnDelete.CASCADE
    )
    starts_at = TimestampField()
    ends_at = TimestampField(null=True)
    seconds_before = fields.BigIntField()

    class Meta:
        table = "working_period"
        indexes = [
            ShapedIndex(
                name="working_period_after",
                fields=("calendar_id ASC", "seconds_before ASC", "starts_at ASC"),
            ),
        ]
        constraints = [
            UniqueConstraint(fields=("calendar", "starts_at"), name="working_period_once"),
            CheckConstraint(name="working_period_in_order", check="starts_at <= ends_at"),
        ]


class HolidaySource(Model):
    """Holidays of a country, or a part of it ("" is the whole), are in `public_holiday` until the end of `last_year`.

    `known_until` is the last day for which they are announced where that is done year by year, null where none are
    known of this country. `library` is the version of the list that they are from.
    """

    id = fields.BigIntField(primary_key=True)
    country = fields.CharField(max_length=2)
    subdivision = fields.TextField(default="")
    last_year = fields.IntField()
    known_until = fields.DateField(null=True)
    library = fields.TextField()
    loaded_at = TimestampField()

    class Meta:
        table = "holiday_source"
        constraints = [UniqueConstraint(fields=("country", "subdivision"), name="holiday_source_once")]


class PublicHoliday(Model):
    """Nobody works on `date`, or everybody does where it is `worked`: a make-up day (调休)."""

    id = fields.BigIntField(primary_key=True)
    country = fields.CharField(max_length=2)
    subdivision = fields.TextField(default="")
    date = fields.DateField()
    worked = fields.BooleanField(default=False)
    labels: fields.Field[dict[str, str]] = fields.JSONField()

    class Meta:
        table = "public_holiday"
        constraints = [UniqueConstraint(fields=("country", "subdivision", "date"), name="public_holiday_once")]


class Leave(Model):
    """A person is off duty from `starts_at` until `ends_at`."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="leaves", on_delete=OnDelete.CASCADE
    )
    user_id: int
    starts_at = TimestampField()
    ends_at = TimestampField()
    reason = fields.TextField(null=True)
    entered_by: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="leaves_entered", on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "user_leave"
        indexes = [
            *sorted_by("user_leave", "starts_at"),
            ShapedIndex(name="user_leave_of", fields=("user_id ASC", "starts_at DESC", "id DESC")),
        ]
        constraints = [CheckConstraint(name="user_leave_in_order", check="starts_at < ends_at")]


class DeadlinePause(Model):
    """The deadline of a subject stands still from `starts_at` until `ends_at`; while it does, `running` is true.

    Pauses of a subject follow each other: whoever writes one holds the subject's row.
    """

    id = fields.BigIntField(primary_key=True)
    subject_kind = fields.CharEnumField(PauseSubject, max_length=20)
    subject_id = fields.BigIntField()
    starts_at = TimestampField()
    ends_at = TimestampField(null=True)
    running = fields.BooleanField(null=True, default=True)
    reason = fields.CharEnumField(PauseReason, max_length=20)

    class Meta:
        table = "deadline_pause"
        indexes = [
            ShapedIndex(
                name="deadline_pause_of",
                fields=("subject_kind ASC", "subject_id ASC", "starts_at ASC"),
                include=("ends_at",),
            )
        ]
        constraints = [
            UniqueConstraint(fields=("subject_kind", "subject_id", "running"), name="deadline_pause_one_running"),
            one_of("subject_kind", PauseSubject, table="deadline_pause"),
            one_of("reason", PauseReason, table="deadline_pause"),
            CheckConstraint(name="deadline_pause_in_order", check="starts_at <= ends_at"),
            CheckConstraint(
                name="deadline_pause_running",
                check="running IS NOT FALSE AND (ends_at IS NULL) = (running IS NOT NULL)",
            ),
        ]

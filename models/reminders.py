"""Reminders, how they go to people, and how far the events were read that cause them."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.reminders import OPEN, WAITING, DeliveryState, ReminderChannel, ReminderKind, ReminderState
from models.columns import ShapedIndex, TimestampField, one_of
from models.people import User


def _among(states: tuple[ReminderState, ...]) -> str:
    return f"state IN ({', '.join(repr(state.value) for state in states)})"


class Reminder(Model):
    """Somebody is told something about the row `subject_id` of the entity that is called `subject_kind`.

    `cause_at` is the moment of its cause: the deadline, or when it happened. It fires at `due_at`, which is another
    moment when it was snoozed; `fired_at` is when it did, the last time. `facts` are what its text is made of, and
    nobody's personal data.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharEnumField(ReminderKind, max_length=30)
    subject_kind = fields.TextField()
    subject_id = fields.BigIntField()
    cause_at = TimestampField()
    recipient: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="reminders", on_delete=OnDelete.CASCADE
    )
    recipient_id: int
    state = fields.CharEnumField(ReminderState, max_length=20, default=ReminderState.SCHEDULED)
    due_at = TimestampField()
    fired_at = TimestampField(null=True)
    facts: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "reminder"
        indexes = [
            ShapedIndex(
                name="reminder_recipient_fired_at",
                fields=("recipient_id ASC", "fired_at DESC", "id DESC"),
                where="fired_at IS NOT NULL",
            ),
            ShapedIndex(name="reminder_unacknowledged", fields=("recipient_id ASC", "id ASC"), where="state = 'FIRED'"),
            ShapedIndex(name="reminder_waiting", fields=("due_at ASC", "id ASC"), where=_among(WAITING)),
            ShapedIndex(name="reminder_open", fields=("id ASC",), where=_among(OPEN)),
            ShapedIndex(name="reminder_subject", fields=("subject_id ASC", "subject_kind ASC")),
            ShapedIndex(name="reminder_age", fields=("cause_at ASC", "id ASC")),
        ]
        constraints = [
            UniqueConstraint(
                fields=("recipient", "kind", "subject_kind", "subject_id", "cause_at"), name="reminder_once"
            ),
            one_of("kind", ReminderKind, table="reminder"),
            one_of("state", ReminderState, table="reminder"),
            CheckConstraint(
                name="reminder_fired",
                check="CASE state WHEN 'SCHEDULED' THEN fired_at IS NULL WHEN 'WITHDRAWN' THEN true"
                " ELSE fired_at IS NOT NULL END",
            ),
        ]


class ReminderDelivery(Model):
    """The reminder that fired at `fired_at` goes by a `channel`. Whoever tries has until `next_try_at` for it."""

    id = fields.BigIntField(primary_key=True)
    reminder: fields.ForeignKeyRelation[Reminder] = fields.ForeignKeyField(
        "models.Reminder", related_name="deliveries", on_delete=OnDelete.CASCADE
    )
    channel = fields.CharEnumField(ReminderChannel, max_length=20)
    fired_at = TimestampField()
    state = fields.CharEnumField(DeliveryState, max_length=20, default=DeliveryState.WAITING)
    attempts = fields.IntField(default=0)
    next_try_at = TimestampField()
    last_error = fields.TextField(null=True)
    sent_at = TimestampField(null=True)

    class Meta:
        table = "reminder_delivery"
        indexes = [
            ShapedIndex(
                name="reminder_delivery_waiting", fields=("next_try_at ASC", "id ASC"), where="state = 'WAITING'"
            ),
            ShapedIndex(name="reminder_delivery_parked", fields=("id ASC",), where="state = 'PARKED'"),
        ]
        constraints = [
            UniqueConstraint(fields=("reminder", "channel", "fired_at"), name="reminder_delivery_once"),
            one_of("channel", ReminderChannel, table="reminder_delivery"),
            one_of("state", DeliveryState, table="reminder_delivery"),
            CheckConstraint(name="reminder_delivery_sent", check="(state = 'SENT') = (sent_at IS NOT NULL)"),
            CheckConstraint(name="reminder_delivery_attempts_sane", check="attempts >= 0"),
        ]


class ReminderProgress(Model):
    """How far workers have come: one row, which is held by whoever looks for causes, or whether they are gone.

    Events were read up to `position`, the last time at `looked_at`; open reminders were looked at up to id `checked`.
    """

    id = fields.BigIntField(primary_key=True)
    position = fields.BigIntField()
    checked = fields.BigIntField()
    looked_at = TimestampField()

    class Meta:
        table = "reminder_progress"

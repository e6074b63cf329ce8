# ruff: noqa: E501  # as generated

from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.reminders import DeliveryState, Language, ReminderChannel, ReminderKind, ReminderState
from models.columns import ShapedIndex, TimestampField
from models.people import every_channel


class Migration(migrations.Migration):
    dependencies = [("models", "0069_waiting_leads")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Reminder",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="FIRST_CONTACT_DUE: FIRST_CONTACT_DUE\nFOLLOW_UP_DUE: FOLLOW_UP_DUE\nFOLLOW_UP_PLANNED: FOLLOW_UP_PLANNED\nCONVERSION_DUE: CONVERSION_DUE\nLEAD_RECEIVED: LEAD_RECEIVED\nLEAD_LOST: LEAD_LOST\nDEADLINE_MISSED: DEADLINE_MISSED",
                        enum_type=ReminderKind,
                        max_length=30,
                    ),
                ),
                ("subject_kind", fields.TextField(unique=False)),
                ("subject_id", fields.BigIntField()),
                ("cause_at", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "recipient",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="recipient_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reminders",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=ReminderState.SCHEDULED,
                        description="SCHEDULED: SCHEDULED\nFIRED: FIRED\nSNOOZED: SNOOZED\nACKNOWLEDGED: ACKNOWLEDGED\nWITHDRAWN: WITHDRAWN",
                        enum_type=ReminderState,
                        max_length=20,
                    ),
                ),
                ("due_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("fired_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("facts", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "reminder",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("recipient", "kind", "subject_kind", "subject_id", "cause_at"), name="reminder_once"
                    ),
                    CheckConstraint(
                        check="kind IN ('FIRST_CONTACT_DUE', 'FOLLOW_UP_DUE', 'FOLLOW_UP_PLANNED', 'CONVERSION_DUE', 'LEAD_RECEIVED', 'LEAD_LOST', 'DEADLINE_MISSED')",
                        name="reminder_kind_known",
                    ),
                    CheckConstraint(
                        check="state IN ('SCHEDULED', 'FIRED', 'SNOOZED', 'ACKNOWLEDGED', 'WITHDRAWN')",
                        name="reminder_state_known",
                    ),
                    CheckConstraint(
                        check="CASE state WHEN 'SCHEDULED' THEN fired_at IS NULL WHEN 'WITHDRAWN' THEN true ELSE fired_at IS NOT NULL END",
                        name="reminder_fired",
                    ),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["recipient_id ASC", "fired_at DESC", "id DESC"],
                        name="reminder_recipient_fired_at",
                        where="fired_at IS NOT NULL",
                    ),
                    ShapedIndex(
                        fields=["recipient_id ASC", "id ASC"], name="reminder_unacknowledged", where="state = 'FIRED'"
                    ),
                    ShapedIndex(
                        fields=["due_at ASC", "id ASC"],
                        name="reminder_waiting",
                        where="state IN ('SCHEDULED', 'SNOOZED')",
                    ),
                    ShapedIndex(
                        fields=["id ASC"], name="reminder_open", where="state IN ('SCHEDULED', 'SNOOZED', 'FIRED')"
                    ),
                    ShapedIndex(fields=["subject_id ASC", "subject_kind ASC"], name="reminder_subject"),
                    ShapedIndex(fields=["cause_at ASC", "id ASC"], name="reminder_age"),
                ],
                "pk_attr": "id",
                "table_description": "Somebody is told something about the row `subject_id` of the entity that is called `subject_kind`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReminderDelivery",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "reminder",
                    fields.ForeignKeyField(
                        "models.Reminder",
                        source_field="reminder_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("channel", fields.CharEnumField(description="EMAIL: EMAIL", enum_type=ReminderChannel, max_length=20)),
                ("fired_at", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=DeliveryState.WAITING,
                        description="WAITING: WAITING\nSENT: SENT\nDROPPED: DROPPED\nPARKED: PARKED",
                        enum_type=DeliveryState,
                        max_length=20,
                    ),
                ),
                ("attempts", fields.IntField(default=0)),
                ("next_try_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("last_error", fields.TextField(null=True, unique=False)),
                ("sent_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reminder_delivery",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("reminder", "channel", "fired_at"), name="reminder_delivery_once"),
                    CheckConstraint(check="channel IN ('EMAIL')", name="reminder_delivery_channel_known"),
                    CheckConstraint(
                        check="state IN ('WAITING', 'SENT', 'DROPPED', 'PARKED')", name="reminder_delivery_state_known"
                    ),
                    CheckConstraint(check="(state = 'SENT') = (sent_at IS NOT NULL)", name="reminder_delivery_sent"),
                    CheckConstraint(check="attempts >= 0", name="reminder_delivery_attempts_sane"),
                ],
                "indexes": [
                    ShapedIndex(
                        fields=["next_try_at ASC", "id ASC"],
                        name="reminder_delivery_waiting",
                        where="state = 'WAITING'",
                    ),
                    ShapedIndex(fields=["id ASC"], name="reminder_delivery_parked", where="state = 'PARKED'"),
                ],
                "pk_attr": "id",
                "table_description": "The reminder that fired at `fired_at` goes by a `channel`. Whoever tries has until `next_try_at` for it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReminderProgress",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("position", fields.BigIntField()),
                ("checked", fields.BigIntField()),
                ("looked_at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reminder_progress",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How far workers have come: one row, which is held by whoever looks for causes, or whether they are gone.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="User",
            name="language",
            field=fields.CharEnumField(null=True, description="EN: EN\nZH: ZH", enum_type=Language, max_length=2),
        ),
        ops.AddField(
            model_name="User",
            name="reminder_channels",
            field=ArrayField(default=every_channel, db_default=SqlDefault("'{EMAIL}'::text[]"), element_type="TEXT"),
        ),
        ops.AddConstraint(
            model_name="User",
            constraint=CheckConstraint(
                check="reminder_channels <@ ARRAY['EMAIL']::text[]", name="app_user_reminder_channels_known"
            ),
        ),
        ops.AddConstraint(
            model_name="User",
            constraint=CheckConstraint(check="language IN ('EN', 'ZH')", name="app_user_language_known"),
        ),
    ]

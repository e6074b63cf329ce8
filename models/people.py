"""Users, their sessions and their tokens for passwords."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.people import Role
from domain.reminders import Language, ReminderChannel
from models.columns import ShapedIndex, TimestampField, one_of
from models.organisation import Team

_ROLES = ", ".join(f"'{role.value}'" for role in Role)
_CHANNELS = ", ".join(f"'{channel.value}'" for channel in ReminderChannel)


def every_channel() -> list[str]:
    """By what people are reminded who have not said otherwise."""
    return [channel.value for channel in ReminderChannel]


class User(Model):
    """Somebody, or a machine, that signs in. `email` is kept in lower case; `roles` add up.

    Reminders go by `reminder_channels` beside the application, in `language`, or in all where it is null.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1, db_default=1)
    email = fields.TextField()
    name = fields.TextField()
    phone = fields.TextField(null=True)
    password_hash = fields.TextField(null=True)
    roles: fields.Field[list[str]] = ArrayField(element_type="text")
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="members", null=True, on_delete=OnDelete.RESTRICT
    )
    team_id: int | None
    calendar: fields.ForeignKeyNullableRelation[Any] = fields.ForeignKeyField(
        "models.BusinessCalendar", related_name="users", null=True, on_delete=OnDelete.RESTRICT
    )
    calendar_id: int | None
    active = fields.BooleanField(default=True)
    reminder_channels: fields.Field[list[str]] = ArrayField(
        element_type="text", default=every_channel, db_default=SqlDefault("'{EMAIL}'::text[]")
    )
    language = fields.CharEnumField(Language, max_length=2, null=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "app_user"
        indexes = [
            ShapedIndex(name="app_user_by_name", fields=("name ASC", "id ASC")),
            ShapedIndex(name="app_user_team", fields=("team_id ASC", "name ASC", "id ASC")),
            ShapedIndex(name="app_user_calendar", fields=("calendar_id ASC",), where="calendar_id IS NOT NULL"),
        ]
        constraints = [
            UniqueConstraint(fields=("email",), name="app_user_email_once"),
            CheckConstraint(name="app_user_email_lower", check="email = lower(email)"),
            CheckConstraint(name="app_user_roles_known", check=f"roles <@ ARRAY[{_ROLES}]::text[]"),
            CheckConstraint(
                name="app_user_reminder_channels_known", check=f"reminder_channels <@ ARRAY[{_CHANNELS}]::text[]"
            ),
            one_of("language", Language, table="app_user"),
        ]


class Session(Model):
    """A family of refresh tokens: one sign-in on one device. The newest token is number `generation`.

    `id` is random, since tokens are derived from it: a database that is made anew must not honour those of an old one.
    `token_hash` is the newest token's. `rotations` are the moments at which the newest generations were made, the
    newest last, as far back as an earlier token may be repeated. `last_used_at` is that of the newest, `network` and
    `device` are the client's at sign-in, both coarse.
    """

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="sessions", on_delete=OnDelete.CASCADE
    )
    generation = fields.IntField(default=1)
    token_hash = fields.BinaryField()
    rotations: fields.Field[list[datetime]] = ArrayField(element_type="timestamptz(3)")
    created_at = TimestampField(auto_now_add=True)
    expires_at = TimestampField()
    ended_at = TimestampField(null=True)
    last_used_at = TimestampField(null=True)
    network = fields.TextField(null=True)
    device = fields.TextField(null=True)

    class Meta:
        table = "session"
        indexes = [
            ShapedIndex(name="session_expiry", fields=("expires_at ASC",)),
            ShapedIndex(name="session_user", fields=("user_id ASC", "created_at DESC")),
        ]
        constraints = [CheckConstraint(name="session_generation_positive", check="generation > 0")]


class PasswordToken(Model):
    """A token with which a user sets a password; of each user the newest counts, and it is gone when it was used."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="password_tokens", on_delete=OnDelete.CASCADE
    )
    token_hash = fields.BinaryField()
    created_by: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="password_tokens_made", on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)
    expires_at = TimestampField()

    class Meta:
        table = "password_token"
        constraints = [
            UniqueConstraint(fields=("user",), name="password_token_user_once"),
            UniqueConstraint(fields=("token_hash",), name="password_token_hash_once"),
        ]

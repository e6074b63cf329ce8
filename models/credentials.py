"""What speaks for a user beside a password: API tokens and subjects at an OpenID provider; and failed logins."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.scopes import TokenScope
from models.columns import ShapedIndex, TimestampField, sorted_by
from models.people import User

_SCOPES = ", ".join(f"'{scope.value}'" for scope in TokenScope)


class ApiToken(Model):
    """A secret with which a machine speaks for `user`, as far as `scopes` go. Of the secret, a hash is kept.

    `hint` are its last characters, by which people tell tokens apart. `last_used_at` is written now and then.
    """

    id = fields.BigIntField(primary_key=True)
    name = fields.TextField()
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="api_tokens", on_delete=OnDelete.CASCADE
    )
    scopes: fields.Field[list[str]] = ArrayField(element_type="text")
    token_hash = fields.BinaryField()
    hint = fields.TextField()
    created_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="api_tokens_created", null=True, on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)
    expires_at = TimestampField(null=True)
    last_used_at = TimestampField(null=True)
    revoked_at = TimestampField(null=True)

    class Meta:
        table = "api_token"
        indexes = [
            *sorted_by("api_token", "created_at"),
            ShapedIndex(name="api_token_user", fields=("user_id ASC", "created_at DESC", "id DESC")),
        ]
        constraints = [
            UniqueConstraint(fields=("token_hash",), name="api_token_hash_once"),
            CheckConstraint(name="api_token_scopes_known", check=f"scopes <@ ARRAY[{_SCOPES}]::text[]"),
        ]


class UserIdentity(Model):
    """The subject at an OpenID provider whose tokens speak for `user`."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="identities", on_delete=OnDelete.CASCADE
    )
    issuer = fields.TextField()
    subject = fields.TextField()
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "user_identity"
        constraints = [
            UniqueConstraint(fields=("issuer", "subject"), name="user_identity_subject_once"),
            UniqueConstraint(fields=("user", "issuer"), name="user_identity_user_once"),
        ]


class LoginAttempts(Model):
    """How often signing in failed, by account, by client, or by both: `key` is a keyed hash of which, in hex."""

    key = fields.CharField(max_length=64, primary_key=True)
    failures = fields.IntField()
    last_at = TimestampField()
    blocked_until = TimestampField()

    class Meta:
        table = "login_attempts"
        indexes = [ShapedIndex(name="login_attempts_age", fields=("last_at ASC",))]
        constraints = [CheckConstraint(name="login_attempts_failures_positive", check="failures > 0")]

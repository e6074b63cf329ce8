"""Written by `tortoise makemigrations`."""

# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0003_audit")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ApiToken",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.TextField(unique=False)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="api_tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("scopes", ArrayField(element_type="TEXT")),
                ("token_hash", fields.BinaryField()),
                ("hint", fields.TextField(unique=False)),
                (
                    "created_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="created_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="api_tokens_created",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("expires_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("last_used_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "api_token",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("token_hash",), name="api_token_hash_once"),
                    CheckConstraint(
                        check="scopes <@ ARRAY['ORDERS_READ', 'ORDERS_WRITE', 'CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'PRODUCTS_READ', 'PRODUCTS_WRITE', 'EVENTS_READ', 'JOBS', 'FILES']::text[]",
                        name="api_token_scopes_known",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["created_at DESC", "id DESC"], name="api_token_by_created_at"),
                    ShapedIndex(fields=["user_id ASC", "created_at DESC", "id DESC"], name="api_token_user"),
                ],
                "pk_attr": "id",
                "table_description": "A secret with which a machine speaks for `user`, as far as `scopes` go. Of the secret, a hash is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LoginAttempts",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("failures", fields.IntField()),
                ("last_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("blocked_until", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "login_attempts",
                "app": "models",
                "constraints": [CheckConstraint(check="failures > 0", name="login_attempts_failures_positive")],
                "indexes": [ShapedIndex(fields=["last_at ASC"], name="login_attempts_age")],
                "pk_attr": "key",
                "table_description": "How often signing in failed, by account, by client, or by both: `key` is a keyed hash of which, in hex.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UserIdentity",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="identities",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("issuer", fields.TextField(unique=False)),
                ("subject", fields.TextField(unique=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "user_identity",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("issuer", "subject"), name="user_identity_subject_once"),
                    UniqueConstraint(fields=("user", "issuer"), name="user_identity_user_once"),
                ],
                "pk_attr": "id",
                "table_description": "The subject at an OpenID provider whose tokens speak for `user`.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Session",
            name="device",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Session",
            name="last_used_at",
            field=TimestampField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Session",
            name="network",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddIndex(
            model_name="Session",
            index=ShapedIndex(fields=["user_id ASC", "created_at DESC"], name="session_user"),
        ),
    ]

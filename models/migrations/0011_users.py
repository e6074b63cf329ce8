# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0010_files")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CustomerOwnerChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="owner_changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "from_owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="from_owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "from_team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="from_team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="to_owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="to_team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customers_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="customer_transfers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "customer_owner_change",
                "app": "models",
                "indexes": [
                    ShapedIndex(fields=["customer_id ASC", "at ASC", "id ASC"], name="customer_owner_change_of")
                ],
                "pk_attr": "id",
                "table_description": "A customer went from one owner and team to another.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderOwnerChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="owner_changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "from_owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="from_owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "from_team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="from_team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="to_owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="to_team_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="orders_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="order_transfers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "order_owner_change",
                "app": "models",
                "indexes": [ShapedIndex(fields=["order_id ASC", "at ASC", "id ASC"], name="order_owner_change_of")],
                "pk_attr": "id",
                "table_description": "An order went from one owner and team to another.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PasswordToken",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="password_tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("token_hash", fields.BinaryField()),
                (
                    "created_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="created_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="password_tokens_made",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("expires_at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "password_token",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("user",), name="password_token_user_once"),
                    UniqueConstraint(fields=("token_hash",), name="password_token_hash_once"),
                ],
                "pk_attr": "id",
                "table_description": "A token with which a user sets a password; of each user the newest counts, and it is gone when it was used.",
            },
            bases=["Model"],
        ),
    ]

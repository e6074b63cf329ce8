# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0031_tier_rules")]

    initial = False

    # Entries that are there get the time of this statement.
    operations = [
        ops.AddField(
            model_name="StaleTiers",
            name="written_at",
            field=TimestampField(db_default=SqlDefault("now()"), auto_now=False, auto_now_add=False),
        ),
        ops.CreateModel(
            name="OrderTierOverride",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tier_overrides",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "tier",
                    fields.ForeignKeyField(
                        "models.Tier",
                        source_field="tier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="overrides",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("priority", fields.IntField(null=True)),
                ("reason", fields.TextField(unique=False)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
                ("expires_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("ended_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tier_overrides",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "ended_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="ended_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="ended_tier_overrides",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "order_tier_override",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="priority BETWEEN 1 AND 9", name="order_tier_override_priority_sane"),
                    CheckConstraint(check="at <= expires_at AND at <= ended_at", name="order_tier_override_in_order"),
                ],
                "indexes": [
                    ShapedIndex(fields=["order_id ASC", "at ASC", "id ASC"], name="order_tier_override_of"),
                    ShapedIndex(fields=["expires_at ASC"], name="order_tier_override_due", where="ended_at IS NULL"),
                ],
                "pk_attr": "id",
                "table_description": "Somebody gave an order another tier than rules do: from `at` until `expires_at`, or until it ended earlier.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Order",
            name="tier_override_id",
            field=fields.BigIntField(null=True),
        ),
    ]

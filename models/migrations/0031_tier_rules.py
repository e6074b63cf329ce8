# ruff: noqa: E501  # as generated
from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.jobs import JobKind
from domain.tiers import RuleSetState
from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0030_stock_returns")]

    initial = False

    operations = [
        ops.CreateModel(
            name="StaleTiers",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer_id", fields.BigIntField()),
                ("placed_from", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stale_tiers",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Orders of customer `customer_id` wait to be classified again: open ones, and those placed from `placed_from` on.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TierRuleSet",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "state",
                    fields.CharEnumField(
                        description="DRAFT: DRAFT\nPUBLISHED: PUBLISHED\nRETIRED: RETIRED",
                        enum_type=RuleSetState,
                        max_length=20,
                    ),
                ),
                ("sole", fields.BooleanField(null=True, default=True)),
                ("number", fields.IntField(null=True)),
                ("stamp", fields.UUIDField(null=True)),
                ("restored_from", fields.IntField(null=True)),
                (
                    "edited_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="edited_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tier_rule_edits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "published_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="published_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tier_rule_publications",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("published_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "job",
                    fields.ForeignKeyField(
                        "models.Job",
                        source_field="job_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tier_rule_sets",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "tier_rule_set",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("state", "sole"), name="tier_rule_set_one_of_each"),
                    UniqueConstraint(fields=("number",), name="tier_rule_set_number_once"),
                    CheckConstraint(
                        check="state IN ('DRAFT', 'PUBLISHED', 'RETIRED')", name="tier_rule_set_state_known"
                    ),
                    CheckConstraint(
                        check="sole IS NOT FALSE AND (state = 'RETIRED') = (sole IS NULL)", name="tier_rule_set_sole"
                    ),
                    CheckConstraint(
                        check="(state = 'DRAFT') = (number IS NULL AND stamp IS NULL)", name="tier_rule_set_published"
                    ),
                ],
                "indexes": [ShapedIndex(fields=["created_at DESC", "id DESC"], name="tier_rule_set_by_created_at")],
                "pk_attr": "id",
                "table_description": "A set of tier rules, never changed once it was published.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TierRule",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "rule_set",
                    fields.ForeignKeyField(
                        "models.TierRuleSet",
                        source_field="rule_set_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rules",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("rank", fields.IntField()),
                ("name", fields.TextField(unique=False)),
                (
                    "tier",
                    fields.ForeignKeyField(
                        "models.Tier",
                        source_field="tier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rules",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("priority", fields.IntField()),
                ("response_minutes", fields.IntField()),
                ("condition", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "tier_rule",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("rule_set", "rank"), name="tier_rule_rank_once"),
                    CheckConstraint(check="priority BETWEEN 1 AND 9", name="tier_rule_priority_sane"),
                    CheckConstraint(check="response_minutes > 0", name="tier_rule_response_sane"),
                ],
                "pk_attr": "id",
                "table_description": "Orders for which `condition` holds, and none of a smaller `rank`, get the tier, the priority, the minutes.",
            },
            bases=["Model"],
        ),
        ops.RemoveConstraint(
            model_name="Job",
            name="job_kind_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="Job",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_IMPORT: ORDER_IMPORT\nCUSTOM_FIELD_INDEX: CUSTOM_FIELD_INDEX\nCUSTOMER_IMPORT: CUSTOMER_IMPORT\nPRODUCT_IMPORT: PRODUCT_IMPORT\nORDER_EXPORT: ORDER_EXPORT\nCUSTOMER_EXPORT: CUSTOMER_EXPORT\nPRODUCT_EXPORT: PRODUCT_EXPORT\nPERSONAL_DATA_EXPORT: PERSONAL_DATA_EXPORT\nPERSONAL_DATA_TRACES: PERSONAL_DATA_TRACES\nTIER_RULES: TIER_RULES",
                enum_type=JobKind,
                max_length=30,
            ),
        ),
        ops.AddConstraint(
            model_name="Job",
            constraint=CheckConstraint(
                check="kind IN ('ORDER_IMPORT', 'CUSTOM_FIELD_INDEX', 'CUSTOMER_IMPORT', 'PRODUCT_IMPORT', 'ORDER_EXPORT', 'CUSTOMER_EXPORT', 'PRODUCT_EXPORT', 'PERSONAL_DATA_EXPORT', 'PERSONAL_DATA_TRACES', 'TIER_RULES')",
                name="job_kind_known",
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="priority",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Order",
            name="respond_by",
            field=TimestampField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Order",
            name="tier_rule_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Order",
            name="tier_version",
            field=fields.IntField(null=True),
        ),
    ]

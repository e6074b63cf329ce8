# ruff: noqa: E501  # as generated, but for the first entries
from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.managed_lists import ReasonKind
from models.columns import ShapedIndex, TimestampField

# What every company begins with, and may change.
TIERS = """
INSERT INTO tier (version, code, labels, rank, active, created_at) VALUES
    (1, 'strategic', '{"en": "Strategic", "zh": "战略"}', 10, true, now()),
    (1, 'key', '{"en": "Key", "zh": "重点"}', 20, true, now()),
    (1, 'standard', '{"en": "Standard", "zh": "标准"}', 30, true, now()),
    (1, 'tail', '{"en": "Long tail", "zh": "长尾"}', 40, true, now())
"""
REASONS = """
INSERT INTO reason (version, kind, code, labels, position, active, created_at) VALUES
    (1, 'DELAY', 'supply', '{"en": "Supply", "zh": "供应"}', 10, true, now()),
    (1, 'DELAY', 'customer', '{"en": "Customer", "zh": "客户"}', 20, true, now()),
    (1, 'DELAY', 'logistics', '{"en": "Logistics", "zh": "物流"}', 30, true, now())
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0004_credentials")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Reason",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="DELAY: DELAY\nRETURN: RETURN\nLOSS: LOSS\nCANCELLATION: CANCELLATION",
                        enum_type=ReasonKind,
                        max_length=20,
                    ),
                ),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("position", fields.IntField(default=0)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "reason",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("kind", "code"), name="reason_code_once"),
                    CheckConstraint(check="num_nonnulls(labels->>'en', labels->>'zh') > 0", name="reason_labelled"),
                    CheckConstraint(
                        check="kind IN ('DELAY', 'RETURN', 'LOSS', 'CANCELLATION')", name="reason_kind_known"
                    ),
                ],
                "indexes": [ShapedIndex(fields=["position ASC", "id ASC"], name="reason_by_position")],
                "pk_attr": "id",
                "table_description": "Why something came about: a delay, a return, a loss. `labels` are its names by language.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tag",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("position", fields.IntField(default=0)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "tag",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="tag_code_once"),
                    CheckConstraint(check="num_nonnulls(labels->>'en', labels->>'zh') > 0", name="tag_labelled"),
                ],
                "indexes": [ShapedIndex(fields=["position ASC", "id ASC"], name="tag_by_position")],
                "pk_attr": "id",
                "table_description": "A tag that is offered for orders and customers, which carry its `code` as text. `labels` are its names.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tier",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("rank", fields.IntField(default=0)),
                ("colour", fields.TextField(null=True, unique=False)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "tier",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="tier_code_once"),
                    CheckConstraint(check="num_nonnulls(labels->>'en', labels->>'zh') > 0", name="tier_labelled"),
                    CheckConstraint(check="colour ~ '^#[0-9a-f]{6}$'", name="tier_colour_written"),
                ],
                "indexes": [ShapedIndex(fields=["rank ASC", "id ASC"], name="tier_by_rank")],
                "pk_attr": "id",
                "table_description": "A tier of orders (订单分层), the smallest `rank` first. `labels` are its names by language.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Channel",
            name="version",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="ExchangeRate",
            name="version",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddIndex(
            model_name="ExchangeRate",
            index=ShapedIndex(fields=["date DESC", "id DESC"], name="exchange_rate_by_date"),
        ),
        ops.AddField(
            model_name="Region",
            name="version",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="Team",
            name="version",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name="User",
            name="version",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.RunSQL(sql=[TIERS, REASONS], reverse_sql="SELECT 1"),
    ]

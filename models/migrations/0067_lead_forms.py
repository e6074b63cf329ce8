# ruff: noqa: E501  # as generated
from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0066_match_indexes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LeadForm",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                (
                    "source",
                    fields.ForeignKeyField(
                        "models.Channel",
                        source_field="source_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="lead_forms",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "pool",
                    fields.ForeignKeyField(
                        "models.LeadPool",
                        source_field="pool_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lead_forms",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("tags", ArrayField(default=list, element_type="TEXT")),
                ("origins", ArrayField(default=list, element_type="TEXT")),
                ("per_minute", fields.IntField(default=60)),
                ("active", fields.BooleanField(default=True)),
                ("key_hash", fields.BinaryField(null=True)),
                ("key_hint", fields.TextField(null=True, unique=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "lead_form",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("code",), name="lead_form_code_once"),
                    UniqueConstraint(fields=("key_hash",), name="lead_form_key_once"),
                    CheckConstraint(check="num_nonnulls(labels->>'en', labels->>'zh') > 0", name="lead_form_labelled"),
                    CheckConstraint(check="per_minute BETWEEN 1 AND 6000", name="lead_form_rate_sane"),
                ],
                "indexes": [ShapedIndex(fields=["created_at DESC", "id DESC"], name="lead_form_by_created_at")],
                "pk_attr": "id",
                "table_description": "A form whose leads come by `source` and wait in `pool`, or in the first pool that takes them.",
            },
            bases=["Model"],
        ),
    ]

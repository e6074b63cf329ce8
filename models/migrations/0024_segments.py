# ruff: noqa: E501  # as generated
from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.segments import SegmentEntity
from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0023_deltas_have_times")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Segment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "entity",
                    fields.CharEnumField(
                        description="ORDER: ORDER\nCUSTOMER: CUSTOMER", enum_type=SegmentEntity, max_length=20
                    ),
                ),
                ("name", fields.TextField(unique=False)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="segments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("shared", fields.BooleanField(default=False)),
                ("condition", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "segment",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("owner", "entity", "name"), name="segment_name_once"),
                    CheckConstraint(check="entity IN ('ORDER', 'CUSTOMER')", name="segment_entity_known"),
                ],
                "indexes": [
                    ShapedIndex(fields=["name ASC", "id ASC"], name="segment_by_name", include=("owner_id", "shared"))
                ],
                "pk_attr": "id",
                "table_description": "Rows of `entity` for which `condition` holds: a filter as JSON has it, read again whenever it is used.",
            },
            bases=["Model"],
        ),
    ]

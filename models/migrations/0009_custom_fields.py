"""Written by `tortoise makemigrations`. A column with a constant default is added without touching the rows."""
# ruff: noqa: E501  # as generated

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from domain.jobs import JobKind
from models.columns import NumericField, ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0008_search_indexes")]

    operations = [
        ops.CreateModel(
            name="CustomField",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "entity",
                    fields.CharEnumField(
                        description="CUSTOMER: CUSTOMER\nORDER: ORDER\nPRODUCT: PRODUCT",
                        enum_type=CustomFieldEntity,
                        max_length=20,
                    ),
                ),
                ("key", fields.TextField(unique=False)),
                (
                    "type",
                    fields.CharEnumField(
                        description="TEXT: TEXT\nNUMBER: NUMBER\nMONEY: MONEY\nDATE: DATE\nYES_NO: YES_NO\nCHOICE: CHOICE\nPERSON: PERSON",
                        enum_type=CustomFieldType,
                        max_length=20,
                    ),
                ),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("description", fields.TextField(null=True, unique=False)),
                ("required", fields.BooleanField(default=False)),
                ("longest", fields.IntField(null=True)),
                ("minimum", NumericField(null=True, generated=False, unique=False)),
                ("maximum", NumericField(null=True, generated=False, unique=False)),
                ("decimals", fields.IntField(null=True)),
                ("currency", fields.CharField(null=True, max_length=3)),
                ("position", fields.IntField(default=0)),
                (
                    "index_state",
                    fields.CharEnumField(
                        default=CustomFieldIndexState.NONE,
                        description="NONE: NONE\nBUILDING: BUILDING\nREADY: READY\nDROPPING: DROPPING",
                        enum_type=CustomFieldIndexState,
                        max_length=20,
                    ),
                ),
                (
                    "index_job",
                    fields.ForeignKeyField(
                        "models.Job",
                        source_field="index_job_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="custom_fields",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("archived_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("updated_at", TimestampField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "custom_field",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("entity", "key"), name="custom_field_once"),
                    CheckConstraint(check="key ~ '^[a-z][a-z0-9_]{0,39}$'", name="custom_field_key_plain"),
                    CheckConstraint(
                        check="(type = 'MONEY') = (currency IS NOT NULL)", name="custom_field_money_has_currency"
                    ),
                    CheckConstraint(
                        check="type IN ('TEXT', 'NUMBER', 'MONEY', 'DATE', 'YES_NO', 'CHOICE', 'PERSON')",
                        name="custom_field_type_known",
                    ),
                    CheckConstraint(
                        check="index_state IN ('NONE', 'BUILDING', 'READY', 'DROPPING')",
                        name="custom_field_index_state_known",
                    ),
                ],
                "indexes": [ShapedIndex(fields=["position ASC", "id ASC"], name="custom_field_by_position")],
                "pk_attr": "id",
                "table_description": "A field of `entity`, whose values are in the `custom_fields` of its rows under `key`, for ever.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CustomFieldChoice",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "field",
                    fields.ForeignKeyField(
                        "models.CustomField",
                        source_field="field_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="choices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code", fields.TextField(unique=False)),
                ("labels", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("active", fields.BooleanField(default=True)),
                ("position", fields.IntField()),
            ],
            options={
                "table": "custom_field_choice",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("field", "code"), name="custom_field_choice_once")],
                "pk_attr": "id",
                "table_description": "One of the values that a field of type CHOICE takes; an inactive one is still shown where it was chosen.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Customer",
            name="custom_fields",
            field=fields.JSONField(
                default=dict, db_default=SqlDefault("'{}'::jsonb"), encoder=JSON_DUMPS, decoder=loads
            ),
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
                description="ORDER_IMPORT: ORDER_IMPORT\nCUSTOM_FIELD_INDEX: CUSTOM_FIELD_INDEX",
                enum_type=JobKind,
                max_length=30,
            ),
        ),
        ops.AddConstraint(
            model_name="Job",
            constraint=CheckConstraint(check="kind IN ('ORDER_IMPORT', 'CUSTOM_FIELD_INDEX')", name="job_kind_known"),
        ),
        ops.AddField(
            model_name="Order",
            name="custom_fields",
            field=fields.JSONField(
                default=dict, db_default=SqlDefault("'{}'::jsonb"), encoder=JSON_DUMPS, decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Product",
            name="custom_fields",
            field=fields.JSONField(
                default=dict, db_default=SqlDefault("'{}'::jsonb"), encoder=JSON_DUMPS, decoder=loads
            ),
        ),
    ]

"""The fields that the company defines for its customers, orders and products. Values are with the rows themselves."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from models.columns import NumericField, ShapedIndex, TimestampField, one_of
from models.machinery import Job


class CustomField(Model):
    """A field of `entity`, whose values are in the `custom_fields` of its rows under `key`, for ever.

    `labels` are by language. `longest` bounds a text; `minimum`, `maximum` and `decimals` a number; `minimum` and
    `maximum` money, which is in `currency`. One that is archived is neither shown nor written. `index_job` is the
    newest that built or dropped its index.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    entity = fields.CharEnumField(CustomFieldEntity, max_length=20)
    key = fields.TextField()
    type = fields.CharEnumField(CustomFieldType, max_length=20)
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    description = fields.TextField(null=True)
    required = fields.BooleanField(default=False)
    longest = fields.IntField(null=True)
    minimum = NumericField(null=True)
    maximum = NumericField(null=True)
    decimals = fields.IntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    position = fields.IntField(default=0)
    index_state = fields.CharEnumField(CustomFieldIndexState, max_length=20, default=CustomFieldIndexState.NONE)
    index_job: fields.ForeignKeyNullableRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="custom_fields", null=True, on_delete=OnDelete.RESTRICT
    )
    archived_at = TimestampField(null=True)
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "custom_field"
        indexes = [ShapedIndex(name="custom_field_by_position", fields=("position ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("entity", "key"), name="custom_field_once"),
            # Keys become part of SQL: nothing else may ever stand here.
            CheckConstraint(name="custom_field_key_plain", check="key ~ '^[a-z][a-z0-9_]{0,39}$'"),
            CheckConstraint(name="custom_field_money_has_currency", check="(type = 'MONEY') = (currency IS NOT NULL)"),
            one_of("type", CustomFieldType, table="custom_field"),
            one_of("index_state", CustomFieldIndexState, table="custom_field"),
        ]


class CustomFieldChoice(Model):
    """One of the values that a field of type CHOICE takes; an inactive one is still shown where it was chosen."""

    id = fields.BigIntField(primary_key=True)
    field: fields.ForeignKeyRelation[CustomField] = fields.ForeignKeyField(
        "models.CustomField", related_name="choices", on_delete=OnDelete.CASCADE
    )
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    active = fields.BooleanField(default=True)
    position = fields.IntField()

    class Meta:
        table = "custom_field_choice"
        constraints = [UniqueConstraint(fields=("field", "code"), name="custom_field_choice_once")]

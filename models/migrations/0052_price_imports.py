# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.jobs import JobKind


class Migration(migrations.Migration):
    dependencies = [("models", "0051_shipment_indexes")]

    operations = [
        ops.RemoveConstraint(model_name="Job", name="job_kind_known", fields=None),
        ops.AlterField(
            model_name="Job",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_IMPORT: ORDER_IMPORT\nCUSTOM_FIELD_INDEX: CUSTOM_FIELD_INDEX\nCUSTOMER_IMPORT: CUSTOMER_IMPORT\nPRODUCT_IMPORT: PRODUCT_IMPORT\nCHANNEL_PRICE_IMPORT: CHANNEL_PRICE_IMPORT\nORDER_EXPORT: ORDER_EXPORT\nCUSTOMER_EXPORT: CUSTOMER_EXPORT\nPRODUCT_EXPORT: PRODUCT_EXPORT\nPERSONAL_DATA_EXPORT: PERSONAL_DATA_EXPORT\nPERSONAL_DATA_TRACES: PERSONAL_DATA_TRACES\nTIER_RULES: TIER_RULES",
                enum_type=JobKind,
                max_length=30,
            ),
        ),
        ops.AddConstraint(
            model_name="Job",
            constraint=CheckConstraint(
                check="kind IN ('ORDER_IMPORT', 'CUSTOM_FIELD_INDEX', 'CUSTOMER_IMPORT', 'PRODUCT_IMPORT', 'CHANNEL_PRICE_IMPORT', 'ORDER_EXPORT', 'CUSTOMER_EXPORT', 'PRODUCT_EXPORT', 'PERSONAL_DATA_EXPORT', 'PERSONAL_DATA_TRACES', 'TIER_RULES')",
                name="job_kind_known",
            ),
        ),
    ]

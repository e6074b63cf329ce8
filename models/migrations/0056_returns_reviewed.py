# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.orders.review import FindingKind


class Migration(migrations.Migration):
    dependencies = [("models", "0055_review_entry")]

    operations = [
        ops.AlterField(
            model_name="OrderFinding",
            name="kind",
            field=fields.CharEnumField(
                description="ADDRESS_MISSING: ADDRESS_MISSING\nCONTACT_MISSING: CONTACT_MISSING\nUNKNOWN_SKU: UNKNOWN_SKU\nQUANTITY_BEYOND_POLICY: QUANTITY_BEYOND_POLICY\nPRICE_DEVIATES: PRICE_DEVIATES\nCREDIT_EXCEEDED: CREDIT_EXCEEDED\nPOSSIBLE_DUPLICATE: POSSIBLE_DUPLICATE\nTOTAL_MISMATCH: TOTAL_MISMATCH\nPLACED_EARLIER: PLACED_EARLIER\nCUSTOMER_MISSING: CUSTOMER_MISSING\nLIST_PRICE_MISSING: LIST_PRICE_MISSING\nRETURN_BEYOND_PAID: RETURN_BEYOND_PAID",
                enum_type=FindingKind,
                max_length=30,
            ),
        ),
        ops.RemoveConstraint(model_name="OrderFinding", name="order_finding_kind_known", fields=None),
        ops.AddConstraint(
            model_name="OrderFinding",
            constraint=CheckConstraint(
                check="kind IN ('ADDRESS_MISSING', 'CONTACT_MISSING', 'UNKNOWN_SKU', 'QUANTITY_BEYOND_POLICY', 'PRICE_DEVIATES', 'CREDIT_EXCEEDED', 'POSSIBLE_DUPLICATE', 'TOTAL_MISMATCH', 'PLACED_EARLIER', 'CUSTOMER_MISSING', 'LIST_PRICE_MISSING', 'RETURN_BEYOND_PAID')",
                name="order_finding_kind_known",
            ),
        ),
    ]

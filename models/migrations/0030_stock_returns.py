# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.stock.movements import MovementKind


class Migration(migrations.Migration):
    dependencies = [("models", "0029_erased_facts")]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name="StockMovement",
            name="stock_movement_kind_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="StockMovement",
            name="kind",
            field=fields.CharEnumField(
                description="RECEIPT: RECEIPT\nADJUSTMENT: ADJUSTMENT\nTRANSFER: TRANSFER\nRESERVATION: RESERVATION\nRELEASE: RELEASE\nISSUE: ISSUE\nRETURN: RETURN\nSCRAP: SCRAP",
                enum_type=MovementKind,
                max_length=20,
            ),
        ),
        ops.AddConstraint(
            model_name="StockMovement",
            constraint=CheckConstraint(
                check="kind IN ('RECEIPT', 'ADJUSTMENT', 'TRANSFER', 'RESERVATION', 'RELEASE', 'ISSUE', 'RETURN', 'SCRAP')",
                name="stock_movement_kind_known",
            ),
        ),
    ]

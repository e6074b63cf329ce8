# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from domain.orders.life_cycle import HistoryKind


class Migration(migrations.Migration):
    """No constraint says which kinds there are: it would look at all rows, with everybody kept out."""

    dependencies = [("models", "0062_response_minutes_of_open_orders")]

    operations = [
        ops.AddField(
            model_name="OrderStatusChange",
            name="kind",
            field=fields.CharEnumField(
                null=True,
                description="ENTERED: ENTERED\nSTEP: STEP\nLINES_CANCELLED: LINES_CANCELLED\nLINE_SUBSTITUTED: LINE_SUBSTITUTED\nSPLIT: SPLIT\nSPLIT_OFF: SPLIT_OFF",
                enum_type=HistoryKind,
                max_length=20,
            ),
        ),
        ops.AddField(
            model_name="OrderStatusChange",
            name="other_order_id",
            field=fields.BigIntField(null=True),
        ),
    ]

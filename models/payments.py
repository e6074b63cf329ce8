"""The ledger of what came in for orders and went back."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.payments import PaymentKind, PaymentMethod
from models.columns import NumericField, ShapedIndex, TimestampField, one_of, sorted_by
from models.orders import Order
from models.people import User


class Payment(Model):
    """An entry of an order's ledger: `amount`, above zero, of the order's currency.

    Triggers let nobody change or remove it (but take words out of a `reason`), and add it to the order's `received` and
    `refunded`. A reversal undoes the entry that it `reverses`, of the same order, amount and method. `turn` counts the
    entries before it with the same reference that were reversed: so a reference is booked once, and once more after it
    was reversed. Money that goes from one order to another is two entries, written at once, each the other's
    `counterpart`.
    """

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="payments", on_delete=OnDelete.RESTRICT
    )
    order_id: int
    kind = fields.CharEnumField(PaymentKind, max_length=20)
    amount = NumericField()
    method = fields.CharEnumField(PaymentMethod, max_length=20)
    reference = fields.TextField(null=True)
    turn = fields.IntField(default=0)
    received_at = TimestampField()
    reverses: fields.ForeignKeyNullableRelation["Payment"] = fields.ForeignKeyField(
        "models.Payment", related_name="reversals", null=True, on_delete=OnDelete.RESTRICT
    )
    counterpart: fields.ForeignKeyNullableRelation["Payment"] = fields.ForeignKeyField(
        "models.Payment", related_name="counterparts", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="payments", null=True, on_delete=OnDelete.RESTRICT
    )
    at = TimestampField()

    class Meta:
        table = "payment"
        indexes = [
            *sorted_by("payment", "received_at"),
            ShapedIndex(name="payment_order", fields=("order_id ASC", "id ASC")),
            ShapedIndex(name="payment_reference", fields=("reference ASC",), where="reference IS NOT NULL"),
        ]
        constraints = [
            UniqueConstraint(fields=("order", "kind", "method", "reference", "turn"), name="payment_reference_once"),
            UniqueConstraint(fields=("reverses",), name="payment_reversed_once"),
            UniqueConstraint(fields=("counterpart",), name="payment_counterpart_once"),
            one_of("kind", PaymentKind, table="payment"),
            one_of("method", PaymentMethod, table="payment"),
            CheckConstraint(name="payment_amount_positive", check="amount > 0"),
            CheckConstraint(name="payment_reverses_one", check="(kind = 'REVERSAL') = (reverses_id IS NOT NULL)"),
            CheckConstraint(
                name="payment_transfer_paired",
                check="(kind IN ('TRANSFER_OUT', 'TRANSFER_IN')) = (counterpart_id IS NOT NULL)",
            ),
            CheckConstraint(name="payment_reversal_plain", check="kind <> 'REVERSAL' OR reference IS NULL"),
        ]

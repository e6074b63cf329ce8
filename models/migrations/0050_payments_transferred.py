# ruff: noqa: E501  # as generated, but for the trigger
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.payments import PaymentKind

# As before, and what is taken from one order is given to another one: both entries are written by one statement, so that
# no money is made or lost. Neither of the two is undone alone.
COUNTED = """
CREATE OR REPLACE FUNCTION payment_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN payment u ON u.id = a.reverses_id
        WHERE u.kind NOT IN ('PAYMENT', 'REFUND')
           OR (u.order_id, u.amount, u.method) <> (a.order_id, a.amount, a.method))
    THEN
        RAISE EXCEPTION 'a reversal is of the order, amount and method of what it reverses'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_reversal_fits';
    END IF;
    IF EXISTS (
        SELECT FROM added a JOIN sales_order o ON o.id = a.order_id
        LEFT JOIN added b ON b.id = a.counterpart_id AND b.counterpart_id = a.id AND b.amount = a.amount
            AND b.kind = CASE a.kind WHEN 'TRANSFER_IN' THEN 'TRANSFER_OUT' ELSE 'TRANSFER_IN' END
        LEFT JOIN sales_order p ON p.id = b.order_id AND p.id <> o.id AND p.currency = o.currency
        WHERE a.counterpart_id IS NOT NULL AND p.id IS NULL)
    THEN
        RAISE EXCEPTION 'what one order gives another one gets'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_transfer_balanced';
    END IF;
    WITH moved AS (
        SELECT a.order_id, coalesce(u.kind, a.kind) AS kind,
               CASE WHEN a.kind IN ('REVERSAL', 'TRANSFER_OUT') THEN -a.amount ELSE a.amount END AS amount
        FROM added a LEFT JOIN payment u ON u.id = a.reverses_id
    ), own AS (
        SELECT order_id, coalesce(sum(amount) FILTER (WHERE kind <> 'REFUND'), 0) AS came,
               coalesce(sum(amount) FILTER (WHERE kind = 'REFUND'), 0) AS went
        FROM moved GROUP BY order_id
    ), shares AS (
        SELECT order_id, came, went, 0 AS for_returns FROM own
        UNION ALL
        SELECT o.original_order_id, 0, 0, own.went - own.came FROM own JOIN sales_order o ON o.id = own.order_id
        WHERE o.original_order_id IS NOT NULL
    ), totals AS (
        SELECT order_id, sum(came) AS came, sum(went) AS went, sum(for_returns) AS for_returns
        FROM shares GROUP BY order_id
    )
    UPDATE sales_order o SET received = o.received + t.came, refunded = o.refunded + t.went,
                             returns_refunded = o.returns_refunded + t.for_returns
    FROM totals t WHERE o.id = t.order_id;
    IF EXISTS (
        SELECT FROM added a JOIN sales_order o ON o.id = a.order_id
        JOIN sales_order s ON s.id = coalesce(o.original_order_id, o.id)
        WHERE s.type NOT IN ('RETURN', 'EXCHANGE') AND s.received < s.refunded + s.returns_refunded)
    THEN
        RAISE EXCEPTION 'no more is refunded than was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_refunds_within_paid';
    END IF;
    RETURN NULL;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0049_payment_indexes")]

    operations = [
        ops.AddField(
            model_name="Payment",
            name="counterpart",
            field=fields.ForeignKeyField(
                "models.Payment",
                source_field="counterpart_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="counterparts",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddConstraint(
            model_name="Payment",
            constraint=UniqueConstraint(fields=("counterpart",), name="payment_counterpart_once"),
        ),
        ops.AlterField(
            model_name="Payment",
            name="kind",
            field=fields.CharEnumField(
                description="PAYMENT: PAYMENT\nREFUND: REFUND\nREVERSAL: REVERSAL\nTRANSFER_OUT: TRANSFER_OUT\nTRANSFER_IN: TRANSFER_IN",
                enum_type=PaymentKind,
                max_length=20,
            ),
        ),
        ops.RemoveConstraint(model_name="Payment", name="payment_kind_known", fields=None),
        ops.AddConstraint(
            model_name="Payment",
            constraint=CheckConstraint(
                check="kind IN ('PAYMENT', 'REFUND', 'REVERSAL', 'TRANSFER_OUT', 'TRANSFER_IN')",
                name="payment_kind_known",
            ),
        ),
        ops.AddConstraint(
            model_name="Payment",
            constraint=CheckConstraint(
                check="(kind IN ('TRANSFER_OUT', 'TRANSFER_IN')) = (counterpart_id IS NOT NULL)",
                name="payment_transfer_paired",
            ),
        ),
        ops.RunSQL(sql=[COUNTED], reverse_sql=""),
    ]

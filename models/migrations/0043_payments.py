# ruff: noqa: E501  # as generated, but for the triggers
from decimal import Decimal

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.payments import PaymentKind, PaymentMethod
from models.columns import NumericField, ShapedIndex, TimestampField

# The ledger is added to, and that is all; only the words of an erased person's reasons go.
APPEND_ONLY = """
CREATE FUNCTION payment_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.reason = '(erased)' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'payments are not changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
# What an order was paid follows from its ledger, whoever writes entries, and no more goes back than came in: of an order
# and its returns together. Whoever writes locks the original before its returns.
COUNTED = """
CREATE FUNCTION payment_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN payment u ON u.id = a.reverses_id
        WHERE u.kind = 'REVERSAL' OR (u.order_id, u.amount, u.method) <> (a.order_id, a.amount, a.method))
    THEN
        RAISE EXCEPTION 'a reversal is of the order, amount and method of what it reverses'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_reversal_fits';
    END IF;
    WITH moved AS (
        SELECT a.order_id, coalesce(u.kind, a.kind) AS kind,
               CASE a.kind WHEN 'REVERSAL' THEN -a.amount ELSE a.amount END AS amount
        FROM added a LEFT JOIN payment u ON u.id = a.reverses_id
    ), own AS (
        SELECT order_id, coalesce(sum(amount) FILTER (WHERE kind = 'PAYMENT'), 0) AS came,
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
TRIGGERS = [
    "CREATE TRIGGER payment_kept BEFORE UPDATE OR DELETE ON payment"
    " FOR EACH ROW EXECUTE FUNCTION payment_append_only()",
    "CREATE TRIGGER payment_not_emptied BEFORE TRUNCATE ON payment"
    " FOR EACH STATEMENT EXECUTE FUNCTION payment_append_only()",
    "CREATE TRIGGER payment_counted AFTER INSERT ON payment REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION payment_counted()",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0042_delay_reasons")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Payment",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="payments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="PAYMENT: PAYMENT\nREFUND: REFUND\nREVERSAL: REVERSAL",
                        enum_type=PaymentKind,
                        max_length=20,
                    ),
                ),
                ("amount", NumericField(generated=False, null=False, unique=False)),
                (
                    "method",
                    fields.CharEnumField(
                        description="BANK_TRANSFER: BANK_TRANSFER\nCARD: CARD\nCASH: CASH\nCHEQUE: CHEQUE\nDIRECT_DEBIT: DIRECT_DEBIT\nWALLET: WALLET\nMARKETPLACE: MARKETPLACE\nOFFSET: OFFSET\nOTHER: OTHER",
                        enum_type=PaymentMethod,
                        max_length=20,
                    ),
                ),
                ("reference", fields.TextField(null=True, unique=False)),
                ("turn", fields.IntField(default=0)),
                ("received_at", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "reverses",
                    fields.ForeignKeyField(
                        "models.Payment",
                        source_field="reverses_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reversals",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(null=True, unique=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="payments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "payment",
                "app": "models",
                "constraints": [
                    UniqueConstraint(
                        fields=("order", "kind", "method", "reference", "turn"), name="payment_reference_once"
                    ),
                    UniqueConstraint(fields=("reverses",), name="payment_reversed_once"),
                    CheckConstraint(check="kind IN ('PAYMENT', 'REFUND', 'REVERSAL')", name="payment_kind_known"),
                    CheckConstraint(
                        check="method IN ('BANK_TRANSFER', 'CARD', 'CASH', 'CHEQUE', 'DIRECT_DEBIT', 'WALLET', 'MARKETPLACE', 'OFFSET', 'OTHER')",
                        name="payment_method_known",
                    ),
                    CheckConstraint(check="amount > 0", name="payment_amount_positive"),
                    CheckConstraint(
                        check="(kind = 'REVERSAL') = (reverses_id IS NOT NULL)", name="payment_reverses_one"
                    ),
                    CheckConstraint(check="kind <> 'REVERSAL' OR reference IS NULL", name="payment_reversal_plain"),
                ],
                "indexes": [
                    ShapedIndex(fields=["received_at DESC", "id DESC"], name="payment_by_received_at"),
                    ShapedIndex(fields=["order_id ASC", "id ASC"], name="payment_order"),
                    ShapedIndex(fields=["reference ASC"], name="payment_reference", where="reference IS NOT NULL"),
                ],
                "pk_attr": "id",
                "table_description": "An entry of an order's ledger: `amount`, above zero, of the order's currency.",
            },
            bases=["Model"],
        ),
        ops.RemoveConstraint(
            model_name="ApiToken",
            name="api_token_scopes_known",
            fields=None,
        ),
        ops.AddConstraint(
            model_name="ApiToken",
            constraint=CheckConstraint(
                check="scopes <@ ARRAY['ORDERS_READ', 'ORDERS_WRITE', 'CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'PRODUCTS_READ', 'PRODUCTS_WRITE', 'STOCK_READ', 'STOCK_WRITE', 'PAYMENTS_WRITE', 'EVENTS_READ', 'JOBS', 'FILES']::text[]",
                name="api_token_scopes_known",
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="received",
            field=NumericField(
                default=Decimal("0"), db_default=Decimal("0"), generated=False, null=False, unique=False
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="refunded",
            field=NumericField(
                default=Decimal("0"), db_default=Decimal("0"), generated=False, null=False, unique=False
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="returns_refunded",
            field=NumericField(
                default=Decimal("0"), db_default=Decimal("0"), generated=False, null=False, unique=False
            ),
        ),
        ops.RunSQL(
            sql=[APPEND_ONLY, COUNTED, *TRIGGERS],
            reverse_sql="DROP FUNCTION payment_append_only, payment_counted CASCADE",
        ),
    ]

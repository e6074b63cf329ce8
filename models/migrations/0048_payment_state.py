from tortoise import migrations
from tortoise.migrations import operations as ops

# What an order's ledger comes to is said once, for lists, their indexes, and whatever else asks. What indexes are over
# is never changed: other rules are other functions, with indexes of their own. Neither is STRICT, so that PostgreSQL
# writes out what they do instead of calling them.
# Nothing is `0 * total`, which has the digits of the order's currency: sums of amounts with it have them too.
DUE = """
CREATE FUNCTION order_due(status text, total numeric, received numeric, refunded numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status IN ('CANCELLED', 'DECLINED', 'REJECTED') THEN 0 * total ELSE total END - received + refunded
"""
STATE = """
CREATE FUNCTION order_payment_state(
    status text, total numeric, received numeric, refunded numeric, returns_refunded numeric
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN received = 0 AND refunded = 0 AND returns_refunded = 0 THEN CASE WHEN total = 0 THEN 'PAID' ELSE 'UNPAID' END
    WHEN total < 0 AND status NOT IN ('CANCELLED', 'DECLINED', 'REJECTED') THEN CASE
        WHEN refunded - received >= -total THEN 'REFUNDED'
        WHEN refunded > received THEN 'PARTLY_REFUNDED'
        WHEN refunded = received THEN 'UNPAID' ELSE 'OVERPAID' END
    WHEN refunded + greatest(returns_refunded, 0) > 0 AND refunded + greatest(returns_refunded, 0) >= received
        THEN 'REFUNDED'
    WHEN refunded + greatest(returns_refunded, 0)
        > greatest(received - CASE WHEN status IN ('CANCELLED', 'DECLINED', 'REJECTED') THEN 0 ELSE total END, 0)
        THEN 'PARTLY_REFUNDED'
    WHEN received - refunded - greatest(returns_refunded, 0)
        > CASE WHEN status IN ('CANCELLED', 'DECLINED', 'REJECTED') THEN 0 ELSE total END THEN 'OVERPAID'
    WHEN received - refunded - greatest(returns_refunded, 0)
        = CASE WHEN status IN ('CANCELLED', 'DECLINED', 'REJECTED') THEN 0 ELSE total END THEN 'PAID'
    WHEN received > 0 THEN 'PARTLY_PAID' ELSE 'UNPAID' END
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0046_rfm_indexes")]

    operations = [
        ops.RunSQL(
            sql=[DUE, STATE],
            reverse_sql="DROP FUNCTION order_due(text, numeric, numeric, numeric), order_payment_state",
        ),
    ]

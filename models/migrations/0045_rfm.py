from decimal import Decimal

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from models.columns import NumericField, TimestampField

_COUNTED = "('COMPLETED', 'REFUNDED', 'EXCHANGED')"
# Most statements change no order that is over, and are done with one look. Rows come and go all the time: they are
# cleaned up by number, not by share, and soon.
MARK = f"""
CREATE FUNCTION mark_customers_of_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT FROM entered WHERE status IN {_COUNTED})
            OR EXISTS (SELECT FROM removed WHERE status IN {_COUNTED}) THEN
            INSERT INTO stale_customer (customer_id)
            SELECT DISTINCT side.customer_id
            FROM entered e JOIN removed r USING (id)
            CROSS JOIN LATERAL (VALUES (e.customer_id), (r.customer_id)) side (customer_id)
            WHERE side.customer_id IS NOT NULL AND (e.status IN {_COUNTED} OR r.status IN {_COUNTED})
              AND (e.customer_id, e.status, e.base_total, e.placed_at)
                  IS DISTINCT FROM (r.customer_id, r.status, r.base_total, r.placed_at);
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO stale_customer (customer_id)
        SELECT DISTINCT customer_id FROM entered WHERE status IN {_COUNTED} AND customer_id IS NOT NULL;
    ELSE
        INSERT INTO stale_customer (customer_id)
        SELECT DISTINCT customer_id FROM removed WHERE status IN {_COUNTED} AND customer_id IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$
"""  # noqa: S608  # of statuses
CLEANED = """
ALTER TABLE stale_customer SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0
)
"""
_ENTERED, _REMOVED = "NEW TABLE AS entered", "OLD TABLE AS removed"
TRIGGERS = [
    f"CREATE TRIGGER sales_order_measured_{event.lower()} AFTER {event} ON sales_order"
    f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION mark_customers_of_orders()"
    for event, tables in (("INSERT", _ENTERED), ("UPDATE", f"{_REMOVED} {_ENTERED}"), ("DELETE", _REMOVED))
]


class Migration(migrations.Migration):
    dependencies = [("models", "0044_after_sales")]

    initial = False

    operations = [
        ops.CreateModel(
            name="RfmScale",
            fields=[
                ("id", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("days", fields.IntField()),
                ("starts_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("recency_cuts", ArrayField(default=list, element_type="TIMESTAMPTZ(3)")),
                ("frequency_cuts", ArrayField(default=list, element_type="INT")),
                ("monetary_cuts", ArrayField(default=list, element_type="NUMERIC")),
                ("cut_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("scored", fields.IntField(default=0)),
                ("moved", fields.IntField(default=0)),
            ],
            options={
                "table": "rfm_scale",
                "app": "models",
                "constraints": [CheckConstraint(check="id = 1", name="rfm_scale_one_row")],
                "pk_attr": "id",
                "table_description": "The one row that says by what customers are measured.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StaleCustomer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer_id", fields.BigIntField()),
                ("written_at", TimestampField(db_default=SqlDefault("now()"), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stale_customer",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A customer waits to be measured again.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Customer",
            name="frequency",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Customer",
            name="frequency_score",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Customer",
            name="last_order_at",
            field=TimestampField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Customer",
            name="monetary",
            field=NumericField(
                default=Decimal("0"), db_default=SqlDefault("0"), generated=False, null=False, unique=False
            ),
        ),
        ops.AddField(
            model_name="Customer",
            name="monetary_score",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Customer",
            name="recency_score",
            field=fields.IntField(null=True),
        ),
        ops.RunSQL(
            sql=[MARK, CLEANED, *TRIGGERS],
            reverse_sql="DROP FUNCTION mark_customers_of_orders CASCADE",
        ),
    ]

# ruff: noqa: E501  # as generated
from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0040_split_orders_index")]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name="ApiToken",
            name="api_token_scopes_known",
            fields=None,
        ),
        ops.AddConstraint(
            model_name="ApiToken",
            constraint=CheckConstraint(
                check="scopes <@ ARRAY['ORDERS_READ', 'ORDERS_WRITE', 'CUSTOMERS_READ', 'CUSTOMERS_WRITE', 'PRODUCTS_READ', 'PRODUCTS_WRITE', 'STOCK_READ', 'STOCK_WRITE', 'EVENTS_READ', 'JOBS', 'FILES']::text[]",
                name="api_token_scopes_known",
            ),
        ),
    ]

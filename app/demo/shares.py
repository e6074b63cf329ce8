"""What the demo's people share with each other."""

from random import Random

from app.demo.organisation import Organisation
from app.demo.rows import Rows

RECIPIENTS = ("rep1", "rep2", "rep3", "rep4", "rep5")
ORDERS_EACH = 8
CUSTOMERS_EACH = 4


def add_shares(rows: Rows, choice: Random, organisation: Organisation) -> None:
    """Each rep with an account reads some orders and customers of others."""
    for name in RECIPIENTS:
        user_id = organisation.people[name]
        for table, column, share, number in (
            ("sales_order", "order_id", "order_share", ORDERS_EACH),
            ("customer", "customer_id", "customer_share", CUSTOMERS_EACH),
        ):
            others = [row["id"] for row in rows.of(table) if row["owner_id"] != user_id]
            for shared in sorted(choice.sample(others, number)):
                rows.add(share, **{column: shared}, user_id=user_id)

"""Orders repeat their customer's level, so that lists filtered by it need no join."""

from collections.abc import Sequence

from models.connection import TransactionClient

_COPY = """
UPDATE sales_order SET customer_level = behind.level
FROM (SELECT o.id, c.level FROM sales_order o JOIN customer c ON c.id = o.customer_id
      WHERE c.id = ANY ($1::bigint[]) AND o.customer_level IS DISTINCT FROM c.level
      ORDER BY o.id FOR NO KEY UPDATE OF o) behind
WHERE sales_order.id = behind.id
"""


async def copy_levels(client: TransactionClient, customer_ids: Sequence[int]) -> None:
    """Copy the level of each of these customers, locked and written before, to all their orders."""
    await client.connection.execute(_COPY, customer_ids)

"""What a customer owes: what its orders come to, less what was paid for them, plus what went back."""

from decimal import Decimal

from domain.credit import OWED_FOR
from domain.currencies import DIGITS
from domain.orders.life_cycle import OVER
from models.connection import TransactionClient
from services.company import Company

# An order that was over when it came, and for which nothing was booked, is from before the ledger: nobody knows what
# was paid for it, so that nothing is owed. A return counts as far as the order does that it returns.
_OWED = """
WITH told AS (
    SELECT o.id, o.type, o.status, o.original_order_id, o.currency, o.total, o.base_total,
           o.received - o.refunded AS paid,
           o.status <> ALL ($4::text[]) OR o.received > 0 OR o.refunded > 0 OR o.returns_refunded <> 0
           OR EXISTS (SELECT FROM order_status_change c
                      WHERE c.order_id = o.id AND c.from_status IS NOT NULL AND c.to_status = o.status) AS kept
    FROM sales_order o WHERE o.customer_id = $1
), due AS (
    SELECT t.currency, t.total, t.base_total,
           CASE WHEN t.kept AND t.status = ANY ($5::text[]) AND (t.type IN ('NEW', 'RENEWAL') OR s.kept) THEN t.total
                ELSE 0 END - t.paid AS amount
    FROM told t LEFT JOIN told s ON s.id = t.original_order_id
)
SELECT coalesce(sum(CASE WHEN currency = $2 THEN amount ELSE round(amount * base_total / nullif(total, 0), $3) END), 0)
FROM due
"""


async def owed_by(client: TransactionClient, company: Company, customer_id: int) -> Decimal:
    """What the customer owes in the company's currency, below zero what it has to its credit.

    Amounts of other currencies count at the rate of their order. As of the statement's own moment.
    """
    currency, over, counted = company.currency, sorted(OVER), sorted(OWED_FOR)
    owed: Decimal = await client.connection.fetchval(_OWED, customer_id, currency, DIGITS[currency], over, counted)
    return owed

"""`sluice payments`: what orders have received and refunded, compared with their ledgers."""

from app.commands.verifying import verified
from app.settings import Settings
from services.payments.verify import MOST_DIFFERENCES, Difference, payment_differences


def verify(settings: Settings) -> int:
    """Print which orders are not paid as their ledgers say, as of one moment; DIFFERENT if any, else 0."""
    return verified(
        settings,
        payment_differences,
        _line,
        most=MOST_DIFFERENCES,
        differ="orders differ: somebody changed them past the ledger",
        same="orders are paid as their ledgers add up",
    )


def _line(of: Difference) -> str:
    told, exact = ("{} received, {} refunded, {} for returns".format(*amounts) for amounts in (of.told, of.exact))
    return f"order={of.order_id}: {told}, and ledgers come to {exact}"

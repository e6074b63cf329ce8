"""`sluice stock`: balances of stock, compared with the ledger."""

from app.commands.verifying import verified
from app.settings import Settings
from services.stock.verify import MOST_DIFFERENCES, Difference, stock_differences


def verify(settings: Settings) -> int:
    """Print which balances are not what their movements add up to, as of one moment; DIFFERENT if any, else 0."""
    return verified(
        settings,
        stock_differences,
        _line,
        most=MOST_DIFFERENCES,
        differ="balances differ: somebody changed them past the ledger",
        same="balances of stock are what the ledger adds up to",
    )


def _line(of: Difference) -> str:
    (on_hand, reserved), (moved, held) = of.told, of.exact
    place = f"warehouse={of.warehouse_id} product={of.product_id}"
    return f"{place}: {on_hand} on hand, {reserved} reserved, and movements come to {moved} and {held}"

"""`sluice rfm`: recency, frequency and monetary value of customers, compared with their orders."""

from app.commands.verifying import verified
from app.settings import Settings
from services.rfm.verify import MOST_DIFFERENCES, Difference, rfm_differences


def verify(settings: Settings) -> int:
    """Print which customers are not measured as their orders say, as of one moment; DIFFERENT if any, else 0."""
    return verified(
        settings,
        rfm_differences,
        _line,
        most=MOST_DIFFERENCES,
        differ="customers differ: see that sluice worker runs",
        same="customers are measured as their orders say",
    )


def _line(of: Difference) -> str:
    different = [f"{name} {told} for {of.exact[name]}" for name, told in of.told.items() if told != of.exact[name]]
    return f"customer={of.customer_id}: {', '.join(different)}"

"""How long orders stood where they stood."""

from schema.describe import object_type, text
from schema.enums import OrderStatus


@object_type
class OrderTimeInStatus:
    """How long orders stood at a status, by those stays that have ended."""

    status: OrderStatus = text("The status.")
    stays: int = text("How many times an order has left it.")
    median_seconds: int = text("Half of the stays took at most so long.")
    p90_seconds: int = text("Nine of ten stays took at most so long.")

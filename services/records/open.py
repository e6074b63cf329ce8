"""Which orders are not over."""

from domain.orders.life_cycle import OVER

NOT_OVER = f"status NOT IN ({', '.join(sorted(repr(status.value) for status in OVER))})"

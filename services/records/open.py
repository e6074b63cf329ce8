"""Which orders are not over."""

from domain.orders.life_cycle import STATUS_GROUPS, StatusGroup

_OVER = STATUS_GROUPS[StatusGroup.COMPLETED] | STATUS_GROUPS[StatusGroup.CANCELLED]
NOT_OVER = f"status NOT IN ({', '.join(sorted(repr(status.value) for status in _OVER))})"

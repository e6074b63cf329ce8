"""What clients were told: every write that was acknowledged to them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Created:
    """An acknowledged creation: the input under its key, and the row's global id and total, if it has one."""

    user: str
    input: dict[str, Any]
    id: str
    total: str | None = None


@dataclass(frozen=True)
class Updated:
    """An acknowledged change of the order `id`, which had version `before`; its notes became `key`."""

    key: str
    id: str
    before: int


@dataclass
class Ledger:
    """Acknowledged creations by idempotency key, acknowledged changes, and how often something else was answered."""

    orders: dict[str, Created] = field(default_factory=dict)
    customers: dict[str, Created] = field(default_factory=dict)
    updates: list[Updated] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        """How many writes."""
        return len(self.orders) + len(self.customers) + len(self.updates)

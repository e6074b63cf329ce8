"""A bounded cache: what was used least recently goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class Uses:
    """How often something was found in a cache, or in several, was not, and went to make room."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0


class Cache(Generic[K, V]):
    """Keeps entries that weigh `size` together, 1 each where nothing else is said. Caches may share their `uses`."""

    def __init__(self, size: int, uses: Uses | None = None) -> None:
        self.size = size
        self.uses = uses or Uses()
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: K) -> V | None:
        """The entry of `key`, now the most recently used one."""
        found = self._entries.get(key)
        if found is None:
            self.uses.misses += 1
            return None
        self.uses.hits += 1
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, *, weight: int = 1) -> V:
        """Keep `value`, which is returned."""
        self._weight += weight - (self._entries[key][1] if key in self._entries else 0)
        self._entries[key] = value, weight
        while self._weight > self.size:
            _, (_, gone) = self._entries.popitem(last=False)
            self._weight -= gone
            self.uses.evictions += 1
        return value

    def __len__(self) -> int:
        return len(self._entries)

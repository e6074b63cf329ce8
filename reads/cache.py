"""A bounded cache: what was used least recently goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Keeps entries that weigh `size` together, 1 each where nothing else is said."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: K) -> V | None:
        """The entry of `key`, now the most recently used one."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, *, weight: int = 1) -> V:
        """Keep `value`, which is returned."""
        self._weight += weight - (self._entries[key][1] if key in self._entries else 0)
        self._entries[key] = value, weight
        while self._weight > self.size:
            _, (_, gone) = self._entries.popitem(last=False)
            self._weight -= gone
        return value

    def __len__(self) -> int:
        return len(self._entries)

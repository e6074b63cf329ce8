"""Points of callers: a leaky bucket for each, decided in this process, so that no request waits for another server."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reads.cache import Cache

MOST_KEPT = 50_000


class Balance(NamedTuple):
    """What came of a charge: `retry_after` is in seconds, 0 where it was made."""

    remaining: int
    retry_after: float = 0.0


@dataclass(slots=True)
class _Level:
    points: float
    at: float


class Accounts:
    """The accounts that this process knows: `capacity` points, filling up by `per_second`.

    What is spent here is gathered in `spent`, for whoever tells the other processes; what they spent comes back by
    `learn`. The callers seen last are kept.
    """

    def __init__(self, capacity: int, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.capacity = capacity
        self.per_second = per_second
        self.spent: dict[str, int] = {}
        self._clock = clock
        self._levels: Cache[str, _Level] = Cache(MOST_KEPT)

    def charge(self, who: str, points: int) -> Balance:
        """Take `points` from an account; where there are not as many, take none and say when to come again."""
        level = self._level(who)
        if level.points < min(points, self.capacity):
            return Balance(max(int(level.points), 0), (points - level.points) / self.per_second)
        self._take(who, level, points)
        return Balance(max(int(level.points), 0))

    def debit(self, who: str, points: int) -> None:
        """Take `points` for what has been done already, be it more than is left."""
        self._take(who, self._level(who), points)

    def overdrawn(self, who: str) -> Balance | None:
        """When to come again, for an account on which less than nothing is left."""
        level = self._level(who)
        return Balance(0, -level.points / self.per_second) if level.points < 0 else None

    def take_spent(self) -> dict[str, int]:
        """What was spent since the last time."""
        spent, self.spent = self.spent, {}
        return spent

    def learn(self, levels: Mapping[str, float]) -> None:
        """The points that are left in all processes together, less what is `spent` here and not told yet."""
        for who, shared in levels.items():
            level = self._level(who)
            level.points = min(level.points, shared - self.spent.get(who, 0))

    def _take(self, who: str, level: _Level, points: int) -> None:
        level.points -= points
        self.spent[who] = self.spent.get(who, 0) + points

    def _level(self, who: str) -> _Level:
        """The account, with what has filled up since it was last looked at."""
        now = self._clock()
        level = self._levels.get(who)
        if level is None:
            return self._levels.put(who, _Level(float(self.capacity), now))
        level.points = min(float(self.capacity), level.points + (now - level.at) * self.per_second)
        level.at = now
        return level

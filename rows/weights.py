"""How much of the orders each team has, by the planner's own statistics: no row is counted for it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_STATISTICS = """
SELECT most_common_vals::text::bigint[] AS teams, most_common_freqs AS weights, null_frac AS none,
       CASE WHEN n_distinct < 0 THEN -n_distinct * greatest(c.reltuples, 0) ELSE n_distinct END AS distinct
FROM pg_stats s JOIN pg_class c ON c.oid = 'sales_order'::regclass
WHERE s.schemaname = current_schema AND s.tablename = 'sales_order' AND s.attname = 'team_id'
"""


@dataclass(frozen=True)
class TeamWeights:
    """The parts of all orders (0 to 1) that teams have: `common` those that have most, `other` each of the rest."""

    common: Mapping[int, float] = field(default_factory=dict)
    other: float = 0.0

    def of(self, teams: Iterable[int]) -> float:
        """The part of all orders that `teams` have together."""
        return sum(self.common.get(team, self.other) for team in teams)


async def team_weights(fetch: Callable[[str], Awaitable[Sequence[Any]]]) -> TeamWeights:
    """The weights of the teams as last analysed; nothing before that. `fetch` runs a query."""
    found = await fetch(_STATISTICS)
    if not found or found[0]["teams"] is None:
        return TeamWeights()
    row = found[0]
    common = dict(zip(row["teams"], row["weights"], strict=True))
    rest, others = 1 - row["none"] - sum(common.values()), row["distinct"] - len(common)
    return TeamWeights(common, max(rest, 0.0) / others if others >= 1 else 0.0)

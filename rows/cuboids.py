"""How counters of orders are stored: what they tell apart, and the SQL that rolls counts up to them."""

GRAIN = ("status", "type", "channel_id", "region_id", "tier_id", "customer_level")
CUBOIDS: tuple[tuple[str, ...], ...] = (
    ("status", "type", "channel_id", "tier_id", "customer_level"),
    ("status", "type", "region_id"),
    ("status", "type"),
)
"""What the counters of each kind tell apart, by number; of two that tell something, the later one has fewer rows.

Grounds of visibility need the status, so all of them have it. Regions are many, and their combinations with channels
and levels soon as many as the orders themselves: what is asked of these is counted row by row.
"""
BY_REGION = 1
"""The number of those that tell regions apart: they are not kept for the teams in between, which would be most of all
counters, and most of what a fold has to do."""
KEY = ("cuboid", "team_id", "below", *GRAIN)
"""`below` are all teams below the team `team_id`, else it is the team by itself. Team 0 is the company, above all
teams; what has no team is its own."""


def none_of(column: str) -> str:
    """What stands for none in a column of the counters, so that keys compare."""
    return "0" if column.endswith("_id") else "''"


def rolled_up(own: str) -> str:
    """A select of KEY, orders and amount: counts of teams' own orders (team_id, GRAIN, orders, amount), rolled up.

    They count for their team by itself, below each team above it, and below the company. `own` is the name of their
    table. Sorted by KEY, as the counters' index is.
    """
    rest = f"{', '.join(GRAIN)}, orders, amount"
    return f"""
    SELECT {", ".join(KEY)}, sum(orders)::bigint AS orders, sum(amount) AS amount
    FROM (
        WITH cubed AS (
            SELECT {_number()}::smallint AS cuboid, team_id,
                   {", ".join(f"coalesce({column}, {none_of(column)}) AS {column}" for column in GRAIN)},
                   sum(orders)::bigint AS orders, sum(amount) AS amount
            FROM {own} GROUP BY team_id, GROUPING SETS ({", ".join(f"({', '.join(cuboid)})" for cuboid in CUBOIDS)})
        )
        SELECT cuboid, team_id, false AS below, {rest} FROM cubed
        UNION ALL SELECT cuboid, 0, true, {rest} FROM cubed WHERE team_id <> 0
        UNION ALL SELECT cuboid, ancestor_id, true, {rest}
        FROM cubed JOIN team_closure ON descendant_id = team_id AND depth > 0 WHERE cuboid <> {BY_REGION}
    ) placed
    GROUP BY {", ".join(KEY)} HAVING sum(orders) <> 0 OR sum(amount) <> 0
    ORDER BY {", ".join(KEY)}"""


OWN = f"""
    SELECT coalesce(team_id, 0) AS team_id,
           {", ".join(c if c in ("status", "type") else f"coalesce({c}, {none_of(c)}) AS {c}" for c in GRAIN)},
           count(*) AS orders, sum(base_total) AS amount
    FROM sales_order GROUP BY 1, 2, 3, 4, 5, 6, 7"""
"""A select of all orders, counted by team and grain."""


def _number() -> str:
    """The number of the cuboid that a row of GROUPING SETS is of."""
    cases = " ".join(f"WHEN {_mask(cuboid)} THEN {number}" for number, cuboid in enumerate(CUBOIDS))
    return f"CASE GROUPING({', '.join(GRAIN)}) {cases} END"


def _mask(cuboid: tuple[str, ...]) -> int:
    """GROUPING's number: a bit for each column, the last one the lowest, set where the column is not told apart."""
    return sum(1 << place for place, column in enumerate(reversed(GRAIN)) if column not in cuboid)

"""Orders counted and summed: from counters where these tell apart what is asked for, and else row by row.

Counters are kept of some combinations of what orders can be counted by (`rows.cuboids`), for each team by itself and
for all teams below it, and so for the company, which is team 0. What has not been folded into them yet is read as
deltas in the same snapshot, so that the sum is always exact. Columns are called as in `sales_order`; none is 0 or '' in
counters and deltas, which no condition on a value ever means.

A viewer's grounds of visibility are read from counters where these hold what the ground looks at: the team tree, and
the statuses of a role. The rows of the other grounds (own, shared, reviewed) are found by their indexes, each unless it
was counted already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.orders.dimensions import OrderDimension
from rows.conditions import Compare, Condition, Every, Not, Related, Some, Within
from rows.cuboids import BY_REGION, CUBOIDS, none_of
from rows.declare import Everything, Ground
from rows.entities import CUSTOMER, ENTITIES, ORDER
from rows.sql import Compiler
from rows.visibility import TEAM_TREE

COLUMNS = {
    OrderDimension.STATUS: "status",
    OrderDimension.STATUS_GROUP: "status_group",
    OrderDimension.TYPE: "type",
    OrderDimension.CHANNEL: "channel_id",
    OrderDimension.REGION: "region_id",
    OrderDimension.TIER: "tier_id",
    OrderDimension.LEVEL: "customer_level",
    OrderDimension.TEAM: "team_id",
}

LEVEL = COLUMNS[OrderDimension.LEVEL]
_DERIVED = {"status_group": ("status", ORDER.columns["status_group"].sql.format(t="r"))}
"""What is told of another column, with how."""
_ALL = "{t}.team_id = 0"
_OWN = "NOT {t}.below"


def is_counted(compiler: Compiler, condition: Condition) -> bool:
    """Whether the counters tell the orders for which `condition` holds from the others."""
    return _told((), _columns(compiler, condition)) is not None


def order_counts(compiler: Compiler, columns: Sequence[str], condition: Condition, group: int) -> str:
    """A select of `columns`, `orders` and `amount`: the orders that the viewer sees and for which `condition` holds.

    A row for each combination that there is; one row where there are no columns. `group` has the values.
    """
    stored = tuple(dict.fromkeys(_DERIVED.get(column, (column,))[0] for column in columns))
    told = _told(stored, _columns(compiler, condition)) if _are_counted(compiler, stored) else None
    if told is None:
        parts = _exact(compiler, stored, condition, group)
    else:
        parts = _Counters(compiler, stored, *told, condition, group).parts()
    keys = ", ".join(
        f"{_DERIVED[column][1]} AS {column}" if column in _DERIVED else f"r.{column}" for column in columns
    )
    places = ", ".join(str(place) for place in range(1, len(columns) + 1))
    nothing = ", ".join([*map(none_of, stored), "0", "0"])
    rows = " UNION ALL ".join(parts) or f"SELECT {nothing} WHERE false"
    named = ", ".join([*stored, "orders", "amount"])
    counts = "coalesce(sum(r.orders), 0)::bigint AS orders, coalesce(sum(r.amount), 0) AS amount"
    if not columns:
        return f"SELECT {counts} FROM ({rows}) AS r({named})"
    return f"SELECT {keys}, {counts} FROM ({rows}) AS r({named}) GROUP BY {places} HAVING sum(r.orders) <> 0"


def _are_counted(compiler: Compiler, columns: Sequence[str]) -> bool:
    """Whether the viewer may be told `columns` of all orders: the level is the customer's, whom not everybody sees."""
    return LEVEL not in columns or isinstance(compiler.scope(CUSTOMER), Everything)


def _told(columns: Sequence[str], names: set[str] | None) -> tuple[int, bool] | None:
    """The number of the counters that tell `columns` and `names` apart, and whether teams by themselves are needed."""
    if names is None:
        return None
    needed = {*columns, *names}
    cuboids = [number for number, cuboid in enumerate(CUBOIDS) if needed - {"team_id"} <= set(cuboid)]
    return (cuboids[-1], "team_id" in needed) if cuboids else None


def _exact(compiler: Compiler, columns: Sequence[str], condition: Condition, group: int) -> list[str]:
    alias = compiler.alias()
    holds = _holds(compiler, condition, alias, group)
    branches = compiler.branches(ORDER, alias, spread=False)
    return [_of_orders(compiler, alias, columns, [branch, holds]) for branch in branches]


@dataclass
class _Counters:
    """The parts that add up to what is asked for: counters of one `cuboid`, deltas, and orders that neither holds."""

    compiler: Compiler
    columns: Sequence[str]
    cuboid: int
    by_team: bool
    condition: Condition
    group: int

    def parts(self) -> list[str]:
        """A select for each part."""
        scope = self.compiler.scope(ORDER)
        if isinstance(scope, Everything):
            return [self._counters(_OWN if self.by_team else _ALL), self._deltas("")]
        assert isinstance(scope, tuple)  # noqa: S101  # orders are no part of another row
        grounds = [ground for ground in scope if ground is TEAM_TREE or ground.among]
        return [*self._of_grounds(grounds), *self._beside(grounds, scope)]

    def _of_grounds(self, grounds: Sequence[Ground]) -> list[str]:
        if not grounds:
            return []
        seen = self.compiler.any_holds(grounds, "{t}")
        if self.by_team:
            return [self._counters(_OWN, seen), self._deltas(seen)]
        return [*(self._counters(*where) for where in self._rolled_up(grounds)), self._deltas(seen)]

    def _rolled_up(self, grounds: Sequence[Ground]) -> list[list[str]]:
        """Disjoint conditions for the counters that `grounds` add up to, the fewest possible.

        A tree is counted team by team where it has just changed, as the viewer is known to see it, and by regions.
        """
        in_status = [ground for ground in grounds if ground.among]
        statuses = self.compiler.any_holds(in_status, "{t}") if in_status else ""
        parts = [[_ALL, statuses]] if statuses else []
        if TEAM_TREE in grounds:
            others = f"NOT {statuses}" if statuses else ""
            parts += [[*tree, others] for tree in self._tree()]
        return parts

    def _tree(self) -> list[list[str]]:
        teams = self.compiler.parameters.teams()
        team_by_team = [_OWN, f"{{t}}.team_id = ANY({teams})"]
        if self.cuboid == BY_REGION:
            return [team_by_team]
        team = self.compiler.parameters.own_team()
        below = (
            "SELECT array_agg(x.descendant_id ORDER BY x.descendant_id)"
            f" FROM team_closure x WHERE x.ancestor_id = {team}"
        )
        same = f"(({below}) = {teams})"
        return [[f"{{t}}.team_id = {team}", same], [*team_by_team, f"{same} IS NOT TRUE"]]

    def _beside(self, grounds: Sequence[Ground], scope: Sequence[Ground]) -> list[str]:
        """The orders that are seen on none of `grounds`, found by the others of the scope."""
        alias = self.compiler.alias()
        others = [ground for ground in scope if ground not in grounds]
        branches = self.compiler.disjoint([*grounds, *others], alias)[len(grounds) :]
        holds = _holds(self.compiler, self.condition, alias, self.group)
        return [_of_orders(self.compiler, alias, self.columns, [branch, holds]) for branch in branches]

    def _counters(self, *where: str) -> str:
        return self._select("order_counter", f"{{t}}.cuboid = {self.cuboid}", *where)

    def _deltas(self, where: str) -> str:
        return self._select("order_count_delta", where)

    def _select(self, table: str, *where: str) -> str:
        alias = self.compiler.alias()
        named = ", ".join(f"{alias}.{column}" for column in (*self.columns, "orders", "amount"))
        holds = _holds(self.compiler, self.condition, alias, self.group)
        return f"SELECT {named} FROM {table} {alias}{_where(alias, [*where, holds])}"


def _holds(compiler: Compiler, condition: Condition, alias: str, group: int) -> str:
    return "" if condition == Every(()) else compiler.condition(condition, ORDER, alias, group)


def _of_orders(compiler: Compiler, alias: str, columns: Sequence[str], where: Iterable[str]) -> str:
    customer = compiler.alias()
    seen = compiler.visible(CUSTOMER, customer) if LEVEL in columns else ""
    # The level is what a customer is: none, where the viewer does not see the customer.
    of = {LEVEL: f"CASE WHEN {customer}.id IS NOT NULL THEN {alias}.{LEVEL} END"} if seen else {}
    named = [f"coalesce({of.get(column, f'{alias}.{column}')}, {none_of(column)})" for column in columns]
    joined = f" LEFT JOIN customer {customer} ON {customer}.id = {alias}.customer_id AND {seen}" if seen else ""
    selected = ", ".join([*named, "1", f"{alias}.base_total"])
    return f"SELECT {selected} FROM sales_order {alias}{joined}{_where(alias, where)}"


def _where(alias: str, conditions: Iterable[str]) -> str:
    given = [condition.replace("{t}", alias) for condition in conditions if condition]
    return f" WHERE {' AND '.join(given)}" if given else ""


def _columns(compiler: Compiler, condition: Condition) -> set[str] | None:
    """The columns of the counters that `condition` looks at; None where it looks at anything else."""
    match condition:
        case Every(items) | Some(items):
            return _all([_columns(compiler, item) for item in items])
        case Not(item):
            return _columns(compiler, item)
        case Compare("status_group", _, _):
            return {"status"}
        case Compare(("status" | "type") as name, _, _):
            return {name}
        case Related(relation, item) if relation in ORDER.to_one:
            return _columns_of_related(compiler, relation, item)
        case _:
            return None


def _columns_of_related(compiler: Compiler, relation: str, item: Condition) -> set[str] | None:
    """As `_columns`, of a condition on the row in `relation`: on what orders repeat of it, where all such are seen."""
    to = ORDER.to_one[relation]
    if not isinstance(compiler.scope(ENTITIES[to.target]), Everything):
        return None
    match item:
        case Every(items) if items:
            return _all([_columns_of_related(compiler, relation, part) for part in items])
        case Compare("id", "eq" | "in", _) | Within():
            column = to.column
        case Compare(name, "eq" | "in", _) if name in to.copies:
            column = to.copies[name]
        case _:
            return None
    return {column} if column in COLUMNS.values() else None


def _all(found: Sequence[set[str] | None]) -> set[str] | None:
    told = [names for names in found if names is not None]
    return set().union(*told) if len(told) == len(found) else None

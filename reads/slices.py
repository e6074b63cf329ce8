"""Which rows a page holds: visibility, filter, order and keyset, so that an index finds them without reading more.

Measured choices: one branch per ground on which the viewer sees rows (per team of a small tree), each sorted and cut
off by itself, merged lazily. The size of a page is a parameter, but every branch is cut off at a constant too, since
PostgreSQL plans for a tenth of the table where it knows no limit.
"""

import re
from collections.abc import Sequence, Set

from reads.arguments import LARGEST_PAGE
from reads.groups import Bound, PageShape
from reads.plan import PagePlan
from rows.conditions import Every
from rows.counting import is_counted, order_counts
from rows.declare import Entity
from rows.entities import ORDER
from rows.sql import Compiler

_FAR = LARGEST_PAGE + 1


def rows_of_page(
    compiler: Compiler, plan: PagePlan, shape: PageShape, within: str, row: str, wanted: Set[str], *, exact: bool
) -> tuple[str, str]:
    """The page's rows (with one more, unless `exact`, to tell whether there are more) and the order of alias `row`.

    `wanted` are the columns that are needed beside those of the order.
    """
    limit = compiler.parameters.value(plan.group, shape.limit, "bigint") + ("" if exact else " + 1")
    keyset = _Keyset(compiler, plan, shape)
    alias = compiler.alias()
    order = keyset.order(alias)
    columns = ", ".join(f"{alias}.{column}" for column in sorted({*wanted, *columns_in(order, alias)}))
    selects = [
        f"(SELECT {columns} FROM {plan.entity.table} {alias} WHERE {_all(found)} ORDER BY {order} LIMIT {_FAR})"
        for branch in _branches(compiler, plan.entity, alias, within)
        for segment in keyset.segments(alias)
        for found in [[branch, segment, keyset.other_end(alias), _filter(compiler, plan, shape, alias)]]
    ]
    merged = " UNION ALL ".join(selects)
    return f"SELECT * FROM ({merged}) u ORDER BY {keyset.order('u')} LIMIT {limit}", keyset.order(row)


def columns_in(sql: str, alias: str) -> set[str]:
    """The columns of the row `alias` that `sql` names."""
    return set(re.findall(rf"\b{alias}\.([a-z_][a-z0-9_]*)", sql))


def totals_of_list(compiler: Compiler, plan: PagePlan, shape: PageShape, within: str, *, amount: bool) -> str:
    """How many rows the filter selects, and what they add up to in the company's currency."""
    if plan.entity is ORDER and not within and is_counted(compiler, shape.condition):
        counts = order_counts(compiler, (), shape.condition, plan.group)
        return f"SELECT c.orders AS rows, c.amount FROM ({counts}) c"
    alias = compiler.alias()
    total = f", coalesce(sum({alias}.{plan.entity.total}), 0) AS amount" if amount else ""
    selects = [
        f"SELECT count(*) AS rows{total} FROM {plan.entity.table} {alias}"
        f" WHERE {_all([branch, _filter(compiler, plan, shape, alias)])}"
        for branch in _branches(compiler, plan.entity, alias, within, spread=False)
    ]
    if len(selects) == 1:
        return selects[0]
    amounts = ", sum(b.amount) AS amount" if amount else ""
    return f"SELECT sum(b.rows) AS rows{amounts} FROM ({' UNION ALL '.join(selects)}) b"


def _branches(compiler: Compiler, entity: Entity, alias: str, within: str, *, spread: bool = True) -> list[str]:
    """Disjoint conditions for the rows that the viewer sees; below a parent row, whose rows are few, a single one."""
    if within:
        return [_all([within.format(t=alias), compiler.visible(entity, alias)])]
    return compiler.branches(entity, alias, spread=spread)


def _filter(compiler: Compiler, plan: PagePlan, shape: PageShape, alias: str) -> str:
    if shape.condition == Every(()):
        return ""
    return compiler.condition(shape.condition, plan.entity, alias, plan.group)


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(filter(None, conditions)) or "true"


class _Keyset:
    """The order of a page's rows and the conditions that cut it out of its list."""

    def __init__(self, compiler: Compiler, plan: PagePlan, shape: PageShape) -> None:
        self.compiler, self.plan, self.shape = compiler, plan, shape
        self.column = shape.sort.column

    def order(self, alias: str) -> str:
        """ORDER BY for reading the list from the page's end: nulls last, or first where it is read backward."""
        descending = self.shape.descending != self.shape.backward
        way = "DESC" if descending else "ASC"
        nulls = f" NULLS {'FIRST' if self.shape.backward else 'LAST'}" if self.column.null else ""
        return f"{self._sorted(alias)} {way}{nulls}, {alias}.id {way}"

    def segments(self, alias: str) -> list[str]:
        """Disjoint conditions for the rows behind the bound from which the page is read; [""] without one."""
        bound = self.shape.before if self.shape.backward else self.shape.after
        return self._beyond(alias, bound, before=self.shape.backward) if bound else [""]

    def other_end(self, alias: str) -> str:
        """A condition for the rows this side of the opposite bound; "" without one."""
        bound = self.shape.after if self.shape.backward else self.shape.before
        if not bound:
            return ""
        return "(" + " OR ".join(self._beyond(alias, bound, before=not self.shape.backward)) + ")"

    def _beyond(self, alias: str, bound: Bound, *, before: bool) -> list[str]:
        sign = "<" if self.shape.descending != before else ">"
        column, row = self._sorted(alias), f"{alias}.id"
        value = self.compiler.parameters.value
        number = value(self.plan.group, bound.slot + 1, "bigint")
        if bound.null:
            level = f"({column} IS NULL AND {row} {sign} {number})"
            return [f"{column} IS NOT NULL", level] if before else [level]
        further = f"({column}, {row}) {sign} ({value(self.plan.group, bound.slot, self.column.kind.value)}, {number})"
        return [further, f"{column} IS NULL"] if self.column.null and not before else [further]

    def _sorted(self, alias: str) -> str:
        return self.column.sql.format(t=alias)

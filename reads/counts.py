"""Counted orders as the JSON of a list."""

from reads.groups import CountsShape
from reads.objects import Objects
from reads.plan import CountsRoot
from rows.counting import COLUMNS, order_counts
from rows.cuboids import none_of


def counts_text(objects: Objects, root: CountsRoot) -> str:
    """A subselect of one text: the counts, in the order of their columns, none last."""
    shape = objects.shapes[root.group]
    assert isinstance(shape, CountsShape)  # noqa: S101  # the group was made by counts_group
    compiler = objects.compiler
    alias = compiler.alias()
    row, joins = objects.row(root.object, alias)
    counts = order_counts(compiler, shape.columns, shape.condition, root.group)
    columns = ", ".join(_column(column, shape.columns) for column in COLUMNS.values())
    amount = f"round(c.amount, {compiler.parameters.currency_digits()}) AS amount"
    order = ", ".join(f"{alias}.{column}" for column in shape.columns)
    ordered = f" ORDER BY {order}" if order else ""
    return (
        f"SELECT '[' || coalesce(string_agg({row.sql()}, ','{ordered}), '') || ']'"
        f" FROM (SELECT {columns}, c.orders, {amount} FROM ({counts}) c) {alias} {joins}"
    )


def _column(column: str, given: tuple[str, ...]) -> str:
    if column in given:
        return f"NULLIF(c.{column}, {none_of(column)}) AS {column}"
    return f"NULL::{'bigint' if column.endswith('_id') else 'text'} AS {column}"

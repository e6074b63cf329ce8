"""From a plan and the shapes of its arguments to one SQL statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.words import Words
from reads.counts import counts_text
from reads.errors import Limit, beyond
from reads.found import found_text
from reads.groups import CountsShape, PageShape, RowShape, RowsShape, Shape
from reads.objects import Objects
from reads.pages import page_text
from reads.plan import CountsRoot, FoundRoot, PageRoot, Root, RowRoot, RowsRoot
from rows.conditions import is_selective
from rows.declare import Entity
from rows.parameters import Context, fill
from rows.sql import Compiler, ViewerShape

TOO_MUCH = Words("The operation selects too much at once.", "操作一次选取的内容过多。")
LONGEST = 1_000_000
"""How many characters a statement may have: PostgreSQL has to plan it."""


@dataclass(frozen=True)
class Statement:
    """SQL with one column per root field: the field's JSON in UTF-8, or null.

    For rows that are read apart the column is an array of these, an element for each id, in the order of the ids.
    `sources` say what belongs into its parameters. `selective`: how many rows match depends on the values, so that
    each execution deserves a plan of its own.
    """

    sql: str
    sources: tuple[tuple[Any, ...], ...]
    selective: bool

    def fill(self, context: Context, groups: Sequence[Sequence[Any]]) -> list[Any]:
        """The arguments of one execution; `groups` are the values of the plan's groups."""
        return fill(self.sources, context, groups)


def compile_statement(roots: Sequence[Root], shapes: Sequence[Shape | None], viewer: ViewerShape) -> Statement:
    """The statement for `roots` of a plan; `shapes` are those of its groups, None where a root is left out."""
    compiler = Compiler(viewer)
    # As bytes, which pass through: decoding text to encode it again costs as much as all else that is done to it.
    columns = [_column(root, shapes, compiler) for root in roots]
    selective = any(map(_is_selective, shapes))
    sql = "SELECT " + ",\n".join(columns)
    if len(sql) > LONGEST:
        raise beyond(TOO_MUCH, Limit.STATEMENT)
    return Statement(sql, compiler.parameters.sources, selective)


def _is_selective(shape: Shape | None) -> bool:
    return isinstance(shape, PageShape | CountsShape) and is_selective(shape.condition)


def _column(root: Root, shapes: Sequence[Shape | None], compiler: Compiler) -> str:
    objects = Objects(compiler, shapes)
    match root:
        case PageRoot():
            return _bytes(f"({page_text(objects, root.page)})")
        case RowRoot():
            return _bytes(_row(objects, root))
        case CountsRoot():
            return _bytes(f"({counts_text(objects, root)})")
        case RowsRoot(apart=False):
            rows = "string_agg(coalesce(r.row, 'null'), ',' ORDER BY n.place)"
            return _bytes(_rows(objects, root, f"'[' || coalesce({rows}, '') || ']'"))
        case RowsRoot():
            return _rows(objects, root, f"array_agg({_bytes('r.row')} ORDER BY n.place)")
        case FoundRoot():
            return _bytes(found_text(objects, root))


def _bytes(text: str) -> str:
    return f"convert_to({text}, 'UTF8')"


def _row(objects: Objects, root: RowRoot) -> str:
    shape = objects.shapes[root.group]
    assert isinstance(shape, RowShape)  # noqa: S101  # the group was made by row_group or own_group
    if shape.entity is None:
        return "NULL::text"
    parameters = objects.compiler.parameters
    number = parameters.me() if root.of_viewer else parameters.value(root.group, 0, "bigint")
    plan = root.objects[shape.entity]
    alias = objects.compiler.alias()
    row, joins = objects.row(plan, alias)
    where = [f"{alias}.id = {number}", objects.compiler.visible(plan.entity, alias)]
    return f"(SELECT {row.sql()} FROM {_from(plan.entity, alias, joins)} WHERE {' AND '.join(filter(None, where))})"


def _rows(objects: Objects, root: RowsRoot, gathered: str) -> str:
    """A subselect that gathers the rows r.row, null where there is none, by their places n.place."""
    shape = objects.shapes[root.group]
    assert isinstance(shape, RowsShape)  # noqa: S101  # the group was made by rows_group
    value = objects.compiler.parameters.value
    found = []
    for place, name in enumerate(shape.entities):
        plan = root.objects[name]
        alias = objects.compiler.alias()
        row, joins = objects.row(plan, alias)
        ids, places = (value(root.group, 1 + 2 * place + offset, "bigint[]") for offset in (0, 1))
        visible = objects.compiler.visible(plan.entity, alias)
        found.append(
            f"SELECT w.place, {row.sql()} AS row FROM unnest({ids}, {places}) AS w(id, place)"
            f" JOIN {plan.entity.table} {alias} ON {alias}.id = w.id {joins}" + (f" WHERE {visible}" if visible else "")
        )
    union = " UNION ALL ".join(found) or "SELECT NULL::bigint AS place, NULL::text AS row WHERE false"
    return (
        f"(SELECT {gathered}"
        f" FROM generate_series(0, {value(root.group, 0, 'bigint')} - 1) AS n(place)"
        f" LEFT JOIN ({union}) r ON r.place = n.place)"
    )


def _from(entity: Entity, alias: str, joins: str) -> str:
    return f"{entity.table} {alias} {joins}"

"""JSON as text in SQL: the pieces of a statement that write down values, objects and lists.

Text that is concatenated costs PostgreSQL less than its JSON functions. Every expression here is text and never null.
"""

from collections.abc import Iterable, Sequence

from rows.declare import Column, Kind
from rows.entities import ENTITIES

MARK, ARGUMENTS, END = "\x01", "\x02", "\x03"
"""Around a computed field's place: MARK index ARGUMENTS json END. No JSON text holds these characters unescaped."""

_LONGEST_CHAIN = 200


class Text:
    """Literal text and SQL expressions in turn."""

    def __init__(self, *parts: "str | Sql | Text") -> None:
        self.parts: list[str | Sql] = []
        for part in parts:
            self.add(part)

    def add(self, part: "str | Sql | Text") -> None:
        """Append literal text, an expression, or all of another text."""
        for piece in part.parts if isinstance(part, Text) else [part]:
            if isinstance(piece, str) and self.parts and isinstance(self.parts[-1], str):
                self.parts[-1] += piece
            elif piece != "":
                self.parts.append(piece)

    def sql(self) -> str:
        """One SQL expression for the whole."""
        return _joined([literal(part) if isinstance(part, str) else part.expression for part in self.parts]) or "''"


def _joined(parts: Sequence[str]) -> str:
    """All parts concatenated: many of them in halves, since PostgreSQL descends as deep as a chain is long."""
    if len(parts) <= _LONGEST_CHAIN:
        return " || ".join(parts)
    middle = len(parts) // 2
    return f"({_joined(parts[:middle])}) || ({_joined(parts[middle:])})"


class Sql:
    """An SQL expression of type text that is never null."""

    def __init__(self, expression: str) -> None:
        self.expression = expression


def literal(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def object_text(fields: Iterable[tuple[str, Text]]) -> Text:
    """{"key":value,...}"""
    whole = Text("{")
    for place, (key, value) in enumerate(fields):
        whole.add(f'{"," if place else ""}"{key}":')
        whole.add(value)
    whole.add("}")
    return whole


def array_of(elements: Sequence[Text]) -> Text:
    """[value,...]"""
    whole = Text("[")
    for place, element in enumerate(elements):
        whole.add("," if place else "")
        whole.add(element)
    whole.add("]")
    return whole


def unless(absent: str, text: Text) -> Text:
    """`text`, or null where the condition `absent` holds."""
    return Text(Sql(f"CASE WHEN {absent} THEN 'null' ELSE {text.sql()} END"))


def value_text(column: Column, sql: str) -> Text:
    """A column's value as JSON, `sql` being its expression."""
    before, written, after = _written(column, sql)
    if column.null or column.mask is not None:
        return Text(Sql(f"coalesce({Text(before, Sql(written), after).sql()}, 'null')"))
    return Text(before, Sql(written), after)


def moment(sql: str) -> str:
    """A timestamp as the API writes it, without quotes."""
    return f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


def _written(column: Column, sql: str) -> tuple[str, str, str]:
    match column.kind:
        case Kind.ID:
            return f'"{ENTITIES[column.entity].prefix}_', f"{sql}::text", '"'
        case Kind.TEXT:
            return "", f"to_json({sql})::text", ""
        case Kind.TEXTS:
            return "", f"array_to_json({sql})::text", ""
        case Kind.ENUM:
            return '"', f"{sql}::text", '"'
        case Kind.DECIMAL:
            return '"', f"trim_scale({sql})::text", '"'
        case Kind.MONEY:
            return '"', f"{sql}::text", '"'
        case Kind.DATETIME:
            return '"', moment(sql), '"'
        case Kind.DATE:
            return '"', f"to_char({sql}, 'YYYY-MM-DD')", '"'
        case Kind.INTEGER | Kind.BOOLEAN | Kind.JSON:
            return "", f"({sql})::text", ""

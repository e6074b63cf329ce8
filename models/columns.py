"""Column types and indexes that Tortoise does not have: exact numerics, millisecond timestamps, shaped indexes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class NumericField(fields.Field[Decimal], Decimal):  # type: ignore[misc]  # Field narrows Decimal.__new__
    """An unconstrained NUMERIC: keeps the digits as they were written, so 12.50 is read as 12.50."""

    SQL_TYPE = "NUMERIC"
    field_type = Decimal
    skip_to_python_if_native = True


class TimestampField(fields.DatetimeField[datetime]):
    """A moment in UTC with milliseconds, the precision of the API: a value read can be asked for again."""

    SQL_TYPE = "TIMESTAMPTZ(3)"

    class _db_postgres:  # noqa: N801  # the name is Tortoise's
        SQL_TYPE = "TIMESTAMPTZ(3)"


def custom_field_values() -> Any:
    """The column of an entity that takes custom fields: a value for each key that has one.

    Numbers are texts without trailing zeros, amounts of money texts with their currency's digits, days ISO 8601,
    people their ids.
    """
    return fields.JSONField(default=dict, db_default=SqlDefault("'{}'::jsonb"))


class ShapedIndex(Index):
    """An index of keys with directions, included columns and a condition, each written as SQL; a b-tree by default.

    `fields`: keys such as "placed_at DESC"; `include`: payload columns; `where`: condition of a partial index; `using`:
    another kind of index; `options`: its storage parameters.
    """

    def __init__(
        self,
        *,
        name: str,
        fields: tuple[str, ...] | list[str],
        include: tuple[str, ...] = (),
        where: str = "",
        using: str = "",
        options: str = "",
    ) -> None:
        super().__init__(fields=fields, name=name)
        self.INDEX_TYPE = using
        self.include = include
        self.where = where
        self.options = options
        self.extra = "".join(
            f" {word} {text}"
            for word, text in (
                ("INCLUDE", f"({', '.join(include)})" if include else ""),
                ("WITH", f"({options})" if options else ""),
                ("WHERE", where),
            )
            if text
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As Index does, with the parts that it does not know."""
        path, args, kwargs = super().deconstruct()
        parts = {"include": self.include, "where": self.where, "using": self.INDEX_TYPE, "options": self.options}
        return path, args, kwargs | {name: part for name, part in parts.items() if part}


def one_of(column: str, enum: type[StrEnum], *, table: str) -> CheckConstraint:
    """A constraint that `column` holds a member of `enum`."""
    members = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(name=f"{table}_{column}_known", check=f"{column} IN ({members})")


def labelled(*, table: str) -> CheckConstraint:
    """A constraint that `labels`, names by language, has one in English or Chinese."""
    return CheckConstraint(name=f"{table}_labelled", check="num_nonnulls(labels->>'en', labels->>'zh') > 0")


def sorted_by(table: str, column: str, *, nullable: bool = False, scopes: tuple[str, ...] = ()) -> list[ShapedIndex]:
    """The indexes of one declared sort: over the whole table, and one behind each of `scopes` (owner, team).

    A b-tree is read both ways, so one serves both directions; nulls sort last both ways, so a nullable column
    needs a second one.
    """
    directions = ("DESC NULLS LAST", "ASC NULLS LAST") if nullable else ("DESC",)
    indexes = []
    for direction in directions:
        way = direction.split()[0]
        suffix = "" if way == "DESC" else "_asc"
        keys = (f"{column} {direction}", f"id {way}")
        indexes.append(ShapedIndex(name=f"{table}_by_{column}{suffix}", fields=keys, include=scopes))
        indexes += [
            ShapedIndex(name=f"{table}_{scope.removesuffix('_id')}_{column}{suffix}", fields=(f"{scope} ASC", *keys))
            for scope in scopes
        ]
    return indexes


def wholes_of(table: str, *columns: str) -> list[ShapedIndex]:
    """The indexes by which rows are looked up by all of a text, of whatever case and width."""
    return [ShapedIndex(name=f"{table}_{column}_whole", fields=(f"search_text({column})",)) for column in columns]


def is_searched(model: type[Model], column: str) -> bool:
    """Whether `model` has an index by which parts of the texts in `column` are found."""
    return any(_grams(column) in index.fields for index in model._meta.indexes if isinstance(index, Index))


def _grams(column: str) -> str:
    return f"search_grams({column})"


def searched(table: str, *columns: str) -> ShapedIndex:
    """The index by which texts in `columns` are found by their parts; what it holds of them, `search_grams` says.

    Each column is a key of its own, so that a condition on one is not answered by what the others hold. Writers put
    what is new on a short list, which every search reads through: half a megabyte of it costs a search a millisecond.
    """
    keys = tuple(map(_grams, columns))
    return ShapedIndex(name=f"{table}_searched", fields=keys, using="gin", options="gin_pending_list_limit = 512")

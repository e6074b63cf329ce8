"""Column types and indexes that Tortoise does not have: exact numerics, millisecond timestamps, shaped indexes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint


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


class ShapedIndex(Index):
    """A b-tree index with directions, included columns and a condition, each written as SQL.

    `on`: key columns such as "placed_at DESC"; `include`: payload columns; `where`: condition of a partial index.
    """

    def __init__(
        self,
        *,
        name: str,
        fields: tuple[str, ...] | list[str],
        include: tuple[str, ...] = (),
        where: str = "",
    ) -> None:
        super().__init__(fields=fields, name=name)
        self.include = include
        self.where = where
        self.extra = (f" INCLUDE ({', '.join(include)})" if include else "") + (f" WHERE {where}" if where else "")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As Index does, with the parts that it does not know."""
        path, args, kwargs = super().deconstruct()
        if self.include:
            kwargs["include"] = self.include
        if self.where:
            kwargs["where"] = self.where
        return path, args, kwargs


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

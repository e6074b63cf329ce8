"""Custom fields as reads need them: definitions as of a moment, and values as columns.

A key becomes part of SQL here, and only here. It comes from a definition, never from a client, and is checked again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from rows.declare import Column, Kind

_PLAIN = re.compile("[a-z][a-z0-9_]{0,39}", re.ASCII)
# Expressions that depend on nothing but the value, so that they can be indexed; a cast to a date is not one of these.
_DAY = "make_date(left({value}, 4)::int, substr({value}, 6, 2)::int, right({value}, 2)::int)"
_TYPES: dict[CustomFieldType, tuple[str, Kind]] = {
    CustomFieldType.TEXT: ("{value}", Kind.TEXT),
    CustomFieldType.NUMBER: ("({value})::numeric", Kind.DECIMAL),
    CustomFieldType.MONEY: ("({value})::numeric", Kind.DECIMAL),
    CustomFieldType.DATE: (_DAY, Kind.DATE),
    CustomFieldType.YES_NO: ("({value})::boolean", Kind.BOOLEAN),
    CustomFieldType.CHOICE: ("{value}", Kind.TEXT),
    CustomFieldType.PERSON: ("({value})::bigint", Kind.ID),
}


@dataclass(frozen=True)
class CustomField:
    """A custom field in use. `indexed`: lists can be sorted by it."""

    id: int
    key: str
    type: CustomFieldType
    indexed: bool = field(default=False, compare=False)

    @property
    def column(self) -> Column:
        """Its value as a column of the rows that have it."""
        if not _PLAIN.fullmatch(self.key):
            raise ValueError(f"{self.key!r} is no key of a custom field")
        expression, kind = _TYPES[self.type]
        sql = expression.format(value=f"({{t}}.custom_fields->>'{self.key}')")
        return Column(sql, kind, null=True, entity="User" if kind is Kind.ID else "")


class CustomFields:
    """All custom fields in use, as of one moment."""

    def __init__(self, found: Iterable[tuple[CustomFieldEntity, CustomField]] = ()) -> None:
        self._fields = {(entity, of.key): of for entity, of in found}

    def get(self, entity: CustomFieldEntity, key: str) -> CustomField | None:
        """The field of `entity` with this key."""
        return self._fields.get((entity, key))


NO_CUSTOM_FIELDS = CustomFields()

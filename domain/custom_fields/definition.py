"""What an administrator types to define a custom field or to change one, and what can be wrong with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.currencies import DIGITS
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.errors import InvalidInput
from domain.labels import Labels, labels_problems
from domain.money import is_currency
from domain.naming import camel
from domain.numbers import DECIMALS, number
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import CODE, NOTES, code, many_lines, too_many
from domain.unset import UNSET, Change, Unset, given

MOST_FIELDS = 100
"""How many fields of one entity may be in use at a time."""
MOST_CHOICES = 200
LONGEST_TEXT = 255
"""Characters in a text: as many as an index holds."""
MOST_POSITION = 1_000_000
_KEY = re.compile("[a-z][a-z0-9_]{0,39}", re.ASCII)

_OWN_PARTS: dict[CustomFieldType, frozenset[str]] = {
    CustomFieldType.TEXT: frozenset({"longest"}),
    CustomFieldType.NUMBER: frozenset({"minimum", "maximum", "decimals"}),
    CustomFieldType.MONEY: frozenset({"minimum", "maximum", "currency"}),
    CustomFieldType.CHOICE: frozenset({"choices"}),
}
_PARTS = sorted(frozenset[str]().union(*_OWN_PARTS.values()))


@dataclass(frozen=True, kw_only=True)
class NewChoice:
    """One of the values of a choice, in its place; one that is not active cannot be chosen any more."""

    code: str
    labels: Labels
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class NewCustomField:
    """A custom field as it is typed; `currency`, of money, defaults to the company's."""

    entity: CustomFieldEntity
    key: str
    type: CustomFieldType
    labels: Labels
    description: str | None = None
    required: bool = False
    longest: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    currency: str | None = None
    choices: Sequence[NewChoice] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class CustomFieldChanges(Change):
    """What to change of a custom field; what is `UNSET` stays, what is None is emptied.

    `choices` are all that can be chosen from now on: those that are left out become inactive.
    """

    labels: Labels | Unset = UNSET
    description: str | Unset | None = UNSET
    required: bool | Unset = UNSET
    longest: int | Unset | None = UNSET
    minimum: Decimal | Unset | None = UNSET
    maximum: Decimal | Unset | None = UNSET
    decimals: int | Unset | None = UNSET
    choices: Sequence[NewChoice] | Unset = UNSET
    position: int | Unset = UNSET


def new_field_problems(field: NewCustomField) -> Iterator[InvalidInput]:
    """Everything that is wrong with a new field, each with its path."""
    if not _KEY.fullmatch(field.key):
        yield InvalidInput(path=(*INPUT, "key"), problem=Problem.NOT_A_KEY)
    if field.currency is not None and not is_currency(field.currency):
        yield InvalidInput(path=(*INPUT, "currency"), problem=Problem.UNKNOWN_CURRENCY)
    parts = [part for part in _PARTS if getattr(field, part) not in (None, ())]
    yield from _foreign_parts(parts, field.type)
    if field.type is CustomFieldType.CHOICE and not field.choices:
        yield InvalidInput(path=(*INPUT, "choices"), problem=Problem.MISSING)
    yield from _content_problems(field)
    yield from bound_problems(minimum=field.minimum, maximum=field.maximum, currency=field.currency)


def changed_field_problems(changes: CustomFieldChanges, type_: CustomFieldType) -> Iterator[InvalidInput]:
    """Everything that is wrong with `changes` of a field of this type by themselves."""
    yield from _foreign_parts([part for part in _PARTS if part in changes.mentioned], type_)
    if changes.choices == ():
        yield InvalidInput(path=(*INPUT, "choices"), problem=Problem.MISSING)
    yield from _content_problems(changes)


def bound_problems(*, minimum: Decimal | None, maximum: Decimal | None, currency: str | None) -> Iterator[InvalidInput]:
    """What is wrong with the bounds of numbers, or of money in `currency`, as they will be stored."""
    digits = DIGITS.get(currency, DECIMALS) if currency else DECIMALS
    for name, value in (("minimum", minimum), ("maximum", maximum)):
        if value is not None:
            yield from number((*INPUT, name), value, decimals=digits)
    if minimum is not None and maximum is not None and minimum > maximum:
        yield InvalidInput(path=(*INPUT, "maximum"), problem=Problem.TOO_SMALL, limit=str(minimum))


def _content_problems(field: NewCustomField | CustomFieldChanges) -> Iterator[InvalidInput]:
    if isinstance(field.labels, Labels):
        yield from labels_problems((*INPUT, "labels"), field.labels)
    yield from many_lines((*INPUT, "description"), field.description, limit=NOTES)
    yield from _range_problems("longest", given(field.longest, None), 1, LONGEST_TEXT)
    yield from _range_problems("decimals", given(field.decimals, None), 0, DECIMALS)
    yield from _range_problems("position", given(field.position, None), 0, MOST_POSITION)
    yield from _choice_problems(given(field.choices, ()))


def _foreign_parts(parts: Sequence[str], type_: CustomFieldType) -> Iterator[InvalidInput]:
    for part in parts:
        if part not in _OWN_PARTS.get(type_, frozenset()):
            yield InvalidInput(path=(*INPUT, camel(part)), problem=Problem.NOT_FOR_TYPE, limit=type_)


def _choice_problems(choices: Sequence[NewChoice]) -> Iterator[InvalidInput]:
    path = (*INPUT, "choices")
    if len(choices) > MOST_CHOICES:
        yield too_many(path, MOST_CHOICES)
        return
    seen = set()
    for i, choice in enumerate(choices):
        at = (*path, str(i))
        yield from code((*at, "code"), choice.code, limit=CODE)
        yield from labels_problems((*at, "labels"), choice.labels)
        if choice.code in seen:
            yield InvalidInput(path=(*at, "code"), problem=Problem.DUPLICATE)
        seen.add(choice.code)


def _range_problems(name: str, value: int | None, least: int, most: int) -> Iterator[InvalidInput]:
    if value is not None and not least <= value <= most:
        yield InvalidInput(path=(*INPUT, name), problem=Problem.OUT_OF_RANGE, limit=f"{least}..{most}")

"""Values of custom fields: what is wrong with one, and how it is stored.

A value is stored as JSON has it, so that nothing of it is lost on the way: numbers and amounts as text.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.custom_fields.definition import LONGEST_TEXT, MOST_FIELDS
from domain.custom_fields.kinds import CustomFieldType
from domain.errors import InvalidInput
from domain.labels import Labels
from domain.money import round_money
from domain.naming import camel
from domain.numbers import DECIMALS, money, number, plain
from domain.paths import INPUT, Path
from domain.problems import Problem
from domain.text import one_line, too_many

Stored = str | int | bool
Member = str | int | bool | Decimal | datetime.date
PATH = (*INPUT, "customFields")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value that a choice takes, or took."""

    labels: Labels
    active: bool


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What values of a custom field have to be; `choices` are by code."""

    key: str
    type: CustomFieldType
    required: bool = False
    longest: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    currency: str | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CustomFieldEntry:
    """A value as it is typed: the one member that the field's type has, or none, which clears it.

    `person` is the id of a user.
    """

    key: str
    text: str | None = None
    number: Decimal | None = None
    money: Decimal | None = None
    date: datetime.date | None = None
    yes_no: bool | None = None
    choice: str | None = None
    person: int | None = None

    @property
    def members(self) -> dict[str, Member]:
        """The members that have a value."""
        values = {name: getattr(self, name) for name in MEMBERS.values()}
        return {name: value for name, value in values.items() if value is not None}


MEMBERS = {of: of.value.lower() for of in CustomFieldType}
"""The member of an entry, or of a condition, that goes with each type."""


def entry_problems(
    entries: Sequence[CustomFieldEntry], definitions: Mapping[str, Definition], before: Mapping[str, Stored]
) -> Iterator[InvalidInput]:
    """What is wrong with `entries` for a row whose values were `before`; `definitions` are of fields in use, by key."""
    if len(entries) > MOST_FIELDS:
        yield too_many(PATH, MOST_FIELDS)
        return
    seen = set()
    for i, entry in enumerate(entries):
        at = (*PATH, str(i))
        definition = definitions.get(entry.key)
        if entry.key in seen:
            yield InvalidInput(path=(*at, "key"), problem=Problem.DUPLICATE)
        elif definition is None:
            yield InvalidInput(path=(*at, "key"), problem=Problem.UNKNOWN)
        else:
            yield from _entry_problems(at, entry, definition, before.get(entry.key))
        seen.add(entry.key)


def missing_problems(
    entries: Sequence[CustomFieldEntry], definitions: Mapping[str, Definition]
) -> Iterator[InvalidInput]:
    """The required fields that a new row leaves out."""
    mentioned = {entry.key for entry in entries}
    for key, definition in definitions.items():
        if definition.required and key not in mentioned:
            yield InvalidInput(path=PATH, problem=Problem.CUSTOM_FIELD_NEEDED, limit=key)


def values_after(
    entries: Sequence[CustomFieldEntry], definitions: Mapping[str, Definition], before: Mapping[str, Stored]
) -> dict[str, Stored]:
    """The values of a row after sound `entries`."""
    after = dict(before)
    for entry in entries:
        if entry.members:
            after[entry.key] = stored(entry, definitions[entry.key])
        else:
            after.pop(entry.key, None)
    return after


def stored(entry: CustomFieldEntry, definition: Definition) -> Stored:
    """The value of a sound entry that has one, as it is stored."""
    [value] = entry.members.values()
    match value:
        case Decimal() if definition.currency:
            return format(round_money(value, definition.currency), "f")
        case Decimal():
            return format(plain(value), "f")
        case datetime.date():
            return value.isoformat()
        case _:
            return value


def _entry_problems(
    at: Path, entry: CustomFieldEntry, definition: Definition, before: Stored | None
) -> Iterator[InvalidInput]:
    own = MEMBERS[definition.type]
    foreign = [name for name in entry.members if name != own]
    for name in foreign:
        yield InvalidInput(path=(*at, camel(name)), problem=Problem.WRONG_TYPE, limit=camel(own))
    if foreign:
        return
    if not entry.members and definition.required:
        yield InvalidInput(path=(*at, camel(own)), problem=Problem.MISSING)
    yield from _value_problems((*at, camel(own)), entry, definition, before)


def _value_problems(
    path: Path, entry: CustomFieldEntry, definition: Definition, before: Stored | None
) -> Iterator[InvalidInput]:
    if entry.text is not None:
        yield from one_line(path, entry.text, limit=definition.longest or LONGEST_TEXT)
    if entry.number is not None:
        decimals = DECIMALS if definition.decimals is None else definition.decimals
        yield from _within(path, entry.number, definition, number(path, entry.number, decimals=decimals))
    if entry.money is not None and definition.currency:
        yield from _within(path, entry.money, definition, money(path, entry.money, definition.currency))
    if entry.choice is not None and entry.choice != before:
        choice = definition.choices.get(entry.choice)
        if choice is None or not choice.active:
            yield InvalidInput(path=path, problem=Problem.NOT_A_CHOICE)


def _within(
    path: Path, value: Decimal, definition: Definition, found: Iterator[InvalidInput]
) -> Iterator[InvalidInput]:
    """What is wrong with a number by itself, or else by the bounds of its field."""
    problems = list(found)
    if not problems and definition.minimum is not None and value < definition.minimum:
        problems.append(InvalidInput(path=path, problem=Problem.TOO_SMALL, limit=str(definition.minimum)))
    if not problems and definition.maximum is not None and value > definition.maximum:
        problems.append(InvalidInput(path=path, problem=Problem.TOO_LARGE, limit=str(definition.maximum)))
    yield from problems

"""Values of custom fields on their way into a row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.custom_fields.values import (
    MEMBERS,
    PATH,
    CustomFieldEntry,
    Stored,
    entry_problems,
    missing_problems,
    values_after,
)
from domain.errors import DomainError, InvalidInput, NotFound
from domain.naming import camel
from domain.problems import Problem
from domain.text import is_storable
from domain.unset import Unset
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import USER
from rows.viewer import Viewer
from services.custom_fields.definitions import hold_definitions, required_definitions

_PERSON = camel(MEMBERS[CustomFieldType.PERSON])


@dataclass(frozen=True, kw_only=True)
class CheckedValues:
    """The values of a row as they will be, unless there are `problems`."""

    after: Mapping[str, Stored] = field(default_factory=dict)
    problems: Sequence[DomainError] = ()


async def new_values(
    client: TransactionClient, viewer: Viewer, entity: CustomFieldEntity, entries: Sequence[CustomFieldEntry]
) -> CheckedValues:
    """The values of a new row of `entity`, whose definitions are held."""
    missing = list(missing_problems(entries, await required_definitions(client, entity)))
    checked = await changed_values(client, viewer, entity, entries, before={})
    return CheckedValues(after=checked.after, problems=[*checked.problems, *missing])


async def changed_values(
    client: TransactionClient,
    viewer: Viewer,
    entity: CustomFieldEntity,
    entries: Sequence[CustomFieldEntry] | Unset,
    *,
    before: Mapping[str, Stored],
) -> CheckedValues:
    """The values of a row of `entity` that had those `before`, its definitions held."""
    if isinstance(entries, Unset) or not entries:
        return CheckedValues(after=before)
    # A key that cannot be stored names no field.
    keys = [entry.key for entry in entries if is_storable(entry.key)]
    definitions = await hold_definitions(client, entity, keys)
    problems: list[DomainError] = list(entry_problems(entries, definitions, before))
    problems += await _people_problems(client, viewer, entries, before)
    if problems:
        return CheckedValues(after=before, problems=problems)
    return CheckedValues(after=values_after(entries, definitions, before))


async def _people_problems(
    client: TransactionClient, viewer: Viewer, entries: Sequence[CustomFieldEntry], before: Mapping[str, Stored]
) -> list[DomainError]:
    """Who is named has to be there for the viewer, and active unless they were named before."""
    named = {i: entry.person for i, entry in enumerate(entries) if entry.person not in (None, before.get(entry.key))}
    if not named:
        return []
    seen = await visible_ids(client, USER, viewer, [person for person in named.values() if person is not None])
    rows = await client.connection.fetch("SELECT id FROM app_user WHERE id = ANY ($1::bigint[]) AND active", seen)
    active = {row["id"] for row in rows}
    return list(_told(named, set(seen), active))


def _told(named: Mapping[int, int | None], seen: set[int], active: set[int]) -> Iterator[DomainError]:
    for i, person in named.items():
        path = (*PATH, str(i), _PERSON)
        if person not in seen:
            yield NotFound(path=path)
        elif person not in active:
            yield InvalidInput(path=path, problem=Problem.PERSON_INACTIVE)

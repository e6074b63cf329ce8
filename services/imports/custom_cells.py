"""Cells of the fields that the company defined for orders, as values that are staged with the line."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import orjson

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.custom_fields.texts import entry_of
from domain.custom_fields.values import CustomFieldEntry, Definition, entry_problems, values_after
from domain.errors import InvalidInput
from domain.job_messages import JobMessageCode
from domain.row_problems import RowFault, RowProblem, cell_problems
from services.custom_fields.definitions import hold_definitions
from services.imports.cells import ABSENT, NULL, Cell, escaped
from services.imports.preset import Preset
from services.imports.unreadable import FileUnreadable
from services.transaction import transaction

CELLS_KEPT = 5_000
_PEOPLE = "SELECT email, id FROM app_user WHERE active"


class CustomCells:
    """Reads the cells of `columns` (the file's names by key), as `definitions` have it; `people` are ids by email."""

    def __init__(
        self,
        columns: Mapping[str, str],
        definitions: Mapping[str, Definition],
        people: Mapping[str, int],
    ) -> None:
        self.columns = columns
        self._definitions = definitions
        self._people = people
        self.read = lru_cache(CELLS_KEPT)(self._read)

    def _read(self, texts: Sequence[str]) -> Cell:
        """What the cells of a line say, in the order of the columns; or everything that is wrong with them."""
        entries = []
        problems: list[RowProblem] = []
        for (key, column), text in zip(self.columns.items(), texts, strict=True):
            entry = self._entry(self._definitions[key], text)
            if isinstance(entry, InvalidInput):
                wrong = [entry]
            elif entry.members:
                wrong = list(entry_problems([entry], self._definitions, {}))
                entries.append(entry)
            else:
                continue
            problems += cell_problems(column, text, wrong)
        if problems:
            return Cell(NULL, tuple(problems))
        values = values_after(entries, self._definitions, {})
        return Cell(escaped(orjson.dumps(values).decode())) if values else ABSENT

    def _entry(self, definition: Definition, text: str) -> CustomFieldEntry | InvalidInput:
        """An empty cell says nothing, also of a required field: what was done elsewhere is not held to our rules."""
        if definition.type is not CustomFieldType.PERSON or not text.strip():
            return entry_of(definition, text) if text.strip() else CustomFieldEntry(key=definition.key)
        person = self._people.get(text.strip().lower())
        if person is None:
            return InvalidInput(path=(definition.key,), problem=RowFault.NOBODY)
        return CustomFieldEntry(key=definition.key, person=person)


async def custom_cells(preset: Preset) -> CustomCells:
    """The reader of the custom columns of `preset`. Raises FileUnreadable for one of a field that is not in use."""
    if not preset.custom:
        return NO_CUSTOM_CELLS
    async with transaction() as client:
        definitions = await hold_definitions(client, CustomFieldEntity.ORDER, list(preset.custom))
        people = {row["email"]: row["id"] for row in await client.connection.fetch(_PEOPLE)}
    if unknown := [key for key in preset.custom if key not in definitions]:
        raise FileUnreadable(JobMessageCode.CUSTOM_FIELDS_UNKNOWN, fields=", ".join(unknown))
    return CustomCells(preset.custom, definitions, people)


NO_CUSTOM_CELLS = CustomCells({}, {}, {})

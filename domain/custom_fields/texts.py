"""Values of custom fields as texts, as in the cells of files."""

import datetime
import re
from decimal import Decimal

from domain.custom_fields.kinds import CustomFieldType
from domain.custom_fields.values import MEMBERS, CustomFieldEntry, Definition, Member
from domain.errors import InvalidInput
from domain.problems import Problem

_NUMBER = re.compile(r"[+-]?[0-9]{1,28}(\.[0-9]{1,12})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YES_NO = {
    **dict.fromkeys(("yes", "true", "y", "1", "是"), True),
    **dict.fromkeys(("no", "false", "n", "0", "否"), False),
}


def entry_of(definition: Definition, text: str) -> CustomFieldEntry | InvalidInput:
    """What a cell says of a field, or what is wrong with it; an empty one says that there is no value.

    Numbers have a point, days are ISO 8601, a choice is its code or one of its labels. People are not known by texts
    here: whoever reads a cell of theirs looks for them. Whether the value is allowed is `entry_problems`' to say.
    """
    text = text.strip()
    value = _read(definition, text) if text else None
    if isinstance(value, Problem):
        return InvalidInput(path=(definition.key,), problem=value)
    return CustomFieldEntry(key=definition.key, **{MEMBERS[definition.type]: value})  # type: ignore[arg-type]  # by type


def _read(definition: Definition, text: str) -> Member | Problem:
    match definition.type:
        case CustomFieldType.NUMBER | CustomFieldType.MONEY:
            return Decimal(text) if _NUMBER.fullmatch(text) else Problem.NOT_A_NUMBER
        case CustomFieldType.DATE:
            return _day(text)
        case CustomFieldType.YES_NO:
            return _YES_NO.get(text.lower(), Problem.NOT_YES_OR_NO)
        case CustomFieldType.CHOICE:
            return _code(definition, text)
        case _:
            return text


def _day(text: str) -> datetime.date | Problem:
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else Problem.NOT_A_DATE
    except ValueError:
        return Problem.NOT_A_DATE


def _code(definition: Definition, text: str) -> str | Problem:
    if text in definition.choices:
        return text
    labelled = [code for code, choice in definition.choices.items() if text in (choice.labels.en, choice.labels.zh)]
    return labelled[0] if len(labelled) == 1 else Problem.NOT_A_CHOICE

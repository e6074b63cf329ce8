"""How a file is to be read, as somebody says it who asks over the API: a preset by its name, or all that one says."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import InvalidInput, Refused
from domain.files import ENCODINGS
from domain.naming import camel
from domain.paths import INPUT, Path
from domain.problems import Problem
from domain.text import code, one_line
from rows.custom_fields import CustomFields
from services.imports.preset import Preset, PresetError, load_preset, preset_names

_MAPPING: Path = (*INPUT, "mapping")
# Where a preset has what the mapping calls by these names.
_PLACES: dict[tuple[str, ...], str] = {
    ("channel", "code"): "channelCode",
    ("channel", "name"): "channelName",
    ("file", "encoding"): "encoding",
    ("file", "delimiter"): "delimiter",
    ("file", "time_format"): "timeFormat",
    ("file", "zone"): "zone",
    ("orders", "currency"): "currency",
    ("sales", "type"): "saleType",
    ("sales", "status"): "saleStatus",
    ("returns", "prefix"): "returnPrefix",
    ("returns", "status"): "returnStatus",
    ("customers", "drop_suffix"): "customerSuffix",
    ("customers", "name"): "customerName",
}
_PROBLEMS = {
    "string_too_short": Problem.BLANK,
    "string_too_long": Problem.TOO_LONG,
    "missing": Problem.MISSING,
}


def named_preset(name: str) -> Preset:
    """The preset that ships with Sluice under this name. Raises Refused."""
    if name not in preset_names():
        raise Refused(InvalidInput(path=(*INPUT, "preset"), problem=Problem.UNKNOWN))
    try:
        return load_preset(name)
    except PresetError as error:
        raise RuntimeError(f"the preset {name} that ships is wrong") from error


def mapped_preset(mapping: dict[str, Any], custom: Sequence[tuple[str, str]], defined: CustomFields) -> Preset:
    """The preset that `mapping`, in the shape of a preset's file, says. Raises Refused with all that is wrong.

    `custom` are keys of fields that are `defined` for orders, with the file's names of their columns.
    """
    of_custom = tuple(_custom_problems(custom, defined))
    problems = {problem.path: problem for problem in (*_text_problems(mapping), *of_custom)}
    try:
        preset = Preset.model_validate({**mapping, "custom": {} if of_custom else dict(custom)})
    except ValidationError as error:
        for meaning in map(_refusal, error.errors()):
            problems.setdefault(meaning.path, meaning)
    if _is_named_by_its_code(mapping):
        problems.pop((*_MAPPING, "channelName"), None)
    if problems:
        raise Refused(*problems.values())
    return preset


def _text_problems(mapping: dict[str, Any]) -> Iterator[InvalidInput]:
    """What is wrong with its texts as such, before anybody asks what they mean."""
    for (table, key), name in _PLACES.items():
        text = (mapping[table] or {}).get(key)
        if key == "code":
            yield from code((*_MAPPING, name), text)
        elif text and (key, text) != ("delimiter", "\t"):
            yield from one_line((*_MAPPING, name), str(text))
    for name, text in mapping["columns"].items():
        yield from one_line((*_MAPPING, "columns", camel(name)), text)
    encoding = mapping["file"]["encoding"]
    if encoding is not None and encoding.lower() not in ENCODINGS:
        yield InvalidInput(path=(*_MAPPING, "encoding"), problem=Problem.UNKNOWN)


def _custom_problems(custom: Sequence[tuple[str, str]], defined: CustomFields) -> Iterator[InvalidInput]:
    """What is wrong with the columns of custom fields. More than there can be fields say one twice."""
    keys = [key for key, _ in custom]
    for place, (key, column) in enumerate(custom):
        path = (*_MAPPING, "customFields", str(place))
        if defined.get(CustomFieldEntity.ORDER, key) is None:
            yield InvalidInput(path=(*path, "key"), problem=Problem.UNKNOWN)
        elif key in keys[:place]:
            yield InvalidInput(path=(*path, "key"), problem=Problem.DUPLICATE)
        yield from one_line((*path, "column"), column)


def _is_named_by_its_code(mapping: dict[str, Any]) -> bool:
    """Whether the channel has no name of its own: what is wrong with its code is told of the code alone."""
    return bool(mapping["channel"]["name"] == mapping["channel"]["code"])


def _refusal(detail: ErrorDetails) -> InvalidInput:
    words = tuple(str(part) for part in detail["loc"])
    problem = _PROBLEMS.get(detail["type"], Problem.UNKNOWN)
    limit = str(detail.get("ctx", {}).get("max_length", ""))
    if words[0] == "columns":
        return InvalidInput(path=(*_MAPPING, "columns", camel(words[-1])), problem=problem, limit=limit)
    name = _PLACES.get(words[:2], "customerName")
    if name == "currency":
        problem = Problem.UNKNOWN_CURRENCY
    return InvalidInput(path=(*_MAPPING, name), problem=problem, limit=limit)

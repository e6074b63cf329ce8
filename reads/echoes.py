"""How messages of graphql-core repeat a value that was sent: as JSON, like the client wrote it, and shortly."""

import json
from importlib import import_module
from typing import Any

LONGEST = 100
"""How many characters of a value are repeated."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)
_REPEATING = ("graphql.utilities.validate_input_value", "graphql.type.scalars", "graphql.type.definition")


def as_json(value: Any) -> str:
    """The beginning of `value` as JSON; it is not looked at behind that."""
    text = ""
    for piece in _ENCODER.iterencode(value):
        text += piece
        if len(text) > LONGEST:
            return f"{text[:LONGEST]}…"
    return text


def repeat_values_as_json() -> None:
    """Have graphql-core write so; by itself it writes Python: None, True, single quotes."""
    for name in _REPEATING:
        import_module(name).inspect = as_json  # type: ignore[attr-defined]  # a name that the module imports

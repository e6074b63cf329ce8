"""How jobs are written in Redis: as JSON, since a pickle that somebody put there would run as code."""

from contextlib import suppress
from typing import Any

import orjson


def encode(value: dict[str, Any]) -> bytes:
    """A job or its result as JSON; an exception among it becomes its text."""
    return orjson.dumps(value, default=_exception_as_text)


def decode(raw: bytes) -> dict[str, Any]:
    """A job as `encode` wrote it. Raises ValueError for anything else, which arq drops; a wrong type would end it."""
    with suppress(orjson.JSONDecodeError):
        job: dict[str, Any] = orjson.loads(raw)
        match job:
            case {"t": None | int(), "f": str(), "a": list(), "k": dict(), "et": int()}:
                return job
    raise ValueError("not a job")


def _exception_as_text(value: object) -> str:
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")

"""Refusals as plain facts, to be stored and told again."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

from domain.errors import DomainError, ErrorCode

_READERS: Mapping[Any, Callable[[Any], Any]] = {
    str: str,
    int: int,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    tuple[str, ...]: tuple,
    int | None: lambda number: number,
}


def refusal_to_facts(error: DomainError) -> dict[str, Any]:
    """The code, path and facts of `error` as JSON has them."""
    facts = {field.name: _to_json(getattr(error, field.name)) for field in fields(error)}
    return {"code": error.code.value, **facts}


def refusal_from_facts(facts: Mapping[str, Any]) -> DomainError:
    """The refusal that `refusal_to_facts` was given."""
    kind = _kinds()[ErrorCode(facts["code"])]
    types = get_type_hints(kind)
    values = {name: _READERS[types[name]](facts[name]) for name in facts.keys() - {"code", "path"}}
    return kind(path=tuple(facts["path"]), **values)


def _to_json(value: Any) -> Any:
    return value if isinstance(value, int | str | tuple | None) else str(value)


@cache
def _kinds() -> dict[ErrorCode, type[DomainError]]:
    return {kind.code: kind for kind in DomainError.__subclasses__()}

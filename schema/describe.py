"""Small helpers that make types read as declarations: descriptions come from docstrings and field texts."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

T = TypeVar("T", bound=type)


def text(description: str) -> Any:
    """A field without a resolver, described."""
    return strawberry.field(description=description)


def resolved(description: str) -> Callable[[Callable[..., Any]], Any]:
    """A field with a resolver, described."""
    decorator: Callable[[Callable[..., Any]], Any] = strawberry.field(description=description)
    return decorator


def mutation(description: str) -> Callable[[Callable[..., Any]], Any]:
    """A mutation, described; what its one argument is, its type says."""

    def decorate(resolver: Callable[..., Any]) -> Any:
        field: StrawberryField = strawberry.mutation(resolver, description=description)
        for argument in field.arguments:
            argument.description = "What is asked for."
        return field

    return decorate


def subscription(description: str) -> Callable[[Callable[..., Any]], Any]:
    """A subscription, described; its resolver yields what each event is about."""
    decorator: Callable[[Callable[..., Any]], Any] = strawberry.subscription(description=description)
    return decorator


@dataclass_transform(kw_only_default=True, field_specifiers=(text,))
def object_type(cls: T) -> T:
    """An object type whose description is the class's docstring."""
    return strawberry.type(cls, description=_docstring(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(text,))
def interface(cls: T) -> T:
    """An interface whose description is the class's docstring."""
    return strawberry.interface(cls, description=_docstring(cls))


def input_type(cls: T) -> T:
    """An input type whose description is the class's docstring."""
    return strawberry.input(cls, description=_docstring(cls))


def enum(of: type[StrEnum], values: Mapping[str, str], *, name: str | None = None) -> None:
    """Make an enum of the domain one of the schema, called as there or by `name`.

    It is described by its docstring, each value by `values`.
    """
    strawberry.enum(of, name=name, description=(of.__doc__ or "").strip())
    definition: StrawberryEnumDefinition = of.__strawberry_definition__  # type: ignore[attr-defined]  # set by the line above
    missing = {value.name for value in definition.values} ^ set(values)
    if missing:
        raise TypeError(f"{of.__name__}: values and descriptions differ: {sorted(missing)}")
    for value in definition.values:
        value.description = values[value.name]


def _docstring(cls: type) -> str:
    if not cls.__doc__:
        raise TypeError(f"{cls.__name__} has no docstring to describe it")
    return " ".join(cls.__doc__.split())

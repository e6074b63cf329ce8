"""Small helpers that make types read as declarations: descriptions come from docstrings and field texts."""

import dataclasses
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
    return strawberry.type(light(cls), description=_docstring(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(text,))
def interface(cls: T) -> T:
    """An interface whose description is the class's docstring."""
    return strawberry.interface(light(cls), description=_docstring(cls))


def input_type(cls: T) -> T:
    """An input type whose description is the class's docstring."""
    return strawberry.input(light(cls), description=_docstring(cls))


def light(cls: T) -> T:
    """The class with methods that all types share, where a dataclass would be given its own by `exec`.

    There are hundreds of types, and most are only declared: what PostgreSQL answers is never one of them. Their own
    methods would be some MB of each process.
    """
    for name, method in _SHARED.items():
        setattr(cls, name, method)
    return cls


def _init(self: Any, /, **values: Any) -> None:
    """Sets the fields to the values, by their names, or to their defaults. Raises TypeError as a dataclass does."""
    for field in dataclasses.fields(self):
        if not field.init:
            continue
        if field.name in values:
            value = values.pop(field.name)
        elif field.default is not dataclasses.MISSING:
            value = field.default
        elif field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        else:
            raise TypeError(f"{type(self).__name__} lacks {field.name}")
        setattr(self, field.name, value)
    if values:
        raise TypeError(f"{type(self).__name__} has no {', '.join(values)}")


_SHARED = {"__init__": _init, "__repr__": object.__repr__, "__eq__": object.__eq__}


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

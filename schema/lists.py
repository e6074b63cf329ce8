"""Connection fields: the same arguments everywhere, read by `reads`."""

import inspect
from typing import Annotated, Any

import strawberry

from reads.arguments import LARGEST_PAGE, USUAL_PAGE
from reads.segments import SEGMENTED
from rows.declare import Entity

_SEGMENT = "Only rows of this segment, by its global id; with a filter, for which both hold."
_ARGUMENTS = {
    "first": f"How many rows from the start, at most {LARGEST_PAGE}; {USUAL_PAGE} if neither this nor `last` is given.",
    "after": "Only rows behind this cursor.",
    "last": f"How many rows from the end, at most {LARGEST_PAGE}.",
    "before": "Only rows before this cursor.",
}


def connection(entity: Entity, of: Any, description: str, metadata: dict[str, Any] | None = None) -> Any:
    """A field of the connection type `of` over `entity`, with filter, sort and paging arguments."""
    return strawberry.field(resolver=_placeholder(entity, of), description=description, metadata=metadata)


def _placeholder(entity: Entity, of: Any) -> Any:
    """A resolver for its signature alone: compiled fields are never resolved row by row."""

    def resolver(**_: Any) -> Any:
        raise RuntimeError("compiled fields have no resolver")

    lazy = strawberry.lazy("schema.filters")
    arguments = {
        "filter": (f"{entity.name}Filter", lazy, "Only rows for which this holds."),
        **({"segment": (strawberry.ID, None, _SEGMENT)} if entity.name in SEGMENTED else {}),
        "sort": (f"{entity.name}Sort", lazy, "The order of the list; ties are in order of id."),
        "first": (int, None, _ARGUMENTS["first"]),
        "after": (str, None, _ARGUMENTS["after"]),
        "last": (int, None, _ARGUMENTS["last"]),
        "before": (str, None, _ARGUMENTS["before"]),
    }
    annotations = {name: _optional(*argument) for name, argument in arguments.items()}
    resolver.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # functions take any attribute
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
            for name, annotation in annotations.items()
        ],
        return_annotation=of | None,
    )
    resolver.__annotations__ = {**annotations, "return": of | None}
    return resolver


def _optional(of: Any, lazy: Any, description: str) -> Any:
    argument = strawberry.argument(description=description)
    if lazy is None:
        return Annotated[of | None, argument]
    return Annotated[Annotated[of, lazy] | None, argument]

"""What a search finds."""

from enum import Enum, StrEnum

import strawberry

from rows.entities import ENTITIES
from rows.search import MATCHES
from schema.describe import object_type, text
from schema.types.base import Node

_SEARCHED = [entity for entity in ENTITIES.values() if entity.search]
_MATCHES = dict(
    zip(
        MATCHES,
        (
            "All of the field is the text.",
            "The field begins with the text.",
            "The field ends with the text; a phone number with its digits.",
            "The field contains all words of the text.",
        ),
        strict=True,
    )
)

SearchEntity = Enum("SearchEntity", {entity.name.upper(): entity.name for entity in _SEARCHED}, type=StrEnum)  # type: ignore[misc]  # made at run time
strawberry.enum(SearchEntity, description="What can be searched for.")
for _value in SearchEntity.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by the line above
    _value.description = f"Rows of type {_value.value}."

SearchMatch = Enum("SearchMatch", {name: name for name in MATCHES}, type=StrEnum)  # type: ignore[misc]  # made at run time
strawberry.enum(SearchMatch, description="How a field of a row matches a text, best first.")
for _value in SearchMatch.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by the line above
    _value.description = _MATCHES[_value.name]


@object_type
class SearchResult:
    """A row that was found by a text, and why."""

    node: Node = text("The row.")
    match: SearchMatch = text("How its field matches.")
    field: str = text("The field that matches best, such as `number` or `contact.phone`.")

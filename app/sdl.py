"""The schema in the schema definition language, and what a change of it breaks."""

import tomllib
from pathlib import Path

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from schema.root import schema


def print_sdl() -> str:
    """The whole schema, as it is committed in schema/schema.graphql."""
    return schema.as_str() + "\n"


def breaking_changes(released: str, current: str) -> list[str]:
    """What clients of the schema `released` (SDL) cannot do any more with `current`, a sentence each, in order."""
    found = find_breaking_changes(build_schema(released), build_schema(current))
    return sorted({change.description for change in found})


def surprises(released: Path) -> list[str]:
    """What this code's schema breaks since `released`, and `breaking.toml` beside that file does not tell; and what
    that file tells of changes that are none. A line each."""
    marked = {change["what"] for change in tomllib.loads(released.with_name("breaking.toml").read_text())["changes"]}
    found = set(breaking_changes(released.read_text(), print_sdl()))
    return [
        *(f"breaks clients: {what}" for what in sorted(found - marked)),
        *(f"is marked in breaking.toml and breaks nothing: {what}" for what in sorted(marked - found)),
    ]

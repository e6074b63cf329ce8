"""The schema in the schema definition language."""

from schema.root import schema


def print_sdl() -> str:
    """The whole schema, as it is committed in schema/schema.graphql."""
    return schema.as_str() + "\n"

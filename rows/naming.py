"""Names as the outside writes them."""

from functools import cache


@cache
def camel(name: str) -> str:
    """`placed_at` as clients and saved filters write it: `placedAt`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)

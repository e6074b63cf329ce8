"""Names as the outside writes them."""

import re
from functools import cache


@cache
def camel(name: str) -> str:
    """`placed_at` as clients and saved filters write it: `placedAt`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@cache
def snake(name: str) -> str:
    """`ApiToken` as Python writes it: `api_token`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

"""Headers of a request, found without making a mapping of all of them: almost every request looks for a few."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of this name, which is in small letters; None where there is none."""
    for each, value in scope["headers"]:
        if each == name:
            return str(value, "latin-1")
    return None

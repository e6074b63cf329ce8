"""Trusted documents: a file of those that the company's own clients send, by their ids."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ManifestError(ValueError):
    """The file is no manifest; the message says why."""


def read_manifest(path: Path) -> dict[str, str]:
    """Documents by their ids: an object of id and text, as Relay writes it, or Apollo's manifest of operations.

    Raises ManifestError.
    """
    try:
        given = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path.name} cannot be read: {error}") from error
    found = _apollo(given) if isinstance(given, dict) and "operations" in given else given
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise ManifestError(f"{path.name} is not an object of ids and documents")
    return found


def _apollo(given: Mapping[str, Any]) -> Any:
    try:
        return {operation["id"]: operation["body"] for operation in given["operations"]}
    except (TypeError, KeyError):
        return None

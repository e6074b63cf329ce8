"""Global ids: a prefix that names the entity, and the row's number, as in "ord_42". Opaque to clients."""

import re

from rows.declare import Entity

LARGEST = 2**63 - 1
"""The largest number that a row can have."""
_ID = re.compile(r"([a-z]{2,4})_([1-9][0-9]{0,18})", re.ASCII)


def global_id(entity: Entity, number: int) -> str:
    """The global id of row `number` of `entity`."""
    return f"{entity.prefix}_{number}"


def parse_id(text: str) -> tuple[str, int] | None:
    """(prefix, number) of a global id, or None if it is none."""
    match = _ID.fullmatch(text)
    if not match or int(match[2]) > LARGEST:
        return None
    return match[1], int(match[2])


def number_of(text: str, entity: Entity) -> int | None:
    """The number in a global id of `entity`, or None if it is malformed or another entity's."""
    parsed = parse_id(text)
    return parsed[1] if parsed and parsed[0] == entity.prefix else None

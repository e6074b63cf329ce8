"""Filters that entries of managed lists are about: whether they mean something, and how much they ask."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from domain.errors import InvalidInput, Refused
from domain.naming import camel
from domain.paths import INPUT
from domain.text import is_storable
from models.connection import pool
from rows.custom_fields import CustomFields
from rows.declare import Entity
from rows.filters import parse_filter
from rows.tier_limits import beyond_limits


async def filter_problems(
    entity: Entity, raw: Mapping[str, Any], custom_fields: CustomFields, *, code: str, column: str, others: str
) -> Sequence[InvalidInput]:
    """What is wrong with `raw`, a filter of `entity` in the input's field `column`: it means nothing, or asks too much.

    Together with those that `others` finds for all codes but this one, it may ask as much as tier rules may.
    """
    try:
        parse_filter(entity, raw, custom_fields)
    except Refused as refused:
        error = refused.errors[0]
        assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
        return [_within(column, error)]
    if not is_storable(code):
        return []
    found = [orjson.loads(row["condition"]) for row in await pool().fetch(others, code)]
    beyond = beyond_limits(entity, [*found, raw])
    return [_within(column, error) for place, error in beyond if place == len(found)]


def _within(column: str, error: InvalidInput) -> InvalidInput:
    return InvalidInput(path=(*INPUT, camel(column), *error.path), problem=error.problem, limit=error.limit)

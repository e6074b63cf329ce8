"""The filter of a segment: what it means, and how it is kept."""

from collections.abc import Mapping
from typing import Any

import orjson

from domain.errors import InvalidInput, Refused
from domain.paths import INPUT
from domain.segments import SegmentEntity
from rows.custom_fields import CustomFields
from rows.declare import Entity
from rows.entities import CUSTOMER, ORDER
from rows.filters import parse_filter

SEGMENTED: Mapping[SegmentEntity, Entity] = {SegmentEntity.ORDER: ORDER, SegmentEntity.CUSTOMER: CUSTOMER}
FILTERS: Mapping[SegmentEntity, str] = {
    SegmentEntity.ORDER: "orderFilter",
    SegmentEntity.CUSTOMER: "customerFilter",
}
"""The fields of inputs that hold a filter."""


def sound_filter(entity: SegmentEntity, raw: Mapping[str, Any], custom_fields: CustomFields) -> dict[str, Any]:
    """`raw`, which is a filter of `entity`, as it is stored. Raises Refused, the path leading into the input."""
    try:
        parse_filter(SEGMENTED[entity], raw, custom_fields)
    except Refused as refused:
        error = refused.errors[0]
        assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
        path = (*INPUT, FILTERS[entity], *error.path)
        raise Refused(InvalidInput(path=path, problem=error.problem, limit=error.limit)) from None
    stored: dict[str, Any] = orjson.loads(orjson.dumps(raw, default=str))
    return stored

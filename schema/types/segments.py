"""Segments."""

from datetime import datetime

from schema.describe import object_type, text
from schema.enums import SegmentEntity
from schema.errors import InvalidInput
from schema.scalars import JSON
from schema.types.base import Money, Node
from schema.types.organisation import User


@object_type
class Segment(Node):
    """A filter of orders or customers under a name (细分): whoever reads by it finds their own rows."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    entity: SegmentEntity = text("What it is of.")
    name: str = text("Name, unique among its owner's segments of this kind.")
    shared: bool = text("Whether everybody sees it, or its owner alone.")
    filter: JSON = text("The filter: an `OrderFilter` or `CustomerFilter` as JSON has it.")
    created_at: datetime = text("When it was made.")
    updated_at: datetime = text("When it was changed last.")
    owner: User | None = text("Whose it is.")


@object_type
class SegmentTotal:
    """How many rows of a segment the viewer sees."""

    segment: Segment | None = text("The segment; null where there is none that the viewer sees.")
    count: int | None = text("How many, exactly; null where there is a `problem`.")
    amount: Money | None = text(
        "What orders come to, in the company's currency; null for customers, and where there is a `problem`."
    )
    problem: InvalidInput | None = text(
        "What is wrong with the filter now, such as a custom field that is out of use; `path` leads into the filter."
    )

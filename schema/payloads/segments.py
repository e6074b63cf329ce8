"""What mutations of segments answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.segments import Segment


@object_type
class SegmentCreatePayload:
    """The segment that was made."""

    segment: Segment | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class SegmentUpdatePayload:
    """The segment that was changed."""

    segment: Segment | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class SegmentDeletePayload:
    """The segment that was deleted."""

    deleted_id: strawberry.ID | None = text("The global id that it had; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)

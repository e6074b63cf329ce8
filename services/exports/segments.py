"""An export of a segment: the filter that is kept, as it is when the export is started."""

from typing import Any

from domain.errors import InvalidInput, NotFound, Refused
from domain.paths import INPUT
from domain.problems import Problem
from models import Segment
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.declare import Entity
from rows.entities import SEGMENT
from rows.viewer import Viewer
from services.segments.filters import SEGMENTED

PATH = (*INPUT, "segment")


async def kept_filter(client: TransactionClient, viewer: Viewer, entity: Entity, segment_id: int) -> dict[str, Any]:
    """The filter of the segment, as it is stored. Raises Refused with NotFound, or InvalidInput if it is of others."""
    if not await visible_ids(client, SEGMENT, viewer, [segment_id]):
        raise Refused(NotFound(path=PATH))
    segment = await Segment.get(id=segment_id, using_db=client)
    if SEGMENTED[segment.entity] is not entity:
        raise Refused(InvalidInput(path=PATH, problem=Problem.OTHER_SEGMENT, limit=segment.entity))
    return segment.condition

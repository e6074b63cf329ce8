"""Making a segment."""

from domain.errors import AlreadyExists, Refused
from domain.paths import INPUT
from domain.segments import MOST_SEGMENTS, NewSegment, segment_problems
from domain.text import too_many
from models import Segment
from models.connection import TransactionClient
from rows.custom_fields import CustomFields
from rows.viewer import Viewer
from services.idempotency import Request, once
from services.references import answering
from services.segments.filters import sound_filter
from services.transaction import retrying, transaction

# Two requests of one person must not both make the last one that there is room for.
_HOLD = "SELECT id FROM app_user WHERE id = $1 FOR NO KEY UPDATE"


@retrying
async def create_segment(
    *, viewer: Viewer, segment: NewSegment, custom_fields: CustomFields, idempotency_key: str | None = None
) -> int:
    """Keep `segment` as one of the viewer's; its id.

    Raises Refused with InvalidInput (the path leads into the filter, too), AlreadyExists (the viewer has one of this
    name) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="segmentCreate", key=idempotency_key, asked=segment)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _create(client, viewer, segment, custom_fields))
    return outcome.settle()


async def _create(client: TransactionClient, viewer: Viewer, segment: NewSegment, custom_fields: CustomFields) -> int:
    if problems := tuple(segment_problems(segment)):
        raise Refused(*problems)
    stored = sound_filter(segment.entity, segment.filter, custom_fields)
    await client.connection.execute(_HOLD, viewer.user_id)
    if await Segment.filter(owner_id=viewer.user_id).using_db(client).count() >= MOST_SEGMENTS:
        raise Refused(too_many(INPUT, MOST_SEGMENTS))
    row = Segment(
        entity=segment.entity, name=segment.name, owner_id=viewer.user_id, shared=segment.shared, condition=stored
    )
    with answering("segment_name_once", AlreadyExists(path=(*INPUT, "name"))):
        await row.save(using_db=client)
    segment_id: int = row.id
    return segment_id

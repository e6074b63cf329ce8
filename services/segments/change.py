"""Changing and deleting a segment."""

from typing import Any

from domain.errors import AlreadyExists, InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.paths import INPUT
from domain.people import Role
from domain.problems import Problem
from domain.segments import SegmentChanges, SegmentEntity, may_keep, segment_problems
from domain.unset import Unset
from models import Segment
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.custom_fields import CustomFields
from rows.entities import SEGMENT
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.references import answering
from services.segments.filters import FILTERS, sound_filter
from services.transaction import retrying, transaction


@retrying
async def update_segment(
    *,
    viewer: Viewer,
    segment_id: int,
    expected_version: int,
    changes: SegmentChanges,
    of: SegmentEntity | None,
    custom_fields: CustomFields,
    idempotency_key: str | None = None,
) -> int:
    """Change the segment if it still has `expected_version`; its id. `of` is what the filter given is a filter of.

    Its version grows by one, or not at all when nothing really changes. Raises Refused with NotFound, NotPermitted (it
    is somebody else's), VersionConflict, InvalidInput, AlreadyExists or IdempotencyKeyReused.
    """
    asked = {"id": segment_id, "expectedVersion": expected_version, "of": of, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="segmentUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        segment = await _lock(client, viewer, segment_id)
        if segment.version != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=segment.version))
        await _change(client, segment, changes, of, custom_fields)
        return segment_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


@retrying
async def delete_segment(*, viewer: Viewer, segment_id: int, idempotency_key: str | None = None) -> int:
    """Delete the segment; the id that it had. Raises Refused with NotFound, NotPermitted or IdempotencyKeyReused."""
    asked = {"id": segment_id}
    request = Request(principal=viewer.user_id, mutation="segmentDelete", key=idempotency_key, asked=asked)

    async def delete() -> int:
        segment = await _lock(client, viewer, segment_id)
        await segment.delete(using_db=client)
        return segment_id

    async with transaction() as client:
        outcome = await once(client, request, delete)
    return outcome.settle()


async def _lock(client: TransactionClient, viewer: Viewer, segment_id: int) -> Segment:
    if not await visible_ids(client, SEGMENT, viewer, [segment_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    segment = await Segment.get(id=segment_id, using_db=client)
    if not may_keep(user_id=viewer.user_id, is_admin=Role.ADMIN in viewer.roles, owner_id=segment.owner_id):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    return segment


async def _change(
    client: TransactionClient,
    segment: Segment,
    changes: SegmentChanges,
    of: SegmentEntity | None,
    custom_fields: CustomFields,
) -> None:
    if problems := tuple(segment_problems(changes)):
        raise Refused(*problems)
    columns: dict[str, Any] = {name: getattr(changes, name) for name in changes.mentioned if name != "filter"}
    if of and of is not segment.entity:
        path = (*INPUT, FILTERS[of])
        raise Refused(InvalidInput(path=path, problem=Problem.OTHER_SEGMENT, limit=segment.entity))
    if not isinstance(changes.filter, Unset):
        columns["condition"] = sound_filter(segment.entity, changes.filter, custom_fields)
    changed = {name: value for name, value in columns.items() if getattr(segment, name) != value}
    if not changed:
        return
    changed |= {"version": segment.version + 1, "updated_at": now()}
    with answering("segment_name_once", AlreadyExists(path=(*INPUT, "name"))):
        await Segment.filter(id=segment.id).using_db(client).update(**changed)

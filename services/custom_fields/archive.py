"""Taking a custom field out of use, and back."""

from datetime import datetime

from domain.audit import AuditAction
from domain.errors import Refused
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.custom_fields.change import lock_field, write_field
from services.custom_fields.define import room_problems
from services.idempotency import Request, once
from services.transaction import retrying, transaction


@retrying
async def archive_custom_field(*, viewer: Viewer, field_id: int, idempotency_key: str | None = None) -> int:
    """Take the field out of use; its id. Rows keep its values, which nobody sees any more.

    Raises Refused with NotFound, NotPermitted, InvalidInput or IdempotencyKeyReused.
    """
    return await _set(viewer, "customFieldArchive", field_id, now(), idempotency_key)


@retrying
async def restore_custom_field(*, viewer: Viewer, field_id: int, idempotency_key: str | None = None) -> int:
    """Take the field, with the values that it had, into use again; its id.

    Raises Refused with NotFound, NotPermitted, InvalidInput (there is no room) or IdempotencyKeyReused.
    """
    return await _set(viewer, "customFieldRestore", field_id, None, idempotency_key)


async def _set(viewer: Viewer, mutation: str, field_id: int, archived_at: datetime | None, key: str | None) -> int:
    request = Request(principal=viewer.user_id, mutation=mutation, key=key, asked={"id": field_id})
    async with transaction() as client:
        outcome = await once(client, request, lambda: _change(client, viewer, field_id, archived_at))
    return outcome.settle()


async def _change(client: TransactionClient, viewer: Viewer, field_id: int, archived_at: datetime | None) -> int:
    field = await lock_field(client, viewer, field_id)
    if (field.archived_at is None) == (archived_at is None):
        return field_id
    if archived_at is None and (problems := await room_problems(client, field.entity)):
        raise Refused(*problems)
    action = AuditAction.CUSTOM_FIELD_ARCHIVED if archived_at else AuditAction.CUSTOM_FIELD_RESTORED
    await write_field(client, viewer, field, action, {"archived_at": archived_at}, {})
    return field_id

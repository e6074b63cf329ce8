"""Somebody removes a file before its time is over."""

from domain.audit import AuditAction
from domain.errors import InUse, NotFound, Refused
from domain.paths import INPUT
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import FILE
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.transaction import retrying, transaction

# A statement of its own, after the one that locked the file: it sees the job of whoever held it till then.
_NEEDED = """
SELECT EXISTS (
    SELECT FROM job WHERE state IN ('QUEUED', 'RUNNING')
      AND parameters -> 'files' @> jsonb_build_array(jsonb_build_object('file_id', $1::bigint)))
"""


@retrying
async def delete_file(*, viewer: Viewer, file_id: int, idempotency_key: str | None = None) -> int:
    """Remove the file with its content; the id that it had. Jobs that it belonged to stay, without it.

    Whoever sees a file may remove it: its owner, and ADMIN. Raises Refused with NotFound, InUse (a job that has not
    ended reads it) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="fileDelete", key=idempotency_key, asked={"id": file_id})
    async with transaction() as client:
        outcome = await once(client, request, lambda: _delete(client, viewer, file_id))
    return outcome.settle()


async def _delete(client: TransactionClient, viewer: Viewer, file_id: int) -> int:
    path = (*INPUT, "id")
    if not await visible_ids(client, FILE, viewer, [file_id], lock=True):
        raise Refused(NotFound(path=path))
    if await client.connection.fetchval(_NEEDED, file_id):
        raise Refused(InUse(path=path))
    [row] = await client.connection.fetch("DELETE FROM stored_file WHERE id = $1 RETURNING kind, size", file_id)
    facts = {"kind": row["kind"], "size": row["size"]}
    await record(client, actor=viewer.user_id, action=AuditAction.FILE_DELETED, subject=(FILE, file_id), facts=facts)
    return file_id

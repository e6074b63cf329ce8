"""The end of an API token."""

from domain.audit import AuditAction
from domain.errors import NotFound, NotPermitted, Refused
from domain.paths import INPUT
from domain.permissions import Action, may
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import API_TOKEN
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.transaction import retrying, transaction


@retrying
async def revoke_api_token(*, viewer: Viewer, token_id: int, idempotency_key: str | None = None) -> int:
    """End the token, which is refused everywhere within five seconds; its id. One that has ended stays as it is.

    Raises Refused with NotFound, NotPermitted or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="apiTokenRevoke", key=idempotency_key, asked={"id": token_id})

    async def revoke() -> int:
        if not await visible_ids(client, API_TOKEN, viewer, [token_id], lock=True):
            raise Refused(NotFound(path=(*INPUT, "id")))
        owner = await client.connection.fetchval("SELECT user_id FROM api_token WHERE id = $1", token_id)
        if owner != viewer.user_id and not may(viewer, Action.KEEP_TOKENS):
            raise Refused(NotPermitted(path=(*INPUT, "id")))
        await _end(client, token_id, by=viewer.user_id)
        return token_id

    async with transaction() as client:
        outcome = await once(client, request, revoke)
    return outcome.settle()


async def revoke_by_operator(*, token_id: int) -> None:
    """End the token on behalf of whoever runs this installation. Raises Refused with NotFound."""
    async with transaction() as client:
        if not await _end(client, token_id, by=None):
            raise Refused(NotFound(path=("id",)))


async def _end(client: TransactionClient, token_id: int, *, by: int | None) -> bool:
    """Whether there is such a token."""
    ended = await client.connection.fetchval(
        "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id", token_id, now()
    )
    if ended:
        await record(client, actor=by, action=AuditAction.API_TOKEN_REVOKED, subject=(API_TOKEN, token_id))
        return True
    return bool(await client.connection.fetchval("SELECT id FROM api_token WHERE id = $1", token_id))

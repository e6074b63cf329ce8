"""Everything that speaks for a user ends."""

from uuid import UUID

from models.connection import TransactionClient
from services.clock import now


async def end_sessions(client: TransactionClient, *, user_id: int, but: UUID | None = None) -> int:
    """End the user's sessions, except `but`; how many. API processes notice within five seconds."""
    ended = await client.connection.fetch(
        """UPDATE session SET ended_at = $3
           WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2 RETURNING id""",
        user_id,
        but,
        now(),
    )
    return len(ended)


async def end_all_access(client: TransactionClient, *, user_id: int) -> None:
    """End the user's sessions and revoke their API tokens, in the transaction that deactivates them.

    The user's row is to be written first: whoever signs in or makes a token holds it, and is done or finds it inactive.
    """
    await end_sessions(client, user_id=user_id)
    await client.connection.execute(
        "UPDATE api_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", user_id, now()
    )

"""A user's sessions, and the end of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.audit import AuditAction
from domain.errors import NotFound, Refused
from domain.paths import INPUT
from models.connection import pool
from rows.entities import USER
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.transaction import transaction

MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A session that goes on: the client's network and device are coarse, None where they are not known."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    network: str | None
    device: str | None


async def list_sessions(*, viewer: Viewer) -> Sequence[OpenSession]:
    """The viewer's sessions that go on, the one used last first; at most the newest hundred."""
    rows = await pool().fetch(
        """SELECT id, created_at, coalesce(last_used_at, created_at) AS last_used_at, expires_at, network, device
           FROM session WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
           ORDER BY created_at DESC LIMIT $3""",
        viewer.user_id,
        now(),
        MOST_LISTED,
    )
    found = [OpenSession(**dict(row)) for row in rows]
    return sorted(found, key=lambda session: session.last_used_at, reverse=True)


async def revoke_session(*, viewer: Viewer, session_id: UUID | None) -> UUID:
    """End the viewer's session of that id; its id. Raises Refused with NotFound if there is none that goes on."""
    async with transaction() as client:
        ended: UUID | None = await client.connection.fetchval(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING id",
            session_id,
            viewer.user_id,
            now(),
        )
        if ended is None:
            raise Refused(NotFound(path=(*INPUT, "id")))
        await record(
            client,
            actor=viewer.user_id,
            action=AuditAction.SESSIONS_ENDED,
            subject=(USER, viewer.user_id),
            facts={"sessionsEnded": 1},
        )
    return ended

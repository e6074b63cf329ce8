"""Who is asking: a genuine token's user with today's roles and teams, read again within five seconds."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from domain.people import Role
from rows.viewer import Viewer
from services.clock import now

GOOD_FOR = 5.0
_AT_MOST = 10_000

_VIEWER = """
SELECT u.roles, u.team_id,
       ARRAY (SELECT c.descendant_id FROM team_closure c WHERE c.ancestor_id = u.team_id ORDER BY 1) AS team_ids
FROM session s JOIN app_user u ON u.id = s.user_id
WHERE s.id = $1 AND u.id = $2 AND u.active AND s.ended_at IS NULL AND s.expires_at > $3
"""


class FetchRow(Protocol):
    """asyncpg's `fetchrow`, of a pool or a connection."""

    def __call__(self, query: str, /, *args: Any) -> Awaitable[Any]: ...


async def load_viewer(fetchrow: FetchRow, *, user_id: int, session_id: UUID) -> Viewer | None:
    """The viewer in one statement; None if the session has ended or the user is not active."""
    row = await fetchrow(_VIEWER, session_id, user_id, now())
    if row is None:
        return None
    return Viewer(
        user_id=user_id,
        roles=frozenset(Role(role) for role in row["roles"]),
        team_id=row["team_id"],
        team_ids=tuple(row["team_ids"]),
    )


@dataclass(frozen=True)
class _Answer:
    viewer: asyncio.Task[Viewer | None]
    asked_at: float


class ViewerCache:
    """Viewers of this process, each good for five seconds from the moment at which the database was asked.

    Requests of one session that come together share one question. It keeps the 10,000 sessions seen last.
    """

    def __init__(self, fetchrow: FetchRow, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetchrow = fetchrow
        self._clock = clock
        self._answers: OrderedDict[tuple[int, UUID], _Answer] = OrderedDict()

    async def viewer(self, *, user_id: int, session_id: UUID) -> Viewer | None:
        """As `load_viewer`. Raises what asking the database raises."""
        key = (user_id, session_id)
        answer = self._answers.get(key)
        if answer is None or not self._is_good(answer):
            answer = self._ask(key)
        self._answers.move_to_end(key)
        # Whoever asked first may go away; the others still want to know.
        return answer.viewer.result() if answer.viewer.done() else await asyncio.shield(answer.viewer)

    def forget(self, *, user_id: int, session_id: UUID) -> None:
        """Ask anew next time, as after signing out."""
        self._answers.pop((user_id, session_id), None)

    def _is_good(self, answer: _Answer) -> bool:
        failed = answer.viewer.done() and (answer.viewer.cancelled() or answer.viewer.exception())
        return not failed and self._clock() - answer.asked_at < GOOD_FOR

    def _ask(self, key: tuple[int, UUID]) -> _Answer:
        user_id, session_id = key
        question = load_viewer(self._fetchrow, user_id=user_id, session_id=session_id)
        answer = self._answers[key] = _Answer(viewer=asyncio.create_task(question), asked_at=self._clock())
        if len(self._answers) > _AT_MOST:
            self._answers.popitem(last=False)
        return answer

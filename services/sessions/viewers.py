"""Who is asking: whom a genuine credential speaks for, with today's roles and teams, read again within five seconds."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.people import Role
from domain.scopes import TokenScope, granted, roles_with
from rows.viewer import Viewer
from services.clock import now

GOOD_FOR = 5.0
_AT_MOST = 10_000

_COLUMNS = """u.id AS user_id, u.roles, u.team_id,
       ARRAY (SELECT c.descendant_id FROM team_closure c WHERE c.ancestor_id = u.team_id ORDER BY 1) AS team_ids"""
_OF_SESSION = f"""
SELECT {_COLUMNS} FROM session s JOIN app_user u ON u.id = s.user_id
WHERE s.id = $1 AND u.id = $2 AND u.active AND s.ended_at IS NULL AND s.expires_at > $3
"""  # noqa: S608  # the columns above
_OF_TOKEN = f"""
SELECT {_COLUMNS}, t.id AS token_id, t.scopes FROM api_token t JOIN app_user u ON u.id = t.user_id
WHERE t.token_hash = $1 AND u.active AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
"""  # noqa: S608  # the columns above
_OF_IDENTITY = f"""
SELECT {_COLUMNS} FROM user_identity i JOIN app_user u ON u.id = i.user_id
WHERE i.issuer = $1 AND i.subject = $2 AND u.active
"""  # noqa: S608  # the columns above


_OF_USER = f"SELECT {_COLUMNS} FROM app_user u WHERE u.id = $1 AND u.active"  # noqa: S608  # the columns above


class FetchRow(Protocol):
    """asyncpg's `fetchrow`, of a pool or a connection."""

    def __call__(self, query: str, /, *args: Any) -> Awaitable[Any]: ...


@dataclass(frozen=True)
class OfSession:
    """What an access token says: the session of the user."""

    user_id: int
    session_id: UUID


@dataclass(frozen=True)
class OfApiToken:
    """The hash of an API token's secret."""

    token_hash: bytes


@dataclass(frozen=True)
class OfIdentity:
    """What a token of an OpenID provider says: its subject there. `good_until` is the token's own, None for any."""

    issuer: str
    subject: str
    good_until: datetime | None = field(default=None, compare=False)

    def is_over(self, moment: datetime) -> bool:
        """Whether the token has run out, as it does while a socket is open."""
        return self.good_until is not None and moment >= self.good_until


@dataclass(frozen=True)
class OfUser:
    """A user for whom a job works; `scopes` are those of the API token that started it, if one did."""

    user_id: int
    scopes: frozenset[TokenScope] | None


Credential = OfSession | OfApiToken | OfIdentity | OfUser


async def load_viewer(fetchrow: FetchRow, credential: Credential) -> Viewer | None:
    """The viewer in one statement; None if the credential has ended or the user is not active."""
    match credential:
        case OfSession(user_id, session_id):
            row = await fetchrow(_OF_SESSION, session_id, user_id, now())
        case OfApiToken(token_hash):
            row = await fetchrow(_OF_TOKEN, token_hash, now())
            return _viewer(row, frozenset(map(TokenScope, row["scopes"])), row["token_id"]) if row else None
        case OfIdentity(issuer=issuer, subject=subject):
            row = await fetchrow(_OF_IDENTITY, issuer, subject)
        case OfUser(user_id, scopes):
            row = await fetchrow(_OF_USER, user_id)
            return _viewer(row, scopes) if row else None
    return _viewer(row) if row else None


def _viewer(row: Any, scopes: frozenset[TokenScope] | None = None, token_id: int | None = None) -> Viewer:
    return Viewer(
        user_id=row["user_id"],
        roles=roles_with(map(Role, row["roles"]), scopes),
        team_id=row["team_id"],
        team_ids=tuple(row["team_ids"]),
        scopes=None if scopes is None else granted(scopes),
        token_id=token_id,
    )


@dataclass(frozen=True)
class _Answer:
    viewer: asyncio.Task[Viewer | None]
    asked_at: float


class ViewerCache:
    """Viewers of this process, each good for five seconds from the moment at which the database was asked.

    Requests with one credential that come together share one question. It keeps the 10,000 credentials seen last.
    """

    def __init__(self, fetchrow: FetchRow, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetchrow = fetchrow
        self._clock = clock
        self._answers: OrderedDict[Credential, _Answer] = OrderedDict()

    async def viewer(self, credential: Credential) -> Viewer | None:
        """As `load_viewer`. Raises what asking the database raises."""
        answer = self._answers.get(credential)
        if answer is None or not self._is_good(answer):
            answer = self._ask(credential)
        self._answers.move_to_end(credential)
        # Whoever asked first may go away; the others still want to know.
        return answer.viewer.result() if answer.viewer.done() else await asyncio.shield(answer.viewer)

    def forget(self, credential: Credential) -> None:
        """Ask anew next time, as after signing out."""
        self._answers.pop(credential, None)

    def _is_good(self, answer: _Answer) -> bool:
        failed = answer.viewer.done() and (answer.viewer.cancelled() or answer.viewer.exception())
        return not failed and self._clock() - answer.asked_at < GOOD_FOR

    def _ask(self, credential: Credential) -> _Answer:
        question = load_viewer(self._fetchrow, credential)
        answer = self._answers[credential] = _Answer(viewer=asyncio.create_task(question), asked_at=self._clock())
        if len(self._answers) > _AT_MOST:
            self._answers.popitem(last=False)
        return answer

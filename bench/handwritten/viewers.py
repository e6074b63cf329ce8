"""Whom a bearer token speaks for, known for five seconds."""

import time
from uuid import UUID

import asyncpg
import jwt

from rows.viewer import Viewer
from services.sessions.viewers import GOOD_FOR, OfSession, load_viewer


class Viewers:
    """Viewers by the header that they send."""

    def __init__(self, pool: asyncpg.Pool, key: bytes) -> None:
        self._pool = pool
        self._key = key
        self._known: dict[bytes, tuple[Viewer, float]] = {}

    async def viewer(self, header: bytes) -> Viewer:
        """The viewer. Raises jwt.InvalidTokenError."""
        known = self._known.get(header)
        if known and time.monotonic() < known[1]:
            return known[0]
        claims = jwt.decode(header.removeprefix(b"Bearer "), self._key, algorithms=["HS256"])
        viewer = await load_viewer(self._pool.fetchrow, OfSession(int(claims["sub"]), UUID(claims["sid"])))
        if viewer is None:
            raise jwt.InvalidTokenError
        self._known[header] = viewer, time.monotonic() + GOOD_FOR
        return viewer

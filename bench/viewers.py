"""Who asks in the bench: some people of each kind, signed in, with orders that they see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from app.embedded import Servers
from app.embedded.postgres import SUPERUSER
from services.sessions.access_tokens import issue_access_token

# Reps of the usual size, and managers of about a fifth of all orders.
_REPS = """
WITH owned AS (SELECT owner_id, count(*) AS orders FROM sales_order WHERE owner_id IS NOT NULL GROUP BY 1)
SELECT owner_id AS id FROM owned
WHERE orders BETWEEN 0.6 * (SELECT avg(orders) FROM owned) AND 1.6 * (SELECT avg(orders) FROM owned)
ORDER BY hashint8(owner_id), owner_id LIMIT 16
"""
_MANAGERS = "SELECT id FROM app_user WHERE team_id BETWEEN 2 AND 6 AND 'MANAGER' = ANY(roles) ORDER BY id"
# Of about four in a hundred, in nine teams.
_DISTRICT_MANAGERS = "SELECT id FROM app_user WHERE team_id BETWEEN 7 AND 11 AND 'MANAGER' = ANY(roles) ORDER BY id"
_ADMINS = "SELECT id FROM app_user WHERE 'ADMIN' = ANY(roles)"

_ORDERS = """
SELECT o.id FROM sales_order o
WHERE o.owner_id = $1 OR o.team_id IN (SELECT descendant_id FROM team_closure WHERE ancestor_id = $2)
ORDER BY hashint8(o.id) LIMIT 200
"""


@dataclass(frozen=True)
class Person:
    """A signed-in user, some orders that they see, and the cursor of the page that they have come to, if known."""

    user_id: int
    session_id: UUID
    orders: Sequence[int]
    cursor: str = ""

    def authorization(self, key: bytes) -> str:
        """The header for the next ten minutes; `key` is that of access tokens."""
        token = issue_access_token(key, user_id=self.user_id, session_id=self.session_id, now=datetime.now(UTC))
        return f"Bearer {token}"


async def sign_in(servers: Servers, database: str) -> dict[str, list[Person]]:
    """People by kind: rep, manager, district manager, admin. Whoever was signed in before no longer is."""
    connection = await asyncpg.connect(servers.postgres.url(database=database, user=SUPERUSER))
    try:
        return await _sign_in(connection)
    finally:
        await connection.close()


async def _sign_in(connection: asyncpg.Connection) -> dict[str, list[Person]]:
    await connection.execute("DELETE FROM session")
    kinds = {"rep": _REPS, "manager": _MANAGERS, "district manager": _DISTRICT_MANAGERS, "admin": _ADMINS}
    return {
        kind: [await _person(connection, row["id"]) for row in await connection.fetch(query)]
        for kind, query in kinds.items()
    }


async def _person(connection: asyncpg.Connection, user_id: int) -> Person:
    session_id = uuid4()
    await connection.execute(
        "INSERT INTO session (id, user_id, generation, token_hash, rotations, created_at, expires_at)"
        " VALUES ($1, $2, 1, '', ARRAY[]::timestamptz[], now(), now() + interval '1 day')",
        *(session_id, user_id),
    )
    user = await connection.fetchrow("SELECT roles, team_id FROM app_user WHERE id = $1", user_id)
    assert user is not None
    team = None if user["roles"] == ["REP"] else user["team_id"]
    return Person(user_id, session_id, [row["id"] for row in await connection.fetch(_ORDERS, user_id, team)])

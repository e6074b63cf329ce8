"""Failed attempts to sign in are counted in PostgreSQL, before the password is looked at.

An attempt is charged first and given back when it succeeds, so that guesses which come together count each.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from domain.attempts import (
    OF_ACCOUNT,
    OF_ACCOUNT_AND_CLIENT,
    OF_CLIENT,
    Attempts,
    client_network,
    retry_at,
    with_another,
)
from domain.audit import coarse_address
from domain.errors import Refused, TooManyAttempts
from models.connection import TransactionClient, pool
from services.clock import now
from services.origin import origin
from services.transaction import retrying, transaction


@dataclass(frozen=True, kw_only=True)
class Charge:
    """An attempt that was counted: by account and client, by account, by client; each under its key."""

    of_account: Sequence[str]
    of_client: str | None

    @property
    def keys(self) -> list[str]:
        """All keys."""
        return [*self.of_account, *([self.of_client] if self.of_client else [])]


@retrying
async def charge(*, key: bytes, email: str, user_id: int | None) -> Charge:
    """Count an attempt at the account of `email` from where the request comes; `user_id` is its user's, if any.

    `key` hides who was meant. Raises Refused with TooManyAttempts, which then counts nothing.
    """
    client, moment = client_network(origin().address), now()
    account = email.strip().lower()
    limits = {_digest(key, "account and client", account, client or ""): OF_ACCOUNT_AND_CLIENT}
    if not await _knows_this_network(user_id):
        limits[_digest(key, "account", account)] = OF_ACCOUNT
    made = Charge(of_account=tuple(limits), of_client=_digest(key, "client", client) if client else None)
    if made.of_client:
        limits[made.of_client] = OF_CLIENT
    async with transaction() as db:
        before = await _lock(db, sorted(limits), moment)
        blocked = [until for count in before.values() if (until := retry_at(count, now=moment))]
        if blocked:
            raise Refused(TooManyAttempts(retry_at=max(blocked)))
        await _write(db, {name: with_another(before[name], limits[name], now=moment) for name in sorted(limits)})
    return made


async def forgive(client: TransactionClient, made: Charge) -> None:
    """The attempt succeeded: the account starts anew here, and the client has one failure less."""
    # A statement of its own: what comes after it sees what others, who had the rows before, have left.
    await client.connection.execute(
        "SELECT FROM login_attempts WHERE key = ANY ($1::varchar[]) ORDER BY key FOR UPDATE", made.keys
    )
    await client.connection.execute(
        "DELETE FROM login_attempts WHERE key = ANY ($1::varchar[]) AND (key <> ALL ($2::varchar[]) OR failures = 1)",
        made.keys,
        [made.of_client] if made.of_client else [],
    )
    await client.connection.execute(
        "UPDATE login_attempts SET failures = failures - 1, blocked_until = last_at WHERE key = $1", made.of_client
    )


async def purge_attempts(*, at_most: int = 5000) -> int:
    """Forget attempts that count no more, oldest first; how many."""
    oldest = max(OF_ACCOUNT.forgotten_after, OF_ACCOUNT_AND_CLIENT.forgotten_after, OF_CLIENT.forgotten_after)
    async with transaction() as client:
        purged = await client.connection.fetch(
            """DELETE FROM login_attempts WHERE key IN (
                   SELECT key FROM login_attempts WHERE last_at < $1
                   ORDER BY last_at LIMIT $2 FOR UPDATE SKIP LOCKED)
               RETURNING key""",
            now() - oldest,
            at_most,
        )
    return len(purged)


async def _knows_this_network(user_id: int | None) -> bool:
    """Whether the user has signed in from near here before: then strangers elsewhere do not slow them down."""
    network = coarse_address(origin().address)
    if user_id is None or network is None:
        return False
    query = "SELECT EXISTS (SELECT FROM session WHERE user_id = $1 AND network = $2)"
    return bool(await pool().fetchval(query, user_id, network))


async def _lock(db: TransactionClient, keys: Sequence[str], moment: datetime) -> dict[str, Attempts | None]:
    """The counts, locked in order of their keys; a row is made for each that is not there, whose count is None."""
    rows: list[asyncpg.Record] = await db.connection.fetch(
        """INSERT INTO login_attempts (key, failures, last_at, blocked_until)
           SELECT key, 1, $2, $2 FROM unnest($1::varchar[]) AS key
           ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key
           RETURNING key, failures, last_at, blocked_until, xmax = 0 AS fresh""",
        keys,
        moment,
    )
    return {
        row["key"]: None
        if row["fresh"]
        else Attempts(failures=row["failures"], last_at=row["last_at"], blocked_until=row["blocked_until"])
        for row in rows
    }


async def _write(db: TransactionClient, counts: Mapping[str, Attempts]) -> None:
    await db.connection.executemany(
        "UPDATE login_attempts SET failures = $2, last_at = $3, blocked_until = $4 WHERE key = $1",
        [(key, count.failures, count.last_at, count.blocked_until) for key, count in counts.items()],
    )


def _digest(key: bytes, *parts: str) -> str:
    """A name for these parts that tells nobody what they are; people type passwords where an email belongs."""
    return hmac.digest(key, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256").hex()

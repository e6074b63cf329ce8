"""A request that is repeated under its key has one effect and gets one answer.

The key's row is written before anything else, so that a twin waits for it at the unique index, and then tells what it
finds: the outcome, or nothing if the first transaction failed, in which case the twin does the work.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from domain.errors import DomainError, IdempotencyKeyReused, Refused
from domain.numbers import plain
from domain.paths import INPUT
from domain.text import IDEMPOTENCY_KEY, code
from models.connection import TransactionClient
from services.clock import now
from services.refusals import refusal_from_facts, refusal_to_facts
from services.transaction import savepoint, transaction

KEPT_FOR = timedelta(days=7)
PATH = (*INPUT, "idempotencyKey")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What `principal`, a user's id, asks of `mutation` under `key`; None is a request that is not to be remembered."""

    principal: int
    mutation: str
    key: str | None
    asked: Any


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a request: the id of what was written, or why nothing was."""

    id: int | None = None
    errors: tuple[DomainError, ...] = ()

    def settle(self) -> int:
        """The id. Raises Refused. To be called after the transaction, since stored refusals must be committed."""
        if self.id is None:
            raise Refused(*self.errors)
        return self.id


async def once(client: TransactionClient, request: Request, work: Callable[[], Awaitable[int]]) -> Outcome:
    """The outcome of `work`, or of the request that came before under the same key.

    What `work` wrote is undone when it raises Refused, and the refusal is kept; any other exception ends the
    transaction and leaves no trace. Without a key, and for one that is not allowed, Refused is raised here.
    """
    if request.key is None:
        return Outcome(id=await work())
    if problems := tuple(code(PATH, request.key, limit=IDEMPOTENCY_KEY)):
        raise Refused(*problems)
    wanted = request_hash(request.asked)
    row_id = None
    while row_id is None:
        row_id = await _claim_key(client, request, wanted)
        if row_id is None and (earlier := await earlier_outcome(client, request, wanted)):
            return earlier
    outcome = await _attempt(client, work)
    await client.connection.execute(
        "UPDATE idempotency_key SET outcome = $2::jsonb WHERE id = $1", row_id, outcome_to_json(outcome)
    )
    return outcome


async def purge_idempotency_keys(*, at_most: int = 5000) -> int:
    """Forget keys older than `KEPT_FOR`, oldest first; how many. Sweeps that run at the same time share the work."""
    async with transaction() as client:
        purged = await client.connection.fetch(
            """DELETE FROM idempotency_key WHERE id IN (
                   SELECT id FROM idempotency_key WHERE created_at < $1
                   ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
               RETURNING id""",
            now() - KEPT_FOR,
            at_most,
        )
    return len(purged)


def request_hash(asked: Any) -> bytes:
    """A digest of what was asked: of the values, however they were written.

    Fields left at their defaults do not count, so that a new optional field does not change the digests of requests
    made before it was there.
    """
    canonical = json.dumps(_canonical(asked), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


async def _claim_key(client: TransactionClient, request: Request, wanted: bytes) -> int | None:
    row_id: int | None = await client.connection.fetchval(
        """INSERT INTO idempotency_key (principal_id, mutation, key, request_hash, created_at)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (principal_id, mutation, key) DO NOTHING RETURNING id""",
        request.principal,
        request.mutation,
        request.key,
        wanted,
        now(),
    )
    return row_id


async def earlier_outcome(client: TransactionClient, request: Request, wanted: bytes) -> Outcome | None:
    """What came of the request under this key before; None if the row was purged since it stood in the way."""
    row = await client.connection.fetchrow(
        "SELECT request_hash, outcome FROM idempotency_key WHERE principal_id = $1 AND mutation = $2 AND key = $3",
        request.principal,
        request.mutation,
        request.key,
    )
    if row is None:
        return None
    if row["request_hash"] != wanted:
        return Outcome(errors=(IdempotencyKeyReused(path=PATH),))
    return _from_json(row["outcome"])


async def _attempt(client: TransactionClient, work: Callable[[], Awaitable[int]]) -> Outcome:
    try:
        async with savepoint(client):
            return Outcome(id=await work())
    except Refused as refusal:
        return Outcome(errors=refusal.errors)


def outcome_to_json(outcome: Outcome) -> str:
    """The outcome as it is kept."""
    return json.dumps({"id": outcome.id, "errors": [refusal_to_facts(error) for error in outcome.errors]})


def _from_json(stored: str) -> Outcome:
    facts = json.loads(stored)
    return Outcome(id=facts["id"], errors=tuple(refusal_from_facts(error) for error in facts["errors"]))


def _canonical(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case Decimal():
            return str(plain(value))
        case date():
            return value.isoformat()
        case Mapping():
            return {name: _canonical(item) for name, item in value.items()}
        case str() | int() | None:
            return value
        case Sequence():
            return [_canonical(item) for item in value]
        case _ if is_dataclass(value):
            given = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
            return {name: _canonical(item) for name, (item, default) in given.items() if item != default}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")

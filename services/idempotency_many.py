"""Idempotency of requests that share a transaction; what keys are for is told in `services.idempotency`.

Keys are inserted in sorted order, so that two such transactions do not wait for each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.text import IDEMPOTENCY_KEY, code
from models.connection import TransactionClient
from services.clock import now
from services.idempotency import PATH, Outcome, Request, earlier_outcome, outcome_to_json, request_hash
from services.transaction import Forestalled

_TAKE = """
INSERT INTO idempotency_key (principal_id, mutation, key, request_hash, created_at)
SELECT principal, mutation, key, hash, $5 FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[])
  AS asked (principal, mutation, key, hash)
ORDER BY principal, mutation, key
ON CONFLICT (principal_id, mutation, key) DO NOTHING RETURNING id, principal_id, mutation, key
"""
_KEEP = """
UPDATE idempotency_key k SET outcome = o.outcome
FROM unnest($1::bigint[], $2::jsonb[]) o (id, outcome) WHERE k.id = o.id
"""


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """By place of a request: the row of its key, if it has one that is new, and its outcome, if that is known."""

    rows: Mapping[int, int]
    known: Mapping[int, Outcome]


def rounds(requests: Sequence[Request]) -> tuple[list[int], list[int]]:
    """Places of requests that can share a transaction, and of those that repeat one of them and come after it."""
    first: dict[tuple[int, str, str], int] = {}
    together: list[int] = []
    later: list[int] = []
    for place, request in enumerate(requests):
        repeats = request.key is not None and first.setdefault(_of(request), place) != place
        (later if repeats else together).append(place)
    return together, later


async def take_keys(client: TransactionClient, requests: Sequence[Request]) -> Keyed:
    """Take the keys of requests, none of which repeats another: to be done before anything else is written.

    A key that another transaction is taking is waited for.
    """
    bad = {
        place: Outcome(errors=problems)
        for place, request in enumerate(requests)
        if request.key is not None and (problems := tuple(code(PATH, request.key, limit=IDEMPOTENCY_KEY)))
    }
    keyed = {place: request for place, request in enumerate(requests) if request.key is not None and place not in bad}
    if not keyed:
        return Keyed(rows={}, known=bad)
    hashes = {place: request_hash(request.asked) for place, request in keyed.items()}
    columns = [
        [request.principal for request in keyed.values()],
        [request.mutation for request in keyed.values()],
        [request.key for request in keyed.values()],
        [hashes[place] for place in keyed],
    ]
    taken = {
        (row["principal_id"], row["mutation"], row["key"]): row["id"]
        for row in await client.connection.fetch(_TAKE, *columns, now())
    }
    rows = {place: taken[_of(request)] for place, request in keyed.items() if _of(request) in taken}
    before = {}
    for place in keyed.keys() - rows.keys():
        outcome = await earlier_outcome(client, keyed[place], hashes[place])
        if outcome is None:
            raise Forestalled("the key's row was purged while it stood in the way")
        before[place] = outcome
    return Keyed(rows=rows, known=bad | before)


async def keep_outcomes(client: TransactionClient, keyed: Keyed, outcomes: Mapping[int, Outcome]) -> None:
    """Keep the outcome of each request whose key was taken, by its place."""
    if keyed.rows:
        ids, places = list(keyed.rows.values()), list(keyed.rows)
        await client.connection.execute(_KEEP, ids, [outcome_to_json(outcomes[place]) for place in places])


def _of(request: Request) -> tuple[int, str, str]:
    return request.principal, request.mutation, request.key or ""

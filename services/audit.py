"""The audit: an entry for what changes rights, rules and data that matter, in the transaction that does it."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import orjson

from domain.audit import AuditAction, coarse_address
from models.connection import TransactionClient
from rows.declare import Entity
from rows.ids import global_id
from services.clock import now
from services.origin import origin
from services.transaction import transaction

Subject: TypeAlias = tuple[Entity, int]


async def record(
    client: TransactionClient,
    *,
    actor: int | None,
    action: AuditAction,
    subject: Subject | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Write an entry: what `actor`, a user's id or None for the system, did to `subject`, a row of an entity. Its id.

    `facts` are what JSON can hold: ids, codes, counts, what it was and what it is. No secrets; a person's data only
    where an auditor needs it, and then under the key `domain.audit.PERSON`, from where it can be erased. The request's
    id and the client's network are added here.
    """
    asked_in = origin()
    entry_id: int = await client.connection.fetchval(
        """INSERT INTO audit_entry (at, actor_id, action, subject_kind, subject_id, facts, request_id, address)
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8) RETURNING id""",
        now(),
        actor,
        action.value,
        subject[0].name if subject else None,
        global_id(*subject) if subject else None,
        orjson.dumps(dict(facts or {})).decode(),
        asked_in.request_id,
        coarse_address(asked_in.address),
    )
    return entry_id


async def record_alone(
    *,
    actor: int | None,
    action: AuditAction,
    subject: Subject | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """As `record`, in a transaction of its own: for what was refused, such as a sign-in, and so wrote nothing else."""
    async with transaction() as client:
        await record(client, actor=actor, action=action, subject=subject, facts=facts)

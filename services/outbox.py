"""The outbox: business facts, written in the transaction that causes them and relayed later."""

from collections.abc import Mapping
from typing import Any

import orjson

from domain.events import Aggregate, EventType
from models.connection import TransactionClient
from services.clock import now


async def append(
    client: TransactionClient,
    *,
    aggregate: Aggregate,
    aggregate_id: int,
    seq: int,
    type: EventType,  # noqa: A002  # the column's name
    payload: Mapping[str, Any],
) -> None:
    """Write an event.

    `seq` is the aggregate's `last_seq` after adding one under its row lock, so that events of one aggregate are in
    order and without gaps. `payload` is what JSON can hold, ids and facts but nobody's personal data.
    """
    await client.connection.execute(
        """INSERT INTO outbox_event (aggregate, aggregate_id, seq, type, payload, created_at)
           VALUES ($1, $2, $3, $4, $5::jsonb, $6)""",
        aggregate,
        aggregate_id,
        seq,
        type,
        orjson.dumps(payload).decode(),
        now(),
    )

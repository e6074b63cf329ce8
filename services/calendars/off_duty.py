"""Who is off duty."""

from collections.abc import Sequence
from datetime import datetime

from models.connection import TransactionClient
from rows.off_duty import off_duty

_OFF_DUTY = f"SELECT u.id FROM unnest($1::bigint[]) u (id) WHERE {off_duty('u.id', '$2::timestamptz')}"  # noqa: S608  # ours


async def who_is_off_duty(client: TransactionClient, user_ids: Sequence[int], at: datetime) -> frozenset[int]:
    """Those of the users who are on leave at that moment. Being outside of one's hours is not being off duty."""
    found = await client.connection.fetch(_OFF_DUTY, list(user_ids), at)
    return frozenset(row["id"] for row in found)

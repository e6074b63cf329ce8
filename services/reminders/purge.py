"""Reminders that have served their time go, with how they were delivered."""

from datetime import timedelta

from services.clock import now
from services.transaction import transaction

KEPT_FOR = timedelta(days=365)
"""Longer than causes are looked for: what is gone must not fire again."""
_PURGE = """
DELETE FROM reminder WHERE id IN (
    SELECT id FROM reminder WHERE cause_at < $1 AND due_at < $1 ORDER BY cause_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


async def purge_reminders(*, at_most: int = 5_000) -> int:
    """Forget reminders whose causes lie longer back than KEPT_FOR, the oldest first; how many."""
    async with transaction() as client:
        return len(await client.connection.fetch(_PURGE, now() - KEPT_FOR, at_most))

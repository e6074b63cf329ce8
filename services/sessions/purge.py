"""Sessions that are over are forgotten."""

from services.clock import now
from services.transaction import transaction


async def purge_sessions(*, at_most: int = 5000) -> int:
    """Forget sessions that have expired, oldest first; how many. Sweeps that run at the same time share the work.

    Those that ended earlier, by signing out, go when they would have expired.
    """
    async with transaction() as client:
        purged = await client.connection.fetch(
            """DELETE FROM session WHERE id IN (
                   SELECT id FROM session WHERE expires_at <= $1
                   ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
               RETURNING id""",
            now(),
            at_most,
        )
    return len(purged)

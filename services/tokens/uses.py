"""When tokens were last used: remembered here, written now and then, never while somebody waits."""

from datetime import timedelta

from services.clock import now
from services.transaction import transaction

COARSE = timedelta(seconds=60)


class TokenUses:
    """The API tokens that this process has seen since it last wrote."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def saw(self, token_id: int) -> None:
        """Token `token_id` was used."""
        self._seen.add(token_id)

    async def write(self) -> None:
        """Write the uses; to be called once in `COARSE`. What cannot be written is tried the next time."""
        seen = sorted(self._seen)
        if not seen:
            return
        moment = now()
        async with transaction() as client:
            await client.connection.execute(_WRITE, seen, moment, moment - COARSE)
        self._seen.difference_update(seen)


# In order of id, so that processes do not deadlock; and what another has just written is not written again.
_WRITE = """
UPDATE api_token SET last_used_at = $2
FROM (SELECT id FROM api_token
      WHERE id = ANY ($1::bigint[]) AND (last_used_at IS NULL OR last_used_at < $3)
      ORDER BY id FOR NO KEY UPDATE) stale
WHERE api_token.id = stale.id
"""

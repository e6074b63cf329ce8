"""API tokens: what one may be asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import DomainError, InvalidInput
from domain.paths import INPUT
from domain.problems import Problem
from domain.scopes import TokenScope
from domain.text import one_line

LONGEST_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class NewApiToken:
    """A token to be made, good for `expires_in_days` from now; for ever if None.

    `user_id` is whom it acts for; None means the service account of its name.
    """

    name: str
    scopes: Sequence[TokenScope] = ()
    user_id: int | None = None
    expires_in_days: int | None = None

    def expires_at(self, now: datetime) -> datetime | None:
        """When a token that is made `now` ends by itself."""
        return None if self.expires_in_days is None else now + timedelta(days=self.expires_in_days)


def api_token_problems(token: NewApiToken) -> Iterator[DomainError]:
    """What is wrong with `token`."""
    yield from one_line((*INPUT, "name"), token.name)
    if not token.scopes:
        yield InvalidInput(path=(*INPUT, "scopes"), problem=Problem.MISSING)
    days = token.expires_in_days
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        yield InvalidInput(path=(*INPUT, "expiresInDays"), problem=Problem.OUT_OF_RANGE, limit=f"1..{LONGEST_DAYS}")

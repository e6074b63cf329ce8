"""What resolvers see of a request, as `info.context`."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from reads.engine import Asked
from reads.errors import unauthenticated
from reads.feed import Feed
from reads.hook import Execution
from reads.tail import Tail
from rows.custom_fields import NO_CUSTOM_FIELDS, CustomFields
from rows.parameters import Context
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.custom_fields.definitions import CustomFieldsInUse
from services.jobs.watching import JobWatch
from services.leads.claim import LeadClaims
from services.sessions.tokens import TokenKeys
from services.sessions.viewers import ViewerCache

if TYPE_CHECKING:
    from connectors.oidc.provider import OpenIdProvider

WakeJob = Callable[[int], Awaitable[None]]
"""Tells some worker that there is a job, by its number; a job that nobody is told of is found a little later."""


async def _nobody(_job_id: int) -> None:
    """Leaves the job to a sweep."""


@dataclass
class RequestContext:
    """One request: who asks, in which language, and what use cases need to know of the company.

    `asked` and `session_id` are None where nobody is signed in, `refusal` is why the credentials sent are not good,
    `provider` the one where people may sign in instead. `execution` is set when the operation is run. `feed`, `tail`,
    `jobs` and `claims` are the process's; `again` knows who asks once more, `aside` lets other operations go on while
    this one waits, and it is to be done `until`, by the clock of the event loop. `wake` is for jobs that are committed.
    """

    language: str
    company: Company
    keys: TokenKeys
    viewers: ViewerCache
    custom_fields: CustomFieldsInUse
    asked: Asked | None
    session_id: UUID | None
    feed: Feed
    tail: Tail
    jobs: JobWatch
    claims: LeadClaims
    again: Callable[[], Awaitable[Asked | None]]
    aside: Callable[[], AbstractAsyncContextManager[None]]
    until: float
    refusal: str = ""
    provider: "OpenIdProvider | None" = None
    execution: Execution = None  # type: ignore[assignment]  # set before any resolver runs
    wake: WakeJob = _nobody

    @property
    def viewer(self) -> Viewer:
        """The signed-in viewer. Operations that need one are refused before their resolvers run."""
        return self.asked_now().context.viewer

    def asked_now(self) -> Asked:
        """Who asks and how, as it was found last. Operations that need somebody signed in are refused before."""
        if self.asked is None:
            raise RuntimeError("nobody is signed in")
        return self.asked

    async def ask_again(self) -> None:
        """Find out who asks once more, after a wait: what they may see can have changed. Raises GraphQLError."""
        self.asked = self.execution.asked = await self.again()
        if self.asked is None:
            raise unauthenticated()


def asked_by(
    viewer: Viewer,
    *,
    company: Company,
    digits: int,
    language: str,
    spread: int,
    custom_fields: CustomFields = NO_CUSTOM_FIELDS,
) -> Asked:
    """The question's circumstances for `viewer`; `digits` are those of the company's currency."""
    context = Context(viewer, company.currency, digits, zone=company.zone.key, today=company.day_of(now()))
    return Asked(context, language, spread, custom_fields)

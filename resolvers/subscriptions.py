"""Subscriptions: streams of rows to be read, each with the client's selection and what the viewer may see then."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast

from reads.hook import RowRef
from resolvers.answers import Info
from resolvers.reads import Id
from rows.entities import JOB
from rows.ids import number_of
from schema.describe import object_type, subscription
from schema.types.jobs import Job


@object_type
class Subscription:
    """What can be watched. A stream ends after a null: there is nothing, or nothing that the viewer sees any more."""

    @subscription("A job as it is, then whenever it has changed, until it has ended.")
    async def job_progress(self, info: Info, id: Id) -> AsyncIterator[Job | None]:
        number = number_of(id, JOB)
        if number is None:
            yield None
            return
        async with aclosing(info.context.jobs.changes(number)) as changes:
            async for _ in changes:
                await info.context.ask_again()
                yield cast(Any, RowRef(JOB, number))  # read when the event is answered

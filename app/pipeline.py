"""The way of every operation, however it comes: its turn and time, who asks, what it costs, its errors."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLError

from app.callers import Circumstances, account_of, identify
from app.faults import masked_error, overdue, presentable, unavailable
from app.limits.accounts import Balance
from app.limits.gate import Busy, Place
from app.runtime import Connected, Runtime
from reads.errors import Code, coded
from reads.operations import Answer, Prepared, Request

COST_OF_WRONG = 10
"""What a document costs that is refused, in points: it was parsed and checked all the same."""


@dataclass(frozen=True)
class Pipeline:
    """The operations of one process."""

    runtime: Runtime

    async def answer(self, request: Request, given: Circumstances) -> Answer:
        """The answer to a query or mutation, fit to be sent; never raises but when cancelled."""
        connected = self.runtime.connected
        if connected is None:
            return Answer(None, [unavailable()])
        seconds = self.runtime.settings.operation_timeout
        try:
            async with asyncio.timeout(seconds) as deadline, self.runtime.gate.place() as place:
                answer = await self._answer(request, given, connected, place)
        except Busy:
            return Answer(None, [unavailable()])
        except Exception as error:
            told = overdue(seconds) if deadline.expired() else masked_error(error, request_id=given.request_id)
            return Answer(None, [told])
        errors = [presentable(error, language=given.language, request_id=given.request_id) for error in answer.errors]
        return replace(answer, errors=errors) if errors else answer

    async def _answer(self, request: Request, given: Circumstances, connected: Connected, place: Place) -> Answer:
        context = await identify(self.runtime, connected, given, place)
        prepared = connected.operations.prepare(request, context, context.asked)
        points = prepared.points if isinstance(prepared, Prepared) else COST_OF_WRONG
        balance = self.runtime.accounts.charge(account_of(context, given.address), points)
        if balance.retry_after:
            return Answer(None, [self._rate_limited(points, balance)])
        if isinstance(prepared, Answer):
            return prepared
        answer = await connected.operations.run(prepared, context, context.asked)
        return replace(answer, extensions={"cost": self._cost(points, balance)}) if request.tells_cost else answer

    def _cost(self, points: int, balance: Balance) -> Mapping[str, Any]:
        accounts = self.runtime.accounts
        return {
            "requested": points,
            "maximum": accounts.capacity,
            "remaining": balance.remaining,
            "restoreRate": accounts.per_second,
        }

    def _rate_limited(self, points: int, balance: Balance) -> GraphQLError:
        error = coded("You have asked for too much in a short time; try again later.", Code.RATE_LIMITED)
        facts = {"retryAfter": round(balance.retry_after, 3), "cost": self._cost(points, balance)}
        error.extensions = {"code": Code.RATE_LIMITED, **facts}
        return error

"""The way of every operation, however it comes: its turn and time, who asks, what it costs, its errors."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any

from graphql import GraphQLError, OperationType

from app.auth.bearer import Unauthenticated
from app.callers import Circumstances, account_of, identify
from app.faults import busy, masked_error, overdue, presentable, unavailable
from app.limits.accounts import Balance
from app.limits.gate import Busy, Place
from app.outages import is_outage
from app.runtime import Connected, Runtime
from domain.words import Words
from reads.documents import LONGEST_KEPT
from reads.errors import Code, Limit, beyond
from reads.operations import Answer, Prepared, Request
from resolvers.context import RequestContext
from services.sessions.viewers import Credential

_TOO_OFTEN = Words("You have asked for too much in a short time; try again later.", "短时间内请求过多，请稍后重试。")
COST_OF_WRONG = 10
CHARACTERS_A_POINT = 10
"""What a document costs, in points, that is refused or too long to be kept: it was parsed and checked all the same."""


@dataclass(frozen=True)
class Pipeline:
    """The operations of one process."""

    runtime: Runtime

    async def answer(self, request: Request, given: Circumstances) -> Answer:
        """The answer to a query or mutation, fit to be sent; never raises but when cancelled."""
        return await self._in_turn(given, lambda connected, place: self._answer(request, given, connected, place))

    async def answers(self, request: Request, given: Circumstances) -> AsyncGenerator[Answer, None]:
        """The answers to a subscription as they come, or the one to a query or mutation."""
        opened: list[_Stream] = []
        first = await self._in_turn(given, lambda *turn: self._answer(request, given, *turn, opened=opened))
        if not opened:
            yield first
            return
        [stream] = opened
        async with aclosing(self._events(stream, given)) as answers:
            async for answer in answers:
                yield answer

    async def _events(self, stream: "_Stream", given: Circumstances) -> AsyncGenerator[Answer, None]:
        first = True
        async with aclosing(stream.source) as source:
            while True:
                try:
                    event = await anext(source)
                    if not first:
                        await self._pay(stream)
                    first = False
                except StopAsyncIteration:
                    return
                except Exception as error:
                    yield Answer(None, [self._told(error, given)])
                    return
                answer = await self._in_turn(given, partial(self._event, stream, event))
                yield answer
                if not any((answer.data or {}).values()):
                    return  # there is nothing, or nothing that the viewer sees any more

    async def _pay(self, stream: "_Stream") -> None:
        """Charge one more event, when there is enough to be charged: an event comes late rather than for nothing."""
        points = stream.prepared.event_points
        while (balance := self.runtime.accounts.charge(stream.who, points)).retry_after:  # noqa: ASYNC110  # time fills it
            await asyncio.sleep(balance.retry_after)

    async def _event(self, stream: "_Stream", event: Any, connected: Connected, _place: Place) -> Answer:
        """What the client selects of an event, for whoever asks as they are now."""
        prepared, context = stream.prepared, stream.context
        self.runtime.observer.prepared(prepared, signed_in=context.asked is not None, event=True)
        self.runtime.observer.charged(prepared.event_points, paid=True)
        return await connected.operations.event(prepared, context, context.asked, event)

    async def credential(self, authorization: str | None) -> Credential | None:
        """What an Authorization header says. Raises Unauthenticated, also while nobody can be known."""
        if self.runtime.connected is None:
            raise Unauthenticated
        try:
            return await self.runtime.connected.authenticator.credential(authorization)
        except Exception as error:
            if is_outage(error):
                raise Unauthenticated from error
            raise

    async def stands(self, credential: Credential | None) -> bool:
        """Whether a credential, if there is one, is good still; an outage ends nothing."""
        try:
            if credential is not None and self.runtime.connected is not None:
                await self.runtime.connected.authenticator.holder(credential)
        except Unauthenticated:
            return False
        except Exception as error:
            if not is_outage(error):
                raise
        return True

    async def _in_turn(self, given: Circumstances, act: "Act") -> Answer:
        """What comes of `act`, done when it is its turn, and in time; fit to be sent, and noted."""
        seen = self.runtime.observer.begin()
        try:
            answer = await self._in_time(given, act)
            self.runtime.observer.answered(seen, answer)
            return answer
        finally:
            self.runtime.observer.end(seen)

    async def _in_time(self, given: Circumstances, act: "Act") -> Answer:
        connected = self.runtime.connected
        if connected is None:
            return _alone(unavailable(), given)
        seconds = self.runtime.settings.operation_timeout
        try:
            async with asyncio.timeout(seconds) as deadline, self.runtime.gate.place(until=_end(deadline)) as place:
                answer = await act(connected, place)
        except Busy as full:
            self.runtime.observer.metrics.turned_away.add()
            return _alone(busy(full.most), given)
        except Exception as error:
            return _alone(overdue(seconds) if deadline.expired() else self._told(error, given), given)
        errors = [presentable(error, language=given.language, request_id=given.request_id) for error in answer.errors]
        return replace(answer, errors=errors) if errors else answer

    async def _answer(
        self,
        request: Request,
        given: Circumstances,
        connected: Connected,
        place: Place,
        *,
        opened: "list[_Stream] | None" = None,
    ) -> Answer:
        """The answer; to a subscription an empty one, and its stream goes into `opened`."""
        context = await identify(self.runtime, connected, given, place)
        accounts, who = self.runtime.accounts, account_of(context, given.address)
        if overdrawn := accounts.overdrawn(who):
            return Answer(None, [self._rate_limited(0, overdrawn)])
        await place.belongs_to(who)
        try:
            request = await self.runtime.documents.found(request)
        except GraphQLError as error:
            return Answer(None, [error])
        prepared = connected.operations.prepare(request, context, context.asked)
        if isinstance(prepared, Answer) or len(request.text) > LONGEST_KEPT:
            reading = COST_OF_WRONG + len(request.text) // CHARACTERS_A_POINT
            accounts.debit(who, reading)
            self.runtime.observer.charged(reading, paid=True)
        if isinstance(prepared, Answer):
            return prepared
        self.runtime.observer.prepared(prepared, signed_in=context.asked is not None)
        try:
            prepared, balance = await self._charge(prepared, who, context, connected)
        except GraphQLError as error:
            return Answer(None, [error])
        if context.asked is not None:
            self.runtime.documents.keep(request)
        if opened is not None and prepared.kind is OperationType.SUBSCRIPTION:
            source = await connected.operations.subscribe(prepared, context, context.asked)
            if isinstance(source, Answer):
                return source
            opened.append(_Stream(prepared, context, source, who))
            return Answer({})
        answer = await connected.operations.run(prepared, context, context.asked)
        if not request.tells_cost:
            return answer
        return replace(answer, extensions={"cost": self._cost(prepared.points, balance)})

    async def _charge(
        self, prepared: Prepared, who: str, context: RequestContext, connected: Connected
    ) -> tuple[Prepared, Balance]:
        """The operation with its final price, which is charged, and what is left. Raises GraphQLError.

        Where filters of segments belong to the price, the rest of it pays for their being looked up.
        """
        points = prepared.points
        balance = self.runtime.accounts.charge(who, points)
        if prepared.segments and not balance.retry_after:
            prepared = await connected.operations.priced(prepared, context.asked)
            balance = self.runtime.accounts.charge(who, prepared.points - points)
        self.runtime.observer.charged(prepared.points, paid=not balance.retry_after)
        if balance.retry_after:
            raise self._rate_limited(prepared.points, balance)
        return prepared, balance

    def _told(self, error: Exception, given: Circumstances) -> GraphQLError:
        if isinstance(error, GraphQLError):
            return presentable(error, language=given.language, request_id=given.request_id)
        return masked_error(error, request_id=given.request_id)

    def _cost(self, points: int, balance: Balance) -> Mapping[str, Any]:
        accounts = self.runtime.accounts
        return {
            "requested": points,
            "maximum": accounts.capacity,
            "remaining": balance.remaining,
            "restoreRate": accounts.per_second,
        }

    def _rate_limited(self, points: int, balance: Balance) -> GraphQLError:
        words, most = _TOO_OFTEN, self.runtime.accounts.capacity
        error = beyond(words, Limit.CALLER_POINTS, most=most, got=points, code=Code.RATE_LIMITED)
        facts = {"retryAfter": round(balance.retry_after, 3), "cost": self._cost(points, balance)}
        error.extensions = {**(error.extensions or {}), **facts}
        return error


def _alone(error: GraphQLError, given: Circumstances) -> Answer:
    """An answer that is nothing but this error."""
    return Answer(None, [presentable(error, language=given.language, request_id=given.request_id)])


Act = Callable[[Connected, Place], Awaitable[Answer]]


def _end(deadline: asyncio.Timeout) -> float:
    return inf if (when := deadline.when()) is None else when


@dataclass(frozen=True)
class _Stream:
    """A subscription that was begun, the events that it is about, and whose account they are charged to."""

    prepared: Prepared
    context: RequestContext
    source: AsyncGenerator[Any, None]
    who: str

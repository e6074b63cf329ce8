"""How mutations answer: the row that was written, or why none was."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar, cast

import strawberry

from domain.errors import Refused
from domain.naming import snake
from reads.hook import RowRef
from resolvers.context import RequestContext
from rows.declare import Entity
from schema.errors import UserError, user_error
from telemetry.observed import note_refusals

P = TypeVar("P")
Info: TypeAlias = strawberry.Info[RequestContext, None]


async def written(info: Info, payload: Callable[..., P], entity: Entity, work: Callable[[], Awaitable[int]]) -> P:
    """A `payload` with the row of `entity` whose number `work` gives, or with the errors for which it refused."""
    field = snake(entity.name)
    try:
        number = await work()
    except Refused as refused:
        return payload(**{field: None}, errors=errors_of(info, refused))
    # The executor reads the row with the client's selection; a payload's type says what clients see.
    return payload(**{field: cast(Any, RowRef(entity, number))}, errors=[])


def errors_of(info: Info, refused: Refused) -> list[UserError]:
    """The refusals in the language of the request."""
    note_refusals([error.code for error in refused.errors])
    return [user_error(error, info.context.language) for error in refused.errors]

"""The feed of changes as a query, which can wait for news."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, cast

import strawberry
from graphql import GraphQLError

from domain.errors import InvalidInput
from domain.events import ChangeKind
from domain.problems import Problem
from domain.words import Words
from reads.arguments import LARGEST_PAGE, USUAL_PAGE
from reads.errors import Code, coded, invalid_input
from reads.feed import Change as Told
from reads.feed import Page
from reads.hook import RowRef
from reads.places import Place, place_of
from resolvers.answers import Info
from rows.events import SUBJECTS
from rows.ids import global_id
from schema.describe import object_type, resolved
from schema.enums import EventType
from schema.types.changes import Change, ChangeFeed

LONGEST_WAIT = 25
"""Seconds: less than proxies usually wait for an answer."""
SECONDS_TO_ANSWER = 1.0
"""Between the end of a wait and the end of the operation's time: a wait in vain ends in an empty page."""

After = Annotated[str | None, strawberry.argument(description="Only what comes behind this cursor of the feed.")]
Types = Annotated[list[EventType] | None, strawberry.argument(description="Only events of these types.")]
First = Annotated[
    int | None,
    strawberry.argument(description=f"How many changes, at most {LARGEST_PAGE}; {USUAL_PAGE} if it is not given."),
]
Wait = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many seconds to wait for a change if there is none yet, at most {LONGEST_WAIT}."
    ),
]


@object_type
class ChangeQueries:
    """What is read of the feed."""

    @resolved("What has changed, in order and without gaps: from a cursor on, or all that is kept.")
    async def changes(
        self, info: Info, after: After = None, types: Types = None, first: First = None, wait: Wait = None
    ) -> ChangeFeed | None:
        try:
            size = _within(first, "first", LARGEST_PAGE, USUAL_PAGE)
            page = await _page(info, _place(after), types, size, _within(wait, "wait", LONGEST_WAIT, 0))
        except GraphQLError as error:
            raise _at_field(info, error) from error
        return _feed(page)


async def _page(info: Info, place: Place | None, types: Sequence[EventType] | None, first: int, wait: int) -> Page:
    """The page behind `place`; an empty one at the end of the feed after `wait` seconds, or when time runs out."""
    context, clock = info.context, asyncio.get_running_loop()
    until = min(clock.time() + wait, context.until - SECONDS_TO_ANSWER)
    page = await context.feed.page(context.asked_now(), place, types, first)
    while not page.changes and not page.has_more and first and (seconds := until - clock.time()) > 0:
        async with context.aside():
            news = await context.tail.wait(page.end.position, seconds)
        if not news:
            break
        await context.ask_again()
        page = await context.feed.page(context.asked_now(), page.end, types, first)
    return page


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    place = place_of(cursor)
    if place is None:
        raise coded(
            Words("after: not a cursor of the feed", "after：不是变更流的游标"), Code.INVALID_CURSOR, path=("after",)
        )
    return place


def _within(given: int | None, name: str, most: int, usual: int) -> int:
    if given is None:
        return usual
    if not 0 <= given <= most:
        raise invalid_input(InvalidInput(path=(name,), problem=Problem.OUT_OF_RANGE, limit=f"0..{most}"))
    return given


def _at_field(info: Info, error: GraphQLError) -> GraphQLError:
    """`error` with its place in the response: executors leave one as it is that has it."""
    nodes, path = info._raw_info.field_nodes, info.path.as_list()
    return GraphQLError(
        error.message, nodes, path=path, original_error=error.original_error, extensions=error.extensions
    )


def _feed(page: Page) -> ChangeFeed:
    return ChangeFeed(
        nodes=[_change(told) for told in page.changes],
        end_cursor=page.end.cursor(),
        has_more=page.has_more,
        newest_cursor=page.newest.cursor(),
    )


def _change(told: Told) -> Change:
    row = None
    if told.aggregate is not None and told.number is not None:
        row = RowRef(SUBJECTS[told.aggregate].entity, told.number)
    return Change(
        cursor=told.place.cursor(),
        kind=told.kind,
        entity=told.aggregate,
        id=strawberry.ID(global_id(row.entity, row.number)) if row else None,
        type=told.type,
        seq=told.seq,
        at=told.at,
        actor_id=strawberry.ID(told.by) if told.by else None,
        facts=cast(Any, told.facts),
        # The executor reads the rows of a page together, with the client's selection.
        node=cast(Any, row if told.kind is ChangeKind.CHANGED else None),
    )

"""People turn pages before they ask for a later one, so that its cursor is one that a server gave."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import orjson

from bench.viewers import Person
from bench.workloads import LATER_PAGE, Question, relay_page

Answer = Callable[[Person, Question], Awaitable[bytes]]


async def turn_pages(people: Mapping[str, Sequence[Person]], answer: Answer) -> dict[str, list[Person]]:
    """The people, each come to the page of `LATER_PAGE`; `answer` gives the JSON of an answer."""
    return {
        kind: [await _turn(person, LATER_PAGE.get(kind, 1), answer) for person in of_kind]
        for kind, of_kind in people.items()
    }


async def _turn(person: Person, page: int, answer: Answer) -> Person:
    for _ in range(page - 1):
        found = orjson.loads(await answer(person, relay_page(person.cursor)))
        person = replace(person, cursor=found["data"]["orders"]["pageInfo"]["endCursor"])
    return person

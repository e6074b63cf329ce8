"""The outbox: business facts, written in the transaction that causes them and relayed later."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from tortoise.models import Model

from domain.events import Aggregate, EventType
from models.connection import TransactionClient
from rows.events import FACTS, SUBJECTS
from services.clock import now


async def append(
    client: TransactionClient,
    *,
    aggregate: Aggregate,
    aggregate_id: int,
    type: EventType,  # noqa: A002  # the column's name
    before: Model | None,
    payload: Mapping[str, Any],
) -> None:
    """Write an event about a row that was made or changed, after its last statement.

    `before` is the row as it was when it was locked, None if it was made: who could see it then is told that it
    changed, or that it is gone. What it is now, and the event's number, are read from its table: its `last_seq` has to
    have grown by one, under the row's lock, so that events of one aggregate are in order and without gaps. `payload`
    is what JSON can hold, facts but nobody's personal data, with `by` for the number of the user who did it; other
    numbers of rows are under the keys of `rows.events.NAMED`.
    """
    seq = 1 + (before.last_seq if before else 0)  # type: ignore[attr-defined]  # what has events has it
    facts = [getattr(before, name) for name in SUBJECTS[aggregate].facts] if before else []
    statement = _append(aggregate, type, made=before is None)
    tag = await client.connection.execute(statement, aggregate_id, seq, orjson.dumps(payload).decode(), now(), *facts)
    if tag != "INSERT 0 1":
        raise RuntimeError(f"{aggregate} {aggregate_id} is not at event {seq}: its last_seq has to grow by one")


def events_of(
    aggregate: Aggregate,
    type: EventType,  # noqa: A002  # the column's name
    *,
    rows: str,
    payload: str,
    at: str,
    before: Mapping[str, str] | None = None,
) -> str:
    """SQL that writes an event about each of many rows, for statements that make or change them together.

    `rows` is what follows FROM, in which `t` is the row as it is now, whose `last_seq` is the event's. `payload` and
    `at` are expressions, and so is each of the facts `before`, by its name; none are given for rows that were made.
    """
    facts = SUBJECTS[aggregate].facts
    if before is not None and set(before) != set(facts):
        raise TypeError(f"events of {aggregate} need before: {', '.join(facts)}")
    values = {
        "aggregate": f"'{aggregate}'",
        "aggregate_id": "t.id",
        "seq": "t.last_seq",
        "type": f"'{type}'",
        "payload": payload,
        "created_at": at,
        **{f"before_{name}": expression for name, expression in (before or {}).items()},
        **{f"after_{name}": f"t.{name}" for name in facts},
    }
    return f"INSERT INTO outbox_event ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {rows}"  # noqa: S608  # of names and expressions of the code


@cache
def _append(aggregate: Aggregate, type: EventType, *, made: bool) -> str:  # noqa: A002  # as above
    subject = SUBJECTS[aggregate]
    return events_of(
        aggregate,
        type,
        rows=f"{subject.entity.table} t WHERE t.id = $1::bigint AND t.last_seq = $2::bigint",
        payload="$3::jsonb",
        at="$4::timestamptz",
        before=None if made else {name: f"${n}::{FACTS[name]}" for n, name in enumerate(subject.facts, start=5)},
    )

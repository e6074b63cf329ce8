"""EXPLAIN of the statements that the workloads become, as PostgreSQL runs them: planned once, or for their values."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncpg
import orjson

from app.embedded import Servers
from bench.paging import turn_pages
from bench.viewers import Person, sign_in
from bench.workloads import DISTRICT, PAGES, TOTAL, WORKLOADS, Question
from reads.binding import compiled_roots
from reads.documents import DocumentCache
from reads.engine import Engine, spread_of
from reads.hook import Execution
from reads.operations import Operations, Prepared, Request
from reads.pools import ReadPools
from resolvers.context import asked_by
from rows.weights import team_weights
from schema.root import schema
from services.company import Company
from services.custom_fields.definitions import CustomFieldsInUse
from services.sessions.viewers import OfSession, load_viewer

TIMES_BEFORE = 3


@dataclass(frozen=True)
class Explained:
    """A statement, its arguments and the plan with what it took."""

    sql: str
    arguments: Sequence[Any]
    mode: str
    plan: str

    @property
    def milliseconds(self) -> float:
        """How long it ran, as EXPLAIN says."""
        return float(self.plan.rpartition("Execution Time: ")[2].split()[0])


class ExplainingPools(ReadPools):
    """Explains each statement before it runs."""

    found: list[Explained]

    async def fetchrow(self, sql: str, arguments: list[Any], *, selective: bool) -> asyncpg.Record:
        """As a read does."""
        async with (self.custom if selective else self.generic).acquire() as connection:
            plan = await _explain(connection, sql, arguments)
        self.found.append(Explained(sql, arguments, "for its values" if selective else "once", plan))
        return await super().fetchrow(sql, arguments, selective=selective)


class Caller:
    """What an operation needs of a caller."""

    execution: Execution
    refusal = ""


async def explain_all(servers: Servers, database: str) -> dict[str, Explained]:
    """The statement of each workload, as one viewer of its kind asks it."""
    people = {kind: of_kind[:1] for kind, of_kind in (await sign_in(servers, database)).items()}
    found = {}
    async with explaining(servers, database) as pools:
        people = await turn_pages(people, partial(ask, pools))
        for workload in (*WORKLOADS, DISTRICT, *PAGES, *TOTAL):
            [person] = people[workload.viewers]
            await ask(pools, person, workload.ask(person)[0])
            found[workload.name] = pools.found[-1]
    return found


@asynccontextmanager
async def explaining(servers: Servers, database: str) -> AsyncIterator[ExplainingPools]:
    """Pools to `database` that explain, open for a while."""
    urls = [servers.postgres.url(database=database, user=user) for user in ("sluice_read", "sluice_read_generic")]
    pools = await ExplainingPools.connect(*urls)
    assert isinstance(pools, ExplainingPools)
    object.__setattr__(pools, "found", [])
    try:
        yield pools
    finally:
        await pools.close()


async def ask(pools: ReadPools, person: Person, question: Question) -> bytes:
    """The answer that `person` gets."""
    latest = CustomFieldsInUse(pools.custom.fetch).latest
    engine = Engine(schema._schema, compiled_roots(schema), pools, latest)
    documents = DocumentCache(schema._schema, introspection=False)
    operations = Operations(schema._schema, documents, engine, most_points=1_000_000)
    viewer = await load_viewer(pools.custom.fetchrow, OfSession(person.user_id, person.session_id))
    assert viewer is not None
    spread = spread_of(viewer, await team_weights(pools.custom.fetch))
    company = Company(currency="GBP", zone=None)  # type: ignore[arg-type]  # no read asks for the zone
    asked = asked_by(viewer, company=company, digits=2, language="en", spread=spread)
    prepared = operations.prepare(Request(question.document, question.variables), Caller(), asked)
    assert isinstance(prepared, Prepared)
    answer = await operations.run(prepared, Caller(), asked)
    assert not answer.errors, answer.errors
    return orjson.dumps({"data": answer.data})


async def _explain(connection: Any, sql: str, arguments: Sequence[Any]) -> str:
    """The plan of a statement that runs for the fourth time on its connection."""
    await connection.execute(f"PREPARE explained AS {sql}")
    try:
        values = ", ".join(_literal(value) for value in arguments)
        execute = f"EXECUTE explained({values})" if values else "EXECUTE explained"
        for _ in range(TIMES_BEFORE):
            await connection.execute(execute)
        rows = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {execute}")
    finally:
        await connection.execute("DEALLOCATE explained")
    return "\n".join(row[0] for row in rows)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    text = "{" + ",".join(str(item) for item in value) + "}" if isinstance(value, list) else str(value)
    return "'" + text.replace("'", "''") + "'"

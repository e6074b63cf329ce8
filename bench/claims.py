"""Claims of distinct leads through GraphQL, beside a naive version of the same rules, and pgbench with the same locks.

A team competes for one pool with every rule in force. Each server has a core of its own, PostgreSQL and the load have
the other one; pgbench runs on the servers' core. All three claim from the same database, in turn, each its own leads.
"""

import asyncio
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import orjson

from app.auth.keys import token_keys
from app.embedded import Servers
from app.embedded.postgres import OWNER, SUPERUSER
from app.embedded.programs import find_programs
from bench.contenders import environment_of, running
from bench.home import SERVER_CORE, bench_home, pin_to_rest
from bench.load import load
from bench.viewers import Person
from domain.leads.lead import LeadMove
from models.migrate import migrate
from rows.entities import LEAD
from rows.ids import global_id
from services.leads import facts, moving

DATABASE = "bench_claims"
COMPANY = Path(__file__).with_name("claims.sql")
CONNECTIONS, ROUNDS = 64, 3
CONTENDERS = ["sluice", "naive"]
_DOCUMENT = "mutation($i: LeadClaimInput!) { leadClaim(input: $i) { lead { id } errors { code } } }"
_LEADS = """
INSERT INTO lead
  (id, version, status, company, tags, pool_id, entered_at, pooled_at, score, breach, last_seq, updated_at)
SELECT n, 1, 'NEW', 'Company ' || n, '{}', 1, now(), now(), n % 100, 0, 0, now()
FROM generate_series($1::bigint, $2::bigint) n
"""
_CLAIMED = "SELECT count(*) FROM lead WHERE owner_id IS NOT NULL AND id BETWEEN $1 AND $2"
_WRONG = """
SELECT count(*) FROM lead l WHERE (l.owner_id IS NOT NULL) <> (SELECT count(*) = 1 FROM lead_assignment h
  WHERE h.lead_id = l.id AND h.to_owner_id = l.owner_id) AND id BETWEEN $1 AND $2
"""


@dataclass
class Claimed:
    """Claims a second, by who made them, round by round; and how many leads are not as one claim leaves them."""

    rates: Mapping[str, list[float]]
    wrong: int

    def ratio(self, of: str, to: str) -> float:
        """How many times as fast one is as the other, by medians."""
        return statistics.median(self.rates[of]) / statistics.median(self.rates[to])


class _Leads:
    """Hands out numbers of leads that nobody has claimed."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection, self.next = connection, 1

    async def take(self, count: int) -> tuple[int, int]:
        first, last = self.next, self.next + count - 1
        await self.connection.execute(_LEADS, first, last)
        await self.connection.execute("VACUUM (ANALYZE) lead")
        self.next += count
        return first, last


async def measure_claims(servers: Servers, *, seconds: float) -> Claimed:
    """All of it, in a database of its own."""
    connection = await _prepare(servers)
    pin_to_rest(servers)
    environment = environment_of(servers, DATABASE, bench_home())
    key = token_keys(environment["SECRET_KEY"]).access
    people = [
        Person(row["user_id"], UUID(str(row["id"])), [])
        for row in await connection.fetch("SELECT id, user_id FROM session ORDER BY user_id")
    ]
    leads, wrong = _Leads(connection), 0
    rates: dict[str, list[float]] = {name: [] for name in (*CONTENDERS, "pgbench")}
    with running(environment, CONTENDERS) as contenders:
        for turn in range(ROUNDS + 1):
            for contender in contenders:
                span = await leads.take(int(seconds * (12_000 if contender.name == "sluice" else 1_500)))
                requests = _requests(contender.port, span, people, key)
                found = await load(contender.port, requests, seconds=seconds, connections=CONNECTIONS)
                claimed = await connection.fetchval(_CLAIMED, *span)
                wrong += await connection.fetchval(_WRONG, *span) + abs(
                    claimed - min(len(found.seconds), len(requests))
                )
                rates[contender.name].append(claimed / found.elapsed)
            pin_to_rest(servers)
            span = await leads.take(int(seconds * 12_000) // CONNECTIONS * CONNECTIONS)
            rates["pgbench"].append(await asyncio.to_thread(_pgbench, servers, span, seconds))
            wrong += await connection.fetchval(_WRONG, *span)
            if turn == 0:
                # The first round fills caches.
                rates = {name: [] for name in rates}
    await connection.close()
    return Claimed(rates=rates, wrong=wrong)


async def _prepare(servers: Servers) -> asyncpg.Connection:
    server = await asyncpg.connect(servers.postgres.url(database="postgres", user=SUPERUSER))
    await server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    await server.close()
    await migrate(servers.postgres.url(database=DATABASE))
    connection = await asyncpg.connect(servers.postgres.url(database=DATABASE, user=SUPERUSER))
    await connection.execute(COMPANY.read_text())
    return connection


def _requests(port: int, span: tuple[int, int], people: Sequence[Person], key: bytes) -> list[bytes]:
    heads = [
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Authorization: {person.authorization(key)}\r\n".encode()
        for person in people
    ]
    made = []
    for lead in range(span[0], span[1] + 1):
        body = orjson.dumps({"query": _DOCUMENT, "variables": {"i": {"id": global_id(LEAD, lead)}}})
        made.append(heads[lead % len(heads)] + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    return made


def _pgbench(servers: Servers, span: tuple[int, int], seconds: float) -> float:
    """Claims a second by the statements of one claim, each in a transaction, on as many connections."""
    each = (span[1] - span[0] + 1) // CONNECTIONS
    script = bench_home() / "claim.pgbench"
    script.write_text(_script(span[0], each))
    address = servers.postgres.url(database=DATABASE, user=SUPERUSER)
    command = [
        *("taskset", "-c", str(SERVER_CORE), str(_program()), address, "--no-vacuum"),
        *(
            "--client",
            str(CONNECTIONS),
            "--jobs",
            "2",
            "--protocol",
            "prepared",
            "--define",
            "turn=0",
            "--file",
            str(script),
        ),
        *("--time", str(max(1, round(seconds)))),
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    [rate] = [line.split()[2] for line in told.splitlines() if line.startswith("tps =")]
    return float(rate)


def _program() -> Path:
    return Path(find_programs(None).postgres).with_name("pgbench")


def _script(first: int, each: int) -> str:
    statements = [
        (facts.HOLD_PEOPLE, ["ARRAY[:rep]::bigint[]"]),
        (facts.HOLD_LEADS, ["ARRAY[:lead]::bigint[]"]),
        (facts.SEATS, ["ARRAY[:rep]::bigint[]", "ARRAY[1]::bigint[]", "now()", "'Europe/London'"]),
        (facts.LOST, ["ARRAY[:rep]::bigint[]", "ARRAY[:lead]::bigint[]"]),
        (
            moving.statement(LeadMove.CLAIMED),
            [
                *("ARRAY[:lead]::bigint[]", "ARRAY[:rep]::bigint[]", "ARRAY[1]::bigint[]", "ARRAY[:rep]::bigint[]"),
                *("ARRAY[NULL]::text[]", "ARRAY[NULL]::text[]", "ARRAY[NULL]::jsonb[]", "now()"),
            ],
        ),
    ]
    lines = [f"\\set lead {first} + :client_id * {each} + :turn", "\\set turn :turn + 1", "\\set rep 1 + :lead % 200"]
    return "\n".join([*lines, "BEGIN;", *(_filled(sql, values) for sql, values in statements), "COMMIT;", ""])


def _filled(sql: str, values: Sequence[str]) -> str:
    for place in range(len(values), 0, -1):
        sql = sql.replace(f"${place}", values[place - 1])
    return " ".join(sql.split()) + ";"

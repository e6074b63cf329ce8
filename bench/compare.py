"""One run: the same questions to every contender in turn, round after round."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import orjson

from app.auth.keys import token_keys
from app.embedded import Servers
from bench.contenders import POSTGRAPHILE, Contender, environment_of, running
from bench.counters import Counted
from bench.home import bench_home
from bench.imports import Imported
from bench.load import ask, load
from bench.measure import Measured, measure, medians, memory_of
from bench.paging import turn_pages
from bench.postgraphile import install
from bench.postgraphile.questions import without_cursors
from bench.statements import Counter, log_statements
from bench.viewers import Person, sign_in
from bench.workloads import PAGES, TOTAL, WORKLOADS, Question, Workload

WARM_SECONDS = 0.3
LEAST = 12
SETTLING_SECONDS = 1.5


class DifferentAnswers(Exception):
    """Two contenders do not agree, so that there is nothing to compare."""


@dataclass
class Results:
    """Medians by workload and contender; megabytes at rest and the most under lists; statements a request; imports."""

    figures: dict[str, dict[str, Measured]] = field(default_factory=dict)
    at_rest: dict[str, float] = field(default_factory=dict)
    under_lists: dict[str, float] = field(default_factory=dict)
    statements: dict[str, dict[str, float]] = field(default_factory=dict)
    answers_compared: int = 0
    imports: list[Imported] = field(default_factory=list)
    counters: Counted | None = None


@dataclass
class Run:
    """A run in progress."""

    servers: Servers
    contenders: Sequence[Contender]
    people: dict[str, list[Person]]
    key: bytes
    results: Results = field(default_factory=Results)

    def requests(self, workload: Workload, contender: Contender, most: int = 1000) -> list[bytes]:
        """The workload's requests, the viewers taking turns."""
        asked: list[list[tuple[Question, str]]] = []
        for person in self.people[workload.viewers]:
            authorization = person.authorization(self.key)
            asked.append([(question, authorization) for question in workload.ask(person)])
        turns = [turn for turns in zip(*asked, strict=False) for turn in turns]
        return [contender.asked(question, authorization) for question, authorization in islice(turns, most)]

    def takers(self, workload: Workload) -> list[Contender]:
        """Those that can be asked what the workload asks."""
        [person, *_] = self.people[workload.viewers]
        return [contender for contender in self.contenders if contender.takes(workload, person)]

    async def turn_pages(self) -> None:
        """Bring everybody to the later page that they ask for, by the cursors of the first contender."""
        first = self.contenders[0]

        async def answer(person: Person, question: Question) -> bytes:
            return await ask(first.port, first.asked(question, person.authorization(self.key)))

        self.people = await turn_pages(self.people, answer)

    async def check_answers(self, workloads: Sequence[Workload]) -> None:
        """Raises DifferentAnswers unless all contenders answer with the same JSON, keys in the same order.

        PostGraphile's answers, whose schema is its own, are to say the same, but for cursors.
        """
        for workload in workloads:
            takers = self.takers(workload)
            answers = [[await ask(c.port, r) for r in self.requests(workload, c, most=40)] for c in takers]
            for turn in zip(*answers, strict=True):
                said = [orjson.dumps(orjson.loads(c.says(answer))) for c, answer in zip(takers, turn, strict=True)]
                for contender, answer in zip(takers, said, strict=True):
                    first = said[0]
                    if contender.name == POSTGRAPHILE:
                        first, answer = without_cursors(first), without_cursors(answer)
                    if answer != first:
                        raise DifferentAnswers(_difference(workload, takers[0], first, contender, answer))
                self.results.answers_compared += len(turn)

    async def count_statements(self, workloads: Sequence[Workload]) -> None:
        """How many statements each contender runs for a request whose viewer it knows."""
        await log_statements(self.servers, enabled=True)
        await asyncio.sleep(0.5)
        for workload in workloads:
            for contender in self.takers(workload):
                requests = self.requests(workload, contender, most=1)
                await ask(contender.port, requests[0])
                counter = Counter()
                for _ in range(5):
                    await ask(contender.port, requests[0])
                self.results.statements.setdefault(workload.name, {})[contender.name] = counter.count() / 5
        await log_statements(self.servers, enabled=False)
        await asyncio.sleep(0.5)

    async def compare(self, workloads: Sequence[Workload], *, rounds: int, seconds: float) -> None:
        """Every workload on every contender, `rounds` times."""
        slices: dict[tuple[str, str], list[Measured]] = defaultdict(list)
        for turn in range(rounds):
            for workload in workloads:
                for contender in self.takers(workload):
                    slices[workload.name, contender.name].append(await self._slice(workload, contender, seconds))
            print(f"  round {turn + 1} of {rounds}", flush=True)
        for (workload_name, contender_name), found in slices.items():
            self.results.figures.setdefault(workload_name, {})[contender_name] = medians(found)

    async def _slice(self, workload: Workload, contender: Contender, seconds: float) -> Measured:
        requests = self.requests(workload, contender)
        await load(contender.port, requests, seconds=WARM_SECONDS)
        found = await measure(contender, self.servers, requests, seconds=seconds, least=LEAST)
        if "list" in workload.measure:
            most = max(self.results.under_lists.get(contender.name, 0), memory_of(contender.process))
            self.results.under_lists[contender.name] = most
        return found


def run(servers: Servers, database: str, *, names: list[str], rounds: int, seconds: float) -> Results:
    """All measurements of the targets."""
    environment = environment_of(servers, database, bench_home())
    key = token_keys(environment["SECRET_KEY"]).access
    people = asyncio.run(sign_in(servers, database))
    if POSTGRAPHILE in names and (lacking := install.missing()):
        print(f"  PostGraphile is left out: {lacking}", flush=True)
        names = [name for name in names if name != POSTGRAPHILE]
    if POSTGRAPHILE in names:
        asyncio.run(install.secure_rows(servers, database))
    with running(environment, names) as contenders:
        return asyncio.run(_measure(Run(servers, contenders, people, key), rounds, seconds))


async def _measure(run: Run, rounds: int, seconds: float) -> Results:
    await log_statements(run.servers, enabled=False)
    await asyncio.sleep(SETTLING_SECONDS)
    run.results.at_rest = {contender.name: memory_of(contender.process) for contender in run.contenders}
    await run.turn_pages()
    await run.check_answers([*WORKLOADS, *PAGES, *TOTAL])
    print(f"  {run.results.answers_compared} answers are the same", flush=True)
    await run.count_statements([*WORKLOADS, *PAGES])
    await run.compare(WORKLOADS, rounds=rounds, seconds=seconds)
    await run.compare(TOTAL, rounds=1, seconds=seconds)  # of no target, and slow where rows are added up
    alone = Run(run.servers, [c for c in run.contenders if c.name == "sluice"], run.people, run.key, run.results)
    await alone.compare(PAGES, rounds=rounds, seconds=seconds)
    return run.results


def _difference(workload: Workload, first: Contender, one: bytes, second: Contender, other: bytes) -> str:
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    around = slice(max(0, place - 200), place + 200)
    return f"{workload.name}\n{first.name}: {one[around]!r}\n{second.name}: {other[around]!r}"

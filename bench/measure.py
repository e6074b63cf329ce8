"""CPU, memory and time of one slice of load."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import psutil

from app.embedded import Servers
from bench.contenders import Contender
from bench.home import postgres_processes
from bench.load import load

NANOSECONDS_A_MILLISECOND = 1e6


@dataclass(frozen=True)
class Measured:
    """One slice: milliseconds of CPU a request in the server and in PostgreSQL, requests a second, milliseconds."""

    server_cpu: float
    postgres_cpu: float
    rate: float
    p50: float
    p99: float
    bytes: float
    requests: float

    def as_dict(self) -> dict[str, float]:
        """For a file."""
        return asdict(self)


async def measure(
    contender: Contender, servers: Servers, requests: Sequence[bytes], *, seconds: float, least: int
) -> Measured:
    """What answering `requests` for so long, and at least so many times, costs."""
    postgres = postgres_processes(servers)
    before = cpu_of([contender.process]), cpu_of(postgres)
    found = await load(contender.port, requests, seconds=seconds, least=least)
    # Connections that were opened meanwhile are PostgreSQL's too.
    after = cpu_of([contender.process]), cpu_of(postgres_processes(servers))
    count = len(found.seconds)
    ordered = sorted(found.seconds)
    return Measured(
        server_cpu=(after[0] - before[0]) / count,
        postgres_cpu=(after[1] - before[1]) / count,
        rate=count / found.elapsed,
        p50=ordered[count // 2] * 1000,
        p99=ordered[min(count - 1, count * 99 // 100)] * 1000,
        bytes=found.bytes / count,
        requests=count,
    )


def medians(slices: Sequence[Measured]) -> Measured:
    """The median of each figure."""
    return Measured(
        **{each.name: statistics.median(getattr(s, each.name) for s in slices) for each in fields(Measured)}
    )


def cpu_of(processes: Sequence[psutil.Process]) -> float:
    """Milliseconds of CPU that the processes have used since they began, those that ended left out."""
    return sum(_cpu(process) for process in processes)


def _cpu(process: psutil.Process) -> float:
    # The scheduler's own account is exact; the usual one counts ticks of 10 ms.
    try:
        tasks = Path(f"/proc/{process.pid}/task")
        if tasks.exists():
            spent = [int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()]
            return sum(spent) / NANOSECONDS_A_MILLISECOND
        times = process.cpu_times()
        return float(times.user + times.system) * 1000
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return 0.0


def memory_of(process: psutil.Process) -> float:
    """Resident megabytes."""
    return float(process.memory_info().rss) / 1e6


def cpu_of_tree(process: psutil.Process) -> float:
    """Seconds of CPU that the process and all that it ever started have used."""
    return sum(_cpu_and_that_of_ended_children(each) for each in [process, *process.children(recursive=True)])


def _cpu_and_that_of_ended_children(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def peak_memory_of(process: psutil.Process) -> float:
    """The most megabytes that were resident; what is resident now where the system does not tell."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return memory_of(process)
    [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024 / 1e6

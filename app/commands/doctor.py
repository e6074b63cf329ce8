"""`sluice doctor`: says what is wrong with an installation, and how to mend it."""

import asyncio
from itertools import chain

import click

from app.doctor.database import check_database
from app.doctor.findings import Finding, Verdict
from app.doctor.machine import check_machine
from app.doctor.provider import check_provider
from app.doctor.readers import check_readers
from app.doctor.redis import check_redis
from app.settings import Settings

PROBLEMS_FOUND = 1
_MARKS = {Verdict.OK: "ok      ", Verdict.WARNING: "warning ", Verdict.PROBLEM: "PROBLEM "}


def run(settings: Settings) -> int:
    """Print a line for each finding, with what to do below it; PROBLEMS_FOUND if there are any, else 0."""
    findings = asyncio.run(examine(settings))
    for finding in findings:
        click.echo(f"{_MARKS[finding.verdict]}{finding.what}")
        if finding.remedy:
            click.echo(f"{' ' * 8}  {finding.remedy}")
    problems = sum(finding.verdict is Verdict.PROBLEM for finding in findings)
    click.echo(f"\n{problems} problems" if problems else "\nno problems")
    return PROBLEMS_FOUND if problems else 0


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in a stated order."""
    others = await asyncio.gather(
        check_database(settings), check_readers(settings), check_redis(settings), check_provider(settings)
    )
    return [*check_machine(settings), *chain.from_iterable(others)]

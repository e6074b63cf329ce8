"""What tests of jobs share: files sent as clients send them, and jobs run as a worker runs them."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from models import User
from services.company import Company
from tests.api.conftest import Client
from workers.jobs import RUNNERS
from workers.long_jobs import LongJobs
from workers.traces import JobTraces

JOB = "job { id kind state total done failed message }"
ERRORS = "errors { __typename code path ... on InvalidInput { problem limit } ... on JobEnded { state } }"


async def send(
    client: Client, content: bytes, *, as_: User | None = None, name: str = "a.csv", form: bool = False
) -> httpx.Response:
    """The response to a file that is sent, as it is or in a form."""
    headers = {"authorization": f"Bearer {await client.token(as_)}"} if as_ else {}
    if form:
        return await client.http.post("/files", files={"note": (None, "x"), "file": (name, content)}, headers=headers)
    return await client.http.post("/files", params={"name": name}, content=content, headers=headers)


async def sent(client: Client, content: bytes, *, as_: User, name: str = "a.csv") -> str:
    """The id of a file that is sent."""
    response = await send(client, content, as_=as_, name=name)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def run_job(job_id: str | int, trace: str | None = None, traces: JobTraces | None = None) -> None:
    """Run the job to its end, or as far as it comes."""
    with tempfile.TemporaryDirectory() as home:
        jobs = LongJobs(
            runners=RUNNERS,
            company=Company(currency="GBP", zone=ZoneInfo("Europe/London")),
            home=Path(home),
            kept_for=timedelta(days=1),
            lease=timedelta(seconds=30),
            stopping=asyncio.Event(),
            traces=traces or JobTraces(),
        )
        await jobs.run_job({}, int(str(job_id).removeprefix("job_")), trace)


async def mutate(client: Client, name: str, given: dict[str, Any], *, as_: User) -> dict[str, Any]:
    """The payload of a mutation that answers with a job."""
    document = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {JOB} {ERRORS} }} }}"
    payload: dict[str, Any] = (await client.data(document, {"input": given}, as_=as_))[name]
    return payload


async def started(client: Client, name: str, given: dict[str, Any], *, as_: User) -> str:
    """The id of the job that a mutation starts."""
    payload = await mutate(client, name, given, as_=as_)
    assert payload["errors"] == []
    return str(payload["job"]["id"])


async def look(client: Client, job_id: str, selection: str, *, as_: User) -> dict[str, Any]:
    """The job as it is now."""
    found = await client.data(f"query($id: ID!) {{ job(id: $id) {{ {selection} }} }}", {"id": job_id}, as_=as_)
    job: dict[str, Any] = found["job"]
    return job

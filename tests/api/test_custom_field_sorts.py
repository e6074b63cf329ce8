"""Lists and exports are sorted by custom fields, whose indexes jobs build. Documents in, JSON out."""

from typing import Any

import pytest

from domain.jobs import JobState
from models import Job, User
from models.connection import pool
from services.clock import now
from services.custom_fields.indexing import set_index
from tests.api.conftest import Client
from tests.api.custom_fields import CUSTOMER_CREATE, FIELDS, INDEX, define, define_all
from tests.api.selling import Company, make_company
from tests.api.working import look, mutate, run_job, started
from tests.api.writing import payload, told, written


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


async def step(*, done: int, failed: int = 0, total: int | None = None) -> None:
    """Nobody asked for the job to stop."""
    assert failed == 0
    assert total == 2
    assert done <= total


async def build_index(client: Client, as_: User, field: dict[str, Any], *, indexed: bool = True) -> dict[str, Any]:
    """Ask for the index, and do what the job does."""
    asked = await written(client, INDEX, {"id": field["id"], "indexed": indexed}, as_=as_)
    assert asked["indexJob"] == {"kind": "CUSTOM_FIELD_INDEX", "state": "QUEUED"}
    job = await Job.all().order_by("-id").first()
    assert job is not None
    await set_index(job_id=job.id, **job.parameters, progress=step)
    await set_index(job_id=job.id, **job.parameters, progress=step)  # as after a worker was killed
    opposite = {"id": field["id"], "indexed": not indexed}
    assert told((await payload(client, INDEX, opposite, as_=as_))["errors"]) == [("input.indexed", "under_way")]
    await Job.filter(id=job.id).update(state=JobState.SUCCEEDED)
    return asked


@pytest.mark.parametrize("key", FIELDS)
async def test_lists_are_sorted_by_an_indexed_field_page_by_page(client: Client, company: Company, key: str) -> None:
    field = await define(client, company.ada, "CUSTOMER", key)
    values = {
        "po_number": [{"text": text} for text in ("a", "B", "a")],
        "weight": [{"number": number} for number in ("9", "10", "9.0")],
        "deposit": [{"money": amount} for amount in ("9", "10", "9")],
        "visit": [{"date": day} for day in ("2026-02-01", "0999-12-31", "2026-02-01")],
        "gift": [{"yesNo": yes} for yes in (True, False, True)],
        "rating": [{"choice": code} for code in ("B", "A", "B")],
        "buddy": [{"person": f"usr_{person.id}"} for person in (company.bob, company.ann, company.bob)],
    }[key]
    for number, value in enumerate([*values, None, None]):
        entries = [{"key": key, **value}] if value else []
        given = {"name": f"C{number}", "customFields": entries}
        await written(client, CUSTOMER_CREATE, given, as_=company.bob)
    unsorted = f'{{ customers(sort: {{customField: "{key}"}}) {{ totalCount }} }}'
    assert (await client.error(unsorted, as_=company.ada))["path"] == ["sort", "customField"]
    await build_index(client, company.ada, field)
    rising = ["C0", "C2", "C1"] if key in {"weight", "deposit"} else ["C1", "C0", "C2"]
    for direction, expected in (("ASC", [*rising, "C3", "C4"]), ("DESC", [*rising[::-1], "C4", "C3"])):
        for page, end in (("first: 2, after: $at", "end"), ("last: 2, before: $at", "start")):
            found: list[str] = []
            at = None
            while True:
                document = f"""query($at: String) {{ customers(filter: {{name: {{startsWith: "C"}}}},
                    sort: {{customField: "{key}", direction: {direction}}}, {page})
                    {{ nodes {{ name }} pageInfo {{ {end}Cursor }} }} }}"""
                answer = (await client.data(document, {"at": at}, as_=company.bob))["customers"]
                names = [node["name"] for node in answer["nodes"]]
                names = [name for name in names if len(name) == 2]
                if not answer["nodes"]:
                    break
                found = [*found, *names] if end == "end" else [*names, *found]
                at = answer["pageInfo"][f"{end}Cursor"]
            assert found == expected, (direction, end)
    after = f'{{ customers(sort: {{customField: "{key}"}}, after: "{at}") {{ totalCount }} }}'
    assert (await client.error(after, as_=company.bob))["code"] == "INVALID_CURSOR"  # of the other direction
    await build_index(client, company.ada, field, indexed=False)


@pytest.mark.parametrize(
    ("sort", "path"),
    [
        ('{customField: "no"}', ["sort", "customField"]),
        ('{customField: "weight", field: NAME}', ["sort", "customField"]),
    ],
)
async def test_a_sort_that_means_nothing_is_refused(
    client: Client, company: Company, sort: str, path: list[str]
) -> None:
    await define_all(client, company, "CUSTOMER")
    error = await client.error(f"{{ customers(sort: {sort}) {{ totalCount }} }}", as_=company.ann)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)


async def test_an_export_is_sorted_by_a_field_of_any_type_with_or_without_its_index(
    client: Client, company: Company
) -> None:
    await define(client, company.ada, "CUSTOMER", "weight")
    for name, weight in (("C0", "9"), ("C1", "10"), ("C2", None)):
        entries = [{"key": "weight", "number": weight}] if weight else []
        await written(client, CUSTOMER_CREATE, {"name": name, "customFields": entries}, as_=company.bob)
    for direction, expected in (("ASC", ["C0", "C1", "C2"]), ("DESC", ["C1", "C0", "C2"])):
        given = {
            "format": "CSV",
            "columns": ["name"],
            "filter": {"name": {"startsWith": "C"}},
            "sort": {"customField": "weight", "direction": direction},
        }
        job = await started(client, "customerExport", given, as_=company.bob)
        await run_job(job)
        url = (await look(client, job, "download { url }", as_=company.bob))["download"]["url"]
        names = (await client.http.get(url)).content.decode("utf-8-sig").split()[1:]
        assert [name for name in names if len(name) == 2] == expected
    both = {"format": "CSV", "sort": {"customField": "weight", "field": "NAME"}}
    [error] = (await mutate(client, "customerExport", both, as_=company.bob))["errors"]
    assert (error["path"], error["problem"]) == (["input", "sort", "customField"], "not_together")


async def test_a_cancelled_index_stops_between_steps_and_can_be_asked_for_again(
    client: Client, company: Company
) -> None:
    field = await define(client, company.ada, "CUSTOMER", "weight")
    await written(client, INDEX, {"id": field["id"], "indexed": True}, as_=company.ada)
    job = await Job.all().order_by("-id").get()
    await Job.filter(id=job.id).update(cancel_asked_at=now())
    await run_job(f"job_{job.id}")
    await job.refresh_from_db()
    assert (job.state, job.total) == ("CANCELLED", 2)
    built = f"customer_custom_{field['id'].split('_')[1]}"
    assert await pool().fetchval("SELECT to_regclass($1)", built) is None
    await written(client, INDEX, {"id": field["id"], "indexed": True}, as_=company.ada)
    await run_job(f"job_{(await Job.all().order_by('-id').first()).id}")  # type: ignore[union-attr]  # it is there
    assert await pool().fetchval("SELECT to_regclass($1)", built) is not None
    await build_index(client, company.ada, field, indexed=False)

"""Exports over the API: what the viewer sees, and nothing else, in files that can be read and imported again."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import asyncpg
import orjson
import pytest
from python_calamine import CalamineWorkbook

from domain.jobs import MOST_OPEN, JobKind
from domain.people import Role
from models import AuditEntry, Customer, Job, Order, Product, Segment, User
from models.connection import pool
from rows.transfer import Export
from services.exports import run as export_run
from services.exports import writers
from tests.api.conftest import Client
from tests.api.working import look, mutate, run_job, sent, started
from tests.factories import make_channel, make_customer, make_order, make_product, make_rate, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")


async def exported(client: Client, name: str, given: dict[str, Any], *, as_: User) -> bytes:
    """The content of the file that an export makes."""
    job = await started(client, name, given, as_=as_)
    await run_job(job)
    told = await look(client, job, "state message download { kind name url }", as_=as_)
    assert told["state"] == "SUCCEEDED", told["message"]
    assert told["download"]["kind"] == "RESULT"
    return (await client.http.get(told["download"]["url"])).content


async def table(client: Client, name: str, given: dict[str, Any], *, as_: User) -> list[dict[str, str]]:
    content = await exported(client, name, {"format": "CSV", **given}, as_=as_)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def test_who_has_too_many_jobs_waiting_is_told_so(client: Client) -> None:
    admin = await make_user(Role.ADMIN)
    for _ in range(MOST_OPEN):
        await Job.create(kind=JobKind.ORDER_EXPORT, started_by=admin, parameters={})
    document = """mutation { orderExport(input: {format: CSV}) {
        job { id } errors { __typename code message path ... on TooManyJobs { most } } } }"""
    payload = (await client.data(document, as_=admin, **{"accept-language": "zh"}))["orderExport"]
    assert payload == {
        "job": None,
        "errors": [
            {
                "__typename": "TooManyJobs",
                "code": "TOO_MANY_JOBS",
                "message": f"您已有 {MOST_OPEN} 个任务在等待或执行，请等其中之一结束。",
                "path": [],
                "most": MOST_OPEN,
            }
        ],
    }


async def test_an_export_has_what_its_viewer_sees_and_relations_only_where_they_are_seen(client: Client) -> None:
    team = await make_team()
    rep, other = await make_user(Role.REP, team=team), await make_user(Role.REP, team=team)
    hidden = await make_customer(owner=other, external_id="C1", channel=await make_channel())
    mine = await make_order(owner=rep, customer=hidden)
    await make_order(owner=other)
    columns = ["id", "customerExternalId", "owner", "total", "placedAt"]
    [row] = await table(client, "orderExport", {"columns": columns}, as_=rep)
    assert row == {
        "id": f"ord_{mine.id}",
        "customerExternalId": "",
        "owner": rep.name,
        "total": str(mine.total),
        "placedAt": "2026-03-02T09:30:00.000Z",
    }
    admin = await make_user(Role.ADMIN)
    assert len(await table(client, "orderExport", {"columns": ["id"]}, as_=admin)) == 2
    entry = await AuditEntry.filter(action="EXPORT_STARTED").order_by("id").first()
    assert entry
    assert (entry.actor_id, entry.facts["columns"]) == (rep.id, columns)


async def test_filter_sort_and_columns_are_those_of_the_lists(client: Client) -> None:
    admin = await make_user(Role.ADMIN)
    for total in ("10", "30", "20", "5"):
        await make_order(base_total=Decimal(total))
    given = {
        "filter": {
            "or": [{"baseTotal": {"gte": "10.00"}, "placedAt": {"gt": "2020-01-01T00:00:00Z"}}, {"tags": {"has": "x"}}]
        },
        "sort": {"field": "BASE_TOTAL", "direction": "ASC"},
        "columns": ["baseTotal"],
    }
    rows = await table(client, "orderExport", given, as_=admin)
    assert [float(row["baseTotal"]) for row in rows] == [10, 20, 30]


async def test_an_export_of_a_segment_has_the_rows_that_the_list_has(client: Client) -> None:
    rep, other = await make_user(Role.REP, team=await make_team()), await make_user(Role.REP, team=await make_team())
    for total, owner in (("10", rep), ("30", rep), ("50", rep), ("40", other)):
        await make_order(owner=owner, base_total=Decimal(total))
    large = {"baseTotal": {"gte": "20"}}
    await Segment.create(owner=other, name="large", entity="ORDER", condition=large, shared=True)
    await Segment.create(owner=other, name="mine", entity="ORDER", condition=large)
    await Segment.create(owner=other, name="some", entity="CUSTOMER", condition={}, shared=True)
    listed = """query($filter: OrderFilter) { orders(segment: "seg_1", filter: $filter) { nodes { id } } }"""
    asked = {"segment": "seg_1", "columns": ["id"], "sort": {"field": "PLACED_AT"}}
    for condition in ({}, {"baseTotal": {"lt": "45"}}):
        given = asked | {"filter": condition}
        list_of = (await client.data(listed, {"filter": condition}, as_=rep))["orders"]["nodes"]
        assert await table(client, "orderExport", given, as_=rep) == list_of
    assert len(await table(client, "orderExport", asked, as_=other)) == 1, "each sees their own rows"
    assert (await AuditEntry.filter(action="EXPORT_STARTED").first()).facts["segment"] == "seg_1"  # type: ignore[union-attr]  # there is one
    # It is the segment as it was when the export was started.
    job = await started(client, "orderExport", {"format": "CSV", **asked}, as_=rep)
    await Segment.filter(id=1).update(condition={"baseTotal": {"lt": "0"}})
    await run_job(job)
    assert (await look(client, job, "done", as_=rep))["done"] == 2
    for segment, name, code in (
        ("seg_2", "orderExport", "NOT_FOUND"),
        ("seg_9", "orderExport", "NOT_FOUND"),
        ("seg_3", "orderExport", "INVALID_INPUT"),
        ("seg_1", "customerExport", "INVALID_INPUT"),
    ):
        refused = await mutate(client, name, {"format": "CSV", "segment": segment}, as_=rep)
        assert [(error["code"], error["path"]) for error in refused["errors"]] == [(code, ["input", "segment"])]


async def test_text_that_would_be_a_formula_is_defused_and_numbers_stay_numbers(client: Client) -> None:
    admin = await make_user(Role.ADMIN)
    await make_product("=1+1", name="@SUM(A1)", description="-1 on the scale", price="12.10")
    given = {"columns": ["sku", "name", "description", "price", "taxRate"]}
    [row] = await table(client, "productExport", given, as_=admin)
    assert (row["sku"], row["name"], row["description"]) == ("'=1+1", "'@SUM(A1)", "'-1 on the scale")
    assert row["price"] == "12.10"


async def test_the_three_formats_say_the_same(client: Client) -> None:
    admin = await make_user(Role.ADMIN)
    await make_customer(name='张三, "Ltd"', tags=["a", "b"])
    given = {"columns": ["name", "tags", "phone", "createdAt"]}
    [row] = await table(client, "customerExport", given, as_=admin)
    line = orjson.loads(await exported(client, "customerExport", {"format": "NDJSON", **given}, as_=admin))
    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(await exported(client, "customerExport", {"format": "XLSX", **given}, as_=admin))
    ).get_sheet_by_index(0)
    assert line == {"name": '张三, "Ltd"', "tags": "a, b", "phone": None, "createdAt": row["createdAt"]}
    assert sheet.to_python() == [given["columns"], [row["name"], row["tags"], row["phone"], row["createdAt"]]]


@pytest.mark.parametrize(
    ("given", "path", "problem"),
    [
        ({"columns": []}, "columns", "missing"),
        ({"columns": ["id", "password"]}, "columns.1", "unknown"),
        ({"columns": ["id", "id"]}, "columns.1", "duplicate"),
        ({"filter": {"region": {"id": {"eq": "usr_1"}}}}, "filter.region.id.eq", "not_an_id"),
        ({"filter": {"customField": {"key": "nope", "text": {"eq": "x"}}}}, "filter.customField.key", "unknown"),
        ({"sort": {"customField": "nope"}}, "sort.customField", "unknown"),
    ],
)
async def test_what_cannot_be_exported_is_said_at_once(
    client: Client, given: dict[str, Any], path: str, problem: str
) -> None:
    payload = await mutate(client, "orderExport", {"format": "CSV", **given}, as_=await make_user(Role.ADMIN))
    assert [(".".join(error["path"]), error["problem"]) for error in payload["errors"]] == [(f"input.{path}", problem)]
    assert await Job.all().count() == 0


async def test_whoever_was_deactivated_meanwhile_gets_nothing(client: Client) -> None:
    user = await make_user(Role.REP)
    job = await started(client, "productExport", {"format": "CSV"}, as_=user)
    await User.filter(id=user.id).update(active=False)
    await run_job(job)
    row = await Job.get(id=int(job.removeprefix("job_")))
    assert (row.state, row.result_file_id) == ("FAILED", None)


async def test_exported_orders_import_again(client: Client) -> None:
    await make_rate("EUR", "0.5")
    user = await make_user(Role.MANAGER, team=await make_team())
    content = (
        "no,item,label,pcs,price,when,who\n"
        "1,A,=Lamp,2,12.10,2026-03-02 09:30:00,7\n"
        "1,B,Carton,1000,0.001275,2026-03-02 09:30:00,7\n"
        "R2,A,=Lamp,-1,12.10,2026-03-03 09:30:00,\n"
    )
    columns = {"invoice": "no", "sku": "item", "name": "label", "quantity": "pcs", "unitPrice": "price"}
    mapping = {
        "channelCode": "shop",
        "columns": {**columns, "placedAt": "when", "customer": "who"},
        "currency": "EUR",
        "zone": "UTC",
        "returnPrefix": "R",
    }
    file = await sent(client, content.encode(), as_=user)
    await run_job(await started(client, "orderImport", {"files": [file], "mapping": mapping}, as_=user))
    for form in ("CSV", "XLSX"):
        again = await sent(
            client, await exported(client, "orderExport", {"format": form}, as_=user), as_=user, name=f"again.{form}"
        )
        columns = {"invoice": "externalId", "sku": "sku", "name": "productName", "quantity": "quantity"}
        names = {**columns, "unitPrice": "unitPrice", "placedAt": "placedAt", "customer": "customerExternalId"}
        given = {**mapping, "columns": names, "timeFormat": "%Y-%m-%dT%H:%M:%S.%fZ"}
        job = await started(client, "orderImport", {"files": [again], "mapping": given}, as_=user)
        await run_job(job)
        told = await look(client, job, "state message report { nodes { reason } }", as_=user)
        assert told["message"].startswith("Orders made: 0; returns made: 0; there already: 2;"), told
    assert (await Order.all().count(), await Product.all().count(), await Customer.all().count()) == (2, 2, 1)


async def test_an_export_that_no_spreadsheet_holds_is_refused_before_it_is_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await make_user(Role.ADMIN)
    for number in range(2):
        await make_product(f"P{number}")
    monkeypatch.setattr(writers, "MOST_ROWS_OF_XLSX", 1)
    monkeypatch.setattr(writers.XlsxWriter, "write", None)
    job = await started(client, "productExport", {"format": "XLSX"}, as_=admin)
    await run_job(job)
    told = await look(client, job, "state message", as_=admin)
    assert told == {"state": "FAILED", "message": "XLSX holds at most 1 rows: export CSV or NDJSON."}


async def test_the_statements_of_an_export_may_take_longer_than_those_of_requests(
    client: Client, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def impatient() -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(database, command_timeout=0.1)
        try:
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", timeout=60)
            yield connection
        finally:
            connection.terminate()

    admin = await make_user(Role.ADMIN)
    await make_product("P")
    monkeypatch.setattr(export_run, "snapshot", impatient)
    monkeypatch.setattr(Export, "count", lambda _export: "SELECT 1 FROM pg_sleep(0.15)")
    slow = "SELECT sku, pg_sleep(0.15)::text FROM product"
    monkeypatch.setattr(Export, "rows", lambda _export: slow)
    job = await started(client, "productExport", {"format": "CSV", "columns": ["sku", "name"]}, as_=admin)
    await run_job(job)
    assert (await look(client, job, "state", as_=admin))["state"] == "SUCCEEDED"


async def test_the_audit_has_the_names_of_what_was_filtered_by_and_no_values(client: Client) -> None:
    admin = await make_user(Role.ADMIN)
    given = {"filter": {"and": [{"email": {"eq": "vm@private.example"}}, {"level": {"in": ["VIP", "REGULAR"]}}]}}
    await started(client, "customerExport", {"format": "CSV", **given}, as_=admin)
    entry = await AuditEntry.get(action="EXPORT_STARTED")
    assert entry.facts["filter"] == ["and.email.eq", "and.level.in"]


async def test_an_export_whose_statement_takes_too_long_fails_at_once_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await make_user(Role.ADMIN)
    await make_product("A")
    monkeypatch.setattr(export_run, "_LONGEST", 0.1)
    job = await started(client, "productExport", {"format": "CSV"}, as_=admin)
    async with pool().acquire() as rival, rival.transaction():
        await rival.execute("LOCK TABLE product IN ACCESS EXCLUSIVE MODE")
        await run_job(job)
    told = await look(client, job, "state messageCode messageFacts download { id }", as_=admin)
    assert told == {"state": "FAILED", "messageCode": "TOOK_TOO_LONG", "messageFacts": {"hours": 1}, "download": None}

"""Long work over the API: an import from the file to its report, dry runs, and jobs that are stopped."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.jobs import JobState
from domain.people import Role
from models import AuditEntry, Job, JobReportRow, Order, User
from rows.viewer import Viewer
from services.imports import applying, batches
from services.jobs.cancel import cancel_job
from services.jobs.leases import CancelAsked, lease_job, report_progress
from services.jobs.sweep import take_forgotten_jobs
from services.personal import search
from tests.api.conftest import Client
from tests.api.working import look, mutate, run_job, sent, started
from tests.factories import make_team, make_user

pytestmark = pytest.mark.usefixtures("database")

HEADER = "no,item,pcs,price,when\n"
MAPPING = {
    "channelCode": "shop",
    "columns": {"invoice": "no", "sku": "item", "quantity": "pcs", "unitPrice": "price", "placedAt": "when"},
    "currency": "EUR",
    "zone": "Asia/Shanghai",
    "timeFormat": "%d.%m.%Y %H:%M",
    "returnPrefix": "R",
}
GOOD = "1,A,2,1.50,04.01.2026 10:00\nR2,A,-1,1.50,05.01.2026 10:00\n"
BAD = "3,A,x,1.50,04.01.2026 10:00\n"
REPORT = """message report(first: 1) { totalCount nodes { position file line subject reason } pageInfo { hasNextPage } }
    reportDownload { kind name url }"""


async def manager() -> User:
    return await make_user(Role.MANAGER, team=await make_team())


@pytest.fixture(autouse=True)
async def rate(database: str) -> None:  # noqa: ARG001  # empty by now
    from tests.factories import make_rate

    await make_rate("EUR", "0.5")


async def test_a_file_of_ones_own_layout_becomes_orders(client: Client) -> None:
    user = await manager()
    file = await sent(client, (HEADER + GOOD + BAD).encode("utf-16"), as_=user)
    job = await started(client, "orderImport", {"files": [file], "mapping": MAPPING}, as_=user)
    await run_job(job)
    told = await look(client, job, "state total done failed startedBy { id } finishedAt " + REPORT, as_=user)
    assert (told["state"], told["total"], told["done"], told["failed"]) == ("SUCCEEDED", 3, 3, 1)
    counts = await look(client, job, "succeeded unchanged", as_=user)
    assert counts == {"succeeded": 2, "unchanged": 0}
    assert told["message"] == "Orders made: 1; returns made: 1; there already: 0; lines not imported: 1."
    refused = {"position": 1, "file": "a.csv", "line": 4, "subject": "3", "reason": "pcs 'x' is not a number"}
    assert told["report"] == {"totalCount": 1, "nodes": [refused], "pageInfo": {"hasNextPage": False}}
    report = await client.http.get(told["reportDownload"]["url"])
    assert report.content.decode("utf-8-sig").splitlines() == [
        "file,line,subject,reason",
        "a.csv,4,3,pcs 'x' is not a number",
    ]
    [sale, back] = await Order.all().order_by("external_id")
    assert (sale.external_id, sale.currency, sale.total, sale.status, sale.owner_id) == (
        "1",
        "EUR",
        3,
        "COMPLETED",
        user.id,
    )
    assert (sale.placed_at.hour, back.type, back.status) == (2, "RETURN", "REFUNDED")
    assert await AuditEntry.filter(action="IMPORT_STARTED", actor_id=user.id).count() == 1


async def test_a_dry_run_reports_and_makes_nothing(client: Client) -> None:
    user = await manager()
    file = await sent(client, (HEADER + GOOD + BAD).encode(), as_=user)
    given = {"files": [file], "mapping": MAPPING}
    dry = await started(client, "orderImport", {**given, "dryRun": True}, as_=user)
    await run_job(dry)
    told = await look(client, dry, "failed " + REPORT, as_=user)
    assert told["message"] == (
        "Checked, and nothing was made; it would be: orders: 1; returns: 1; there already: 0; lines not imported: 1."
    )
    assert (told["failed"], told["report"]["totalCount"], await Order.all().count()) == (1, 1, 0)
    await run_job(await started(client, "orderImport", given, as_=user))
    assert await Order.all().count() == 2


async def test_a_preset_goes_by_its_name_and_a_key_starts_one_job(client: Client) -> None:
    user = await manager()
    lines = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    file = await sent(client, (lines + "1,A,LAMP,1,2011-01-04 10:00:00,1.00,7,France\n").encode("utf-8-sig"), as_=user)
    given = {"files": [file], "preset": "online-retail", "idempotencyKey": "k"}
    jobs = {await started(client, "orderImport", given, as_=user) for _ in range(2)}
    assert len(jobs) == 1
    await run_job(jobs.pop())
    assert await Order.all().count() == 1
    presets = await client.data("{ importPresets { name currency columns { field column } } }", as_=user)
    assert {"field": "invoice", "column": "InvoiceNo"} in presets["importPresets"][0]["columns"]


def mapped(**changes: Any) -> dict[str, Any]:
    return {"mapping": {**MAPPING, **changes}}


@pytest.mark.parametrize(
    ("given", "path", "problem"),
    [
        ({}, "preset", "missing"),
        ({"preset": "nope"}, "preset", "unknown"),
        ({"preset": "../presets/online-retail"}, "preset", "unknown"),
        ({"preset": "online-retail", "mapping": MAPPING}, "preset", "not_together"),
        (mapped(currency="XXY"), "mapping.currency", "unknown_currency"),
        (mapped(zone="Mars/Base"), "mapping.zone", "unknown"),
        (mapped(zone="../../etc/passwd"), "mapping.zone", "unknown"),
        (mapped(encoding="rot13"), "mapping.encoding", "unknown"),
        (mapped(delimiter="\n"), "mapping.delimiter", "blank"),
        (mapped(delimiter='"'), "mapping.delimiter", "unknown"),
        (mapped(delimiter="::"), "mapping.delimiter", "too_long"),
        (mapped(saleStatus="REFUNDED"), "mapping.saleStatus", "unknown"),
        (mapped(channelCode=" shop"), "mapping.channelCode", "surrounded_by_space"),
        (mapped(channelName="a\x01b"), "mapping.channelName", "forbidden_character"),
        (mapped(customerName="Customer"), "mapping.customerName", "unknown"),
        (mapped(columns={**MAPPING["columns"], "placedAt": " "}), "mapping.columns.placedAt", "blank"),
    ],
)
async def test_what_cannot_be_read_so_is_said_at_once(
    client: Client, given: dict[str, Any], path: str, problem: str
) -> None:
    user = await manager()
    file = await sent(client, b"a,b", as_=user)
    payload = await mutate(client, "orderImport", {"files": [file], **given}, as_=user)
    assert [(".".join(error["path"]), error["problem"]) for error in payload["errors"]] == [(f"input.{path}", problem)]
    assert (payload["job"], await Job.all().count()) == (None, 0)


async def test_all_that_is_wrong_with_a_mapping_is_told_at_once(client: Client) -> None:
    user = await manager()
    file = await sent(client, b"a,b", as_=user)
    wrong = mapped(
        channelCode=" ",
        currency="XXY",
        zone="Mars/Base",
        delimiter="::",
        saleStatus="REFUNDED",
        customerName="Customer",
        columns={**MAPPING["columns"], "placedAt": " "},
    )
    payload = await mutate(client, "orderImport", {"files": [file], **wrong}, as_=user)
    told = {".".join(error["path"][2:]): (error["problem"], error["limit"]) for error in payload["errors"]}
    assert told == {
        "channelCode": ("blank", None),
        "currency": ("unknown_currency", None),
        "zone": ("unknown", None),
        "delimiter": ("too_long", "1"),
        "saleStatus": ("unknown", None),
        "customerName": ("unknown", None),
        "columns.placedAt": ("blank", None),
    }
    assert len(payload["errors"]) == len(told)


async def test_files_that_are_not_there_or_twice_are_named(client: Client) -> None:
    user, other = await manager(), await make_user(Role.MANAGER, team=await make_team("Other"))
    mine, again = await sent(client, b"a,b", as_=user), await sent(client, b"a,b", as_=user, name="b.csv")
    theirs = await sent(client, b"c,d", as_=other)
    given = {"files": [mine, theirs, again, "job_1"], "preset": "online-retail"}
    errors = (await mutate(client, "orderImport", given, as_=user))["errors"]
    assert [(error["path"][-1], error["code"]) for error in errors] == [
        ("1", "NOT_FOUND"),
        ("2", "INVALID_INPUT"),
        ("3", "NOT_FOUND"),
    ]


async def test_representatives_do_not_import_orders(client: Client) -> None:
    rep = await make_user(Role.REP, team=await make_team())
    file = await sent(client, b"a,b", as_=rep)
    payload = await mutate(client, "orderImport", {"files": [file], "preset": "online-retail"}, as_=rep)
    assert [error["code"] for error in payload["errors"]] == ["NOT_PERMITTED"]


async def test_a_file_that_is_not_what_the_mapping_says_fails_the_job_with_a_reason(client: Client) -> None:
    user = await manager()
    job = await started(
        client, "orderImport", {"files": [await sent(client, b"a,b\n1,2", as_=user)], "mapping": MAPPING}, as_=user
    )
    await run_job(job)
    told = await look(client, job, "state message", as_=user)
    assert told["state"] == "FAILED"
    assert told["message"].startswith("a.csv: no column no, item, pcs, price, when; there are a, b")


async def waiting(client: Client, user: User) -> str:
    """A job that nobody has begun."""
    content = HEADER + "".join(f"{number},A,2,1.50,04.01.2026 10:00\n" for number in range(9)) + BAD.replace("3,", "z,")
    file = await sent(client, content.encode(), as_=user)
    return await started(client, "orderImport", {"files": [file], "mapping": MAPPING}, as_=user)


async def test_a_job_that_waits_ends_at_once(client: Client) -> None:
    user = await manager()
    job = await waiting(client, user)
    for _ in range(2):  # the second time it is so already
        payload = await mutate(client, "jobCancel", {"id": job}, as_=user)
        assert payload["errors"] == []
        assert (payload["job"]["state"], payload["job"]["message"]) == ("CANCELLED", "Cancelled before it began.")
    await run_job(job)
    assert await Order.all().count() == 0
    assert await AuditEntry.filter(action="JOB_CANCELLED", actor_id=user.id).count() == 1


async def test_a_job_that_runs_stops_at_its_next_step_and_what_it_did_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await manager()
    job = await waiting(client, user)
    monkeypatch.setattr(batches, "LINES_AT_ONCE", 3)
    real = applying.write_events

    async def cancelled_meanwhile(batch: Any) -> None:
        monkeypatch.undo()
        monkeypatch.setattr(batches, "LINES_AT_ONCE", 3)
        await real(batch)
        await batch.client.connection.execute("UPDATE job SET cancel_asked_at = now()")

    monkeypatch.setattr(applying, "write_events", cancelled_meanwhile)
    await run_job(job)
    told = await look(client, job, "state done failed finishedAt " + REPORT, as_=user)
    assert (told["state"], told["done"], told["failed"], await Order.all().count()) == ("CANCELLED", 4, 1, 3)
    assert told["message"].startswith("Cancelled before its end; what was done by then stays. Orders made: 3;")
    assert (told["report"]["totalCount"], told["report"]["nodes"][0]["subject"]) == (1, "z")
    assert told["finishedAt"]


async def test_a_running_job_is_told_by_its_own_progress() -> None:
    user = await manager()
    job = await Job.create(kind="ORDER_IMPORT", started_by=user, parameters={})
    leased = await lease_job(job.id)
    assert leased
    await cancel_job(viewer=Viewer(user_id=user.id, roles=frozenset()), job_id=job.id)
    assert (await Job.get(id=job.id)).state is JobState.RUNNING
    with pytest.raises(CancelAsked):
        await report_progress(leased, done=1, failed=0, total=2)


async def test_who_may_stop_a_job_and_what_is_over_stays_over(client: Client) -> None:
    user, other, admin = await manager(), await make_user(Role.MANAGER), await make_user(Role.ADMIN)
    job = await Job.create(kind="ORDER_IMPORT", started_by=user, parameters={})
    given = {"id": f"job_{job.id}"}
    assert [e["code"] for e in (await mutate(client, "jobCancel", given, as_=other))["errors"]] == ["NOT_FOUND"]
    await Job.filter(id=job.id).update(state=JobState.SUCCEEDED)
    [error] = (await mutate(client, "jobCancel", given, as_=admin))["errors"]
    assert (error["code"], error["state"]) == ("JOB_ENDED", "SUCCEEDED")


async def test_a_report_is_seen_by_whoever_sees_its_job(client: Client) -> None:
    user, other = await manager(), await make_user(Role.MANAGER)
    file = await sent(client, (HEADER + BAD).encode(), as_=user)
    job = await started(client, "orderImport", {"files": [file], "mapping": MAPPING}, as_=user)
    await run_job(job)
    row = (await look(client, job, "report { nodes { id job { id } } }", as_=user))["report"]["nodes"][0]
    assert row["job"]["id"] == job
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await client.data(node, {"id": row["id"]}, as_=other))["node"] is None
    assert (await client.data(node, {"id": row["id"]}, as_=user))["node"] == {"id": row["id"]}


async def test_a_job_and_its_report_speak_the_language_of_who_reads_and_the_file_that_of_who_started_it(
    client: Client,
) -> None:
    user = await manager()
    file = await sent(client, (HEADER + BAD).encode(), as_=user)
    start = """mutation($input: OrderImportInput!) { orderImport(input: $input) { job { id } } }"""
    given = {"input": {"files": [file], "mapping": MAPPING}}
    headers = {"accept-language": "zh-CN"}
    response = await client.post(start, given, as_=user, headers=headers)
    job = response.json()["data"]["orderImport"]["job"]["id"]
    await run_job(job)
    selection = "message messageCode report { nodes { reason problems { problem column cell limit message } } }"
    ask = f'{{ job(id: "{job}") {{ {selection} reportDownload {{ url }} }} }}'
    english = (await client.data(ask, as_=user))["job"]
    chinese = (await client.query(ask, as_=user, headers=headers))["data"]["job"]
    assert english["message"] == "Orders made: 0; returns made: 0; there already: 0; lines not imported: 1."
    assert chinese["message"] == "新建订单：0；新建退货单：0；已存在：0；未导入的行：1。"
    problem = {"problem": "not_a_number", "column": "pcs", "cell": "x", "limit": None}
    [row] = english["report"]["nodes"]
    assert row == {"reason": "pcs 'x' is not a number", "problems": [{**problem, "message": row["reason"]}]}
    assert chinese["report"]["nodes"][0]["reason"] == "pcs 'x' 不是数字"
    report = await client.http.get(english["reportDownload"]["url"])
    assert report.content.decode("utf-8-sig").splitlines()[1] == "a.csv,2,3,pcs 'x' 不是数字"


async def test_what_was_told_in_words_before_there_were_codes_is_told_still(client: Client) -> None:
    user = await manager()
    job = await Job.create(kind="ORDER_IMPORT", state="FAILED", started_by=user, parameters={}, message="As it was.")
    await JobReportRow.create(job=job, position=1, file="a.csv", line=2, reason="Why it was.")
    told = await look(
        client, f"job_{job.id}", "message messageCode report { nodes { reason problems { problem } } }", as_=user
    )
    assert told == {
        "message": "As it was.",
        "messageCode": None,
        "report": {"nodes": [{"reason": "Why it was.", "problems": []}]},
    }


async def test_a_search_for_an_erased_person_is_not_stopped(client: Client) -> None:
    admin = await make_user(Role.ADMIN)
    for state in (JobState.QUEUED, JobState.RUNNING):
        job = await Job.create(kind="PERSONAL_DATA_TRACES", state=state, started_by=admin, parameters={"texts": ["x"]})
        [error] = (await mutate(client, "jobCancel", {"id": f"job_{job.id}"}, as_=admin))["errors"]
        assert (error["path"], error["problem"]) == (["input", "id"], "not_stoppable")
        assert (await Job.get(id=job.id)).state is state


async def test_a_search_for_an_erased_person_is_run_again_after_a_fault(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await make_user(Role.ADMIN)
    job = await Job.create(kind="PERSONAL_DATA_TRACES", started_by=admin, parameters={"texts": ["nobody else"]})

    async def fail(_run: object, _last: int) -> None:
        raise ZeroDivisionError

    await JobReportRow.create(job=job, position=1, file="a.csv", line=2, subject="NOBODY ELSE", reason="x")
    with monkeypatch.context() as broken:
        broken.setattr(search, "_blank", fail)
        await run_job(f"job_{job.id}")
    assert (await Job.get(id=job.id)).parameters["texts"] == ["nobody else"]
    await Job.filter(id=job.id).update(heartbeat_at=datetime.now(UTC) - timedelta(minutes=1))
    assert await take_forgotten_jobs(silent_for=timedelta(seconds=30)) == [job.id]
    await run_job(f"job_{job.id}")
    told = await look(client, f"job_{job.id}", "state report { nodes { subject reason } }", as_=admin)
    assert told == {"state": "SUCCEEDED", "report": {"nodes": [{"subject": None, "reason": "(erased)"}]}}

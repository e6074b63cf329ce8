"""Customers and products from files: made, changed, left alone, refused with reasons; round trips change nothing."""

import asyncio
from collections.abc import Sequence
from contextvars import copy_context
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.jobs import JobKind
from domain.people import Role
from models import AuditEntry, ChannelPrice, Customer, CustomerLevelChange, Job, Order, OutboxEvent, Product, User
from models.connection import TransactionClient
from services.feed.positions import position_events
from services.imports.records import importing
from services.imports.records.cells import Checked, Record
from services.imports.records.customers import CUSTOMERS as CUSTOMER_KIND
from services.imports.records.customers import check_customers, write_customers
from services.imports.records.run import RecordRun
from tests.api.conftest import Client
from tests.api.test_changes import feed
from tests.api.working import look, mutate, run_job, sent, started
from tests.factories import make_channel, make_customer, make_order, make_product, make_region, make_team, make_user
from workers.jobs import record_import

pytestmark = pytest.mark.usefixtures("database")

PRODUCT = {"sku": "sku", "name": "name", "price": "price", "currency": "currency", "taxRate": "tax", "active": "sold"}
CUSTOMER = {"externalId": "no", "name": "name", "level": "level", "email": "mail", "tags": "tags", "region": "where"}


async def imported(
    client: Client, name: str, content: str, given: dict[str, Any], *, as_: User
) -> tuple[str, list[tuple[int, str]]]:
    """What an import says of itself, and line and reason of each row that it refused."""
    job = await started(client, name, {"files": [await sent(client, content.encode(), as_=as_)], **given}, as_=as_)
    await run_job(job)
    told = await look(client, job, "state message report { nodes { line reason } }", as_=as_)
    assert told["state"] == "SUCCEEDED", told["message"]
    return told["message"], [(row["line"], row["reason"]) for row in told["report"]["nodes"]]


async def test_products_are_made_and_changed_by_sku(client: Client) -> None:
    user = await make_user(Role.MANAGER)
    await make_product("OLD", name="Old", price="1.00")
    await make_product("SAME", name="Same", price="2.50")
    content = (
        "sku,name,price,currency,tax,sold\n"
        "OLD,,1.5,GBP,,false\n"
        "SAME,Same,2.5,GBP,0.2,true\n"
        "NEW,New,12.1,GBP,0.20,\n"
        "NONAME,,1,GBP,,\n"
        "BAD,Bad,1.234,GBP,x,\n"
        "HALF,Half,1,,,\n"
        ",Nobody,1,GBP,,\n"
    )
    told, reasons = await imported(client, "productImport", content, {"columns": PRODUCT}, as_=user)
    assert told == "Rows read: 7; made: 1; changed: 1; not imported: 4."
    assert reasons == [
        (5, "a new one needs a name"),
        (6, "tax 'x' is not a number"),
        (7, "currency is needed with a price"),
        (8, "sku is needed"),
    ]
    rows = {row.sku: row for row in await Product.all()}
    assert (rows["OLD"].name, str(rows["OLD"].price), rows["OLD"].active, rows["OLD"].version) == (
        "Old",
        "1.50",
        False,
        2,
    )
    assert (str(rows["NEW"].price), str(rows["NEW"].tax_rate), rows["NEW"].active) == ("12.10", "0.2", True)
    assert rows["SAME"].version == 1
    assert sorted(await OutboxEvent.all().values_list("type", "seq")) == [
        ("product.created", 1),
        ("product.updated", 1),
    ]
    again, _ = await imported(client, "productImport", content + "\n", {"columns": PRODUCT}, as_=user)
    assert again == "Rows read: 7; made: 0; changed: 0; not imported: 4."


async def test_customers_are_the_importers_and_those_of_others_stay(client: Client) -> None:
    team, channel = await make_team(), await make_channel("shop")
    rep, other = await make_user(Role.REP, team=team), await make_user(Role.REP, team=await make_team("Other"))
    await make_region("north", name="North")
    await make_customer(owner=rep, channel=channel, external_id="1", name="Mine", tags=["x"])
    await make_customer(owner=other, channel=channel, external_id="2", name="Theirs")
    content = (
        "no,name,level,mail,tags,where\n"
        '1,,vip,a@b.example,"p, q",North\n'
        "2,Stolen,,,,\n"
        "3,New,,,,north\n"
        "4,New,GOLD,nobody,,\n"
        "5,New,,,,Nowhere\n"
    )
    given = {"columns": CUSTOMER, "channelId": f"chn_{channel.id}"}
    told, reasons = await imported(client, "customerImport", content, given, as_=rep)
    assert told == "Rows read: 5; made: 1; changed: 1; not imported: 3."
    assert [line for line, _ in reasons] == [3, 5, 6]
    assert "not yours to change" in reasons[0][1]
    assert "level 'GOLD' is not one of REGULAR, VIP, KEY_ACCOUNT" in reasons[1][1]
    rows = {row.external_id: row for row in await Customer.all()}
    assert (rows["1"].name, rows["1"].level, rows["1"].tags, rows["1"].email) == (
        "Mine",
        "VIP",
        ["p", "q"],
        "a@b.example",
    )
    assert rows["2"].name == "Theirs"
    assert (rows["3"].owner_id, rows["3"].team_id) == (rep.id, team.id)


async def test_a_dry_run_of_records_writes_nothing_and_the_last_row_of_a_key_counts(client: Client) -> None:
    user = await make_user(Role.ADMIN)
    content = "sku,name,price,currency,tax,sold\nA,First,,,,\nA,Second,,,,\n"
    told, reasons = await imported(client, "productImport", content, {"columns": PRODUCT, "dryRun": True}, as_=user)
    assert told == "Checked, and nothing was written. Rows read: 2; refused: 1."
    assert reasons == [(2, "line 3 says something newer of the same one")]
    assert await Product.all().count() == 0
    await imported(client, "productImport", content, {"columns": PRODUCT}, as_=user)
    assert [row.name for row in await Product.all()] == ["Second"]


async def test_exported_customers_and_products_import_again_without_a_change(client: Client) -> None:
    admin, channel = await make_user(Role.ADMIN), await make_channel("shop")
    await make_customer(channel=channel, external_id="=7", name="-Dash", tags=["a", "b"], level="VIP")
    await make_product("=SKU", name="张三", price="12.10")
    for kind, columns, more in (
        ("customer", ["externalId", "name", "level", "tags", "email"], {"channelId": f"chn_{channel.id}"}),
        ("product", ["sku", "name", "price", "currency", "taxRate", "active"], {}),
    ):
        for form in ("CSV", "XLSX"):
            job = await started(client, f"{kind}Export", {"format": form, "columns": columns}, as_=admin)
            await run_job(job)
            url = (await look(client, job, "download { url }", as_=admin))["download"]["url"]
            file = await sent(client, (await client.http.get(url)).content, as_=admin, name=form)
            given = {"files": [file], "columns": {name: name for name in columns}, **more}
            again = await started(client, f"{kind}Import", given, as_=admin)
            await run_job(again)
            told = await look(client, again, "message", as_=admin)
            assert told["message"] == "Rows read: 1; made: 0; changed: 0; not imported: 0.", (kind, form)


async def test_who_may_import_records_and_what_is_refused_at_once(client: Client) -> None:
    rep, service = await make_user(Role.REP, team=await make_team()), await make_user(Role.SERVICE)
    for user, name, more in (
        (rep, "productImport", {"columns": {"sku": "a"}}),
        (service, "customerImport", {"columns": {"externalId": "a"}, "channelId": "chn_1"}),
    ):
        file = await sent(client, b"a,b", as_=user)
        errors = (await mutate(client, name, {"files": [file], **more}, as_=user))["errors"]
        assert [error["code"] for error in errors] == ["NOT_PERMITTED"]
    given = {"files": [], "columns": {"externalId": " "}, "channelId": "chn_9", "delimiter": "\n", "encoding": "hex"}
    errors = (await mutate(client, "customerImport", given, as_=rep))["errors"]
    assert [error["path"][1] for error in errors] == ["columns", "encoding", "delimiter", "files", "channelId"]


async def test_those_who_see_imported_customers_are_told_of_them(client: Client) -> None:
    team, channel = await make_team(), await make_channel("shop")
    rep, manager = await make_user(Role.REP, team=team), await make_user(Role.MANAGER, team=team)
    stranger = await make_user(Role.REP, team=await make_team("Other"))
    old = await make_customer(owner=rep, channel=channel, external_id="1", name="Mine")
    order = await make_order(customer=old)
    content = "no,name,level,mail,tags,where\n1,Mine,VIP,a@b.example,,\n2,New,,,,\n"
    await imported(client, "customerImport", content, {"columns": CUSTOMER, "channelId": f"chn_{channel.id}"}, as_=rep)
    await position_events()
    new = await Customer.get(external_id="2")
    for viewer in (rep, manager):
        nodes = (await feed(client, viewer))["nodes"]
        assert [
            (node["id"], node["type"], node["actorId"], node["facts"].get("changed"))
            for node in sorted(nodes, key=lambda node: str(node["id"]))
        ] == [
            (f"cus_{old.id}", "CUSTOMER_UPDATED", f"usr_{rep.id}", ["level", "email"]),
            (f"cus_{new.id}", "CUSTOMER_CREATED", f"usr_{rep.id}", None),
        ]
    assert (await feed(client, stranger))["nodes"] == []
    assert (await Order.get(id=order.id)).customer_level == "VIP", "orders repeat the level"
    [change] = await CustomerLevelChange.all().values("customer_id", "from_level", "to_level", "by_id", "reason")
    expected = {"customer_id": old.id, "from_level": "REGULAR", "to_level": "VIP", "by_id": rep.id}
    assert change == expected | {"reason": "imported"}


async def test_a_rival_who_makes_the_customer_first_does_not_make_a_row_vanish(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = await make_channel("shop")
    rep, rival = await make_user(Role.REP, team=await make_team()), await make_user(Role.REP, team=await make_team("B"))

    elsewhere = copy_context()

    async def checked(client: TransactionClient, run: RecordRun, records: Sequence[Record]) -> Checked:
        found = await check_customers(client, run, records)
        if not found.known:
            theirs = make_customer(owner=rival, channel=channel, external_id="1", name="Theirs")
            await asyncio.create_task(theirs, context=elsewhere)
        return found

    monkeypatch.setitem(record_import._KINDS, JobKind.CUSTOMER_IMPORT, (CUSTOMER_KIND, checked, write_customers))
    content = "no,name,level,mail,tags,where\n1,Stolen,,,,\n2,Mine,,,,\n"
    given = {"columns": CUSTOMER, "channelId": f"chn_{channel.id}"}
    told, reasons = await imported(client, "customerImport", content, given, as_=rep)
    assert told == "Rows read: 2; made: 1; changed: 0; not imported: 1."
    assert reasons == [(2, "is a customer that is not yours to change")]
    rows = await Customer.all().order_by("external_id")
    assert [row.name for row in rows] == ["Theirs", "Mine"]


async def test_a_second_attempt_counts_what_the_first_one_wrote(client: Client) -> None:
    user = await make_user(Role.MANAGER)
    content = "sku,name,price,currency,tax,sold\nA,First,,,,\n"
    given = {"files": [await sent(client, content.encode(), as_=user)], "columns": PRODUCT}
    job = await started(client, "productImport", given, as_=user)
    await run_job(job)
    await Job.filter(id=int(job.removeprefix("job_"))).update(state="QUEUED", finished_at=None)
    await run_job(job)
    told = await look(client, job, "message", as_=user)
    assert told["message"] == "Rows read: 1; made: 1; changed: 0; not imported: 0."


COUNTS = "total done succeeded unchanged failed messageCode messageFacts"


async def test_how_many_rows_there_are_is_known_before_the_first_is_written_and_they_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await make_user(Role.MANAGER)
    await make_product("SAME", name="Same")
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    header = "sku,name,price,currency,tax,sold\n"
    contents = (header + "A,First,,,,\nSAME,Same,,,,\nB,,,,,\n", header + "C,Third,,,,\nA,First,,,,\n")
    files = [await sent(client, content.encode(), as_=user) for content in contents]
    job = await started(client, "productImport", {"files": files, "columns": PRODUCT}, as_=user)
    totals: list[tuple[int, int | None]] = []
    real = importing._commit

    async def looked(*given: Any) -> Any:
        row = await Job.get(id=int(job.removeprefix("job_")))
        totals.append((row.done, row.total))
        return await real(*given)

    monkeypatch.setattr(importing, "_commit", looked)
    await run_job(job)
    assert totals == [(0, 5), (2, 5), (3, 5)]
    assert await look(client, job, COUNTS, as_=user) == {
        "total": 5,
        "done": 5,
        "succeeded": 2,
        "unchanged": 2,
        "failed": 1,
        "messageCode": "RECORDS_IMPORTED",
        "messageFacts": {"rows": 5, "made": 2, "changed": 0, "refused": 1},
    }


async def test_a_file_that_is_no_table_fails_the_import_before_the_first_row_is_written(client: Client) -> None:
    user = await make_user(Role.MANAGER)
    header = "sku,name,price,currency,tax,sold\n"
    contents = (header + "A,First,,,,\n", header + 'B,"never closed,,,,\nC,Third,,,,\n')
    files = [await sent(client, content.encode(), as_=user) for content in contents]
    job = await started(client, "productImport", {"files": files, "columns": PRODUCT}, as_=user)
    await run_job(job)
    told = await look(client, job, f"state message {COUNTS}", as_=user)
    assert (told["state"], told["messageCode"]) == ("FAILED", "QUOTE_NOT_CLOSED")
    assert told["messageFacts"] == {"file": "a.csv", "line": 2}
    assert not await Product.exists()


async def test_a_dry_run_counts_what_would_be_taken(client: Client) -> None:
    user = await make_user(Role.MANAGER)
    content = "sku,name,price,currency,tax,sold\nA,First,,,,\nB,,,,,\n"
    given = {"files": [await sent(client, content.encode(), as_=user)], "columns": PRODUCT, "dryRun": True}
    job = await started(client, "productImport", given, as_=user)
    await run_job(job)
    told = await look(client, job, "total succeeded unchanged failed", as_=user)
    assert told == {"total": 2, "succeeded": 1, "unchanged": 0, "failed": 1}


PRICE = {"sku": "sku", "price": "price", "startsOn": "from", "endsOn": "until", "promotion": "promo"}


async def test_price_lists_are_made_and_changed_by_sku_currency_day_and_kind(client: Client) -> None:
    user, shop, other = await make_user(Role.MANAGER), await make_channel(), await make_channel()
    for sku in ("OLD", "SAME", "NEW"):
        await make_product(sku)
    of = {"currency": "GBP", "starts_on": date(2026, 4, 1)}
    await ChannelPrice.create(channel=shop, product_id=1, price=Decimal("1.00"), **of)
    await ChannelPrice.create(channel=shop, product_id=2, price=Decimal("2.50"), ends_on=date(2026, 5, 1), **of)
    await ChannelPrice.create(channel=other, product_id=1, price=Decimal("9.00"), **of)
    content = (
        "sku,price,from,until,promo\n"
        "OLD,1.5,,,\n"
        "SAME,2.5,2026-04-01,,no\n"
        "NEW,12.1,,2026-12-31,\n"
        "NEW,10,,2026-04-30,yes\n"
        "NEW,11,2026-06-01,,\n"
        "NONE,1,,,\n"
        "OLD,1.23456789,,,\n"
        "OLD,,2026-07-01,,\n"
        "OLD,1,2026-07-01,,yes\n"
        "OLD,1,2026-07-02,2026-07-01,\n"
        "SAME,x,,soon,\n"
    )
    given = {"columns": PRICE, "channelId": f"chn_{shop.id}", "currency": "GBP", "startsOn": "2026-04-01"}
    await imported(client, "channelPriceImport", content, given | {"dryRun": True}, as_=user)
    assert await ChannelPrice.all().count() == 3
    told, reasons = await imported(client, "channelPriceImport", content, given, as_=user)
    assert told == "Rows read: 11; made: 3; changed: 1; not imported: 6."
    assert reasons == [
        (7, "there is no product of this sku"),
        (8, "price '1.23456789' has more than 2 digits after the point"),
        (9, "a new one needs a price"),
        (10, "a new promotion needs its last day"),
        (11, "until '2026-07-01' must not be before 2026-07-02"),
        (12, "price 'x' is not a number; until 'soon' is not a day such as 2026-01-31"),
    ]
    rows = await ChannelPrice.all().order_by("id").values_list("price", "ends_on", "promotion", "version")
    assert [(str(price), *more) for price, *more in rows] == [
        ("1.50", None, False, 2),
        ("2.50", date(2026, 5, 1), False, 1),
        ("9.00", None, False, 1),
        ("12.10", date(2026, 12, 31), False, 1),
        ("10.00", date(2026, 4, 30), True, 1),
        ("11.00", None, False, 1),
    ]
    entries = await AuditEntry.filter(subject_kind="ChannelPrice").order_by("id")
    assert [entry.subject_id for entry in entries] == [f"cpr_{number}" for number in (1, 4, 5, 6)]
    assert {entry.actor_id for entry in entries} == {user.id}
    told_of = [(facts["from"]["price"], facts["to"]["price"]) for facts in [entries[0].facts]]
    assert (told_of, entries[1].facts["price"]) == ([("1.00", "1.50")], "12.10")
    told, _ = await imported(client, "channelPriceImport", content, given, as_=user)
    assert told == "Rows read: 11; made: 0; changed: 0; not imported: 6.", "what was written is no change"
    short = "sku,price,from,until,promo\nOLD,1,,,\n"
    _, reasons = await imported(client, "channelPriceImport", short, given | {"startsOn": None}, as_=user)
    assert reasons == [(2, "from is needed")]
    no_column = {ours: theirs for ours, theirs in PRICE.items() if ours != "startsOn"}
    lacking = given | {"files": ["fil_1"], "columns": no_column, "startsOn": None, "currency": None}
    refused = (await mutate(client, "channelPriceImport", lacking, as_=user))["errors"]
    assert [(each["path"][-1], each["problem"]) for each in refused if each["code"] == "INVALID_INPUT"] == [
        ("currency", "missing"),
        ("startsOn", "missing"),
    ]

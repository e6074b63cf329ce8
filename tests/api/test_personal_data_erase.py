"""personalDataErase: what is known of a person goes, from wherever it stands; what happened stays."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.audit import AuditAction
from domain.files import FileKind
from domain.people import Role
from models import (
    AuditEntry,
    Complaint,
    ComplaintChange,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerLevelChange,
    CustomerOwnerChange,
    CustomField,
    Feedback,
    File,
    Job,
    JobReportRow,
    Lead,
    LeadFollowUp,
    Leave,
    LevelProposal,
    LevelRule,
    Order,
    OrderOwnerChange,
    OrderStatusChange,
    OrderTierOverride,
    OutboxEvent,
    Payment,
    Reason,
    Reminder,
    Segment,
    Shipment,
    StockLevel,
    StockMovement,
    Tier,
    User,
    Warehouse,
)
from models.connection import pool
from rows.entities import USER
from services.audit import record_alone
from services.clock import now
from services.files.store import PIECE, store_file
from services.origin import Origin, coming_from
from services.personal import orders as erasure_of_orders
from tests.api.conftest import Client
from tests.api.working import look, run_job
from tests.api.writing import ERRORS, refused, told, written
from tests.factories import make_customer, make_order, make_product, make_user

ERASE = f"""mutation($input: PersonalDataEraseInput!) {{ personalDataErase(input: $input) {{
    auditEntry {{ action subjectId facts }} {ERRORS} }} }}"""
WHY = {"reason": "Asked for it.", "confirm": True}
ADDRESS = {"street": "4 Violet Lane", "country": "GB", "recipient": "Violetta Marsh", "phone": "+44 20 7946 0999"}
PERSON = ("violetta", "marsh", "violet lane", "7946", "vm@private.example", "gb-tax-77")
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.ADMIN)


async def make_violetta(**columns: Any) -> Customer:
    values = {"name": "Violetta Marsh", "email": "vm@private.example", "phone": "+44 20 7946 0999"}
    customer = await make_customer(**(values | columns), tax_id="GB-TAX-77", preferences="Calls Violetta only")
    await CustomerContact.create(customer=customer, name="Violetta Marsh", email="VM@private.example")
    await CustomerAddress.create(customer=customer, kind="SHIPPING", **ADDRESS)
    return customer


async def sold_to(customer: Customer | None, **columns: Any) -> Order:
    product = await make_product()
    snapshots = {
        "customer_name": "Violetta Marsh",
        "contact_name": "Violetta",
        "contact_email": "vm@private.example",
        "contact_phone": "02079460999",
        "ship_to": ADDRESS,
        "bill_to": ADDRESS,
        "notes": "Ring at Marsh",
    }
    return await make_order(
        customer=customer, lines=[(product, "2")], **({"status": "COMPLETED"} | snapshots | columns)
    )


async def tables_that_tell() -> set[str]:
    """The tables in any column of which the person still stands, in words or as bytes of a file."""
    found = set()
    for (table,) in await pool().fetch(TABLES):
        rows = await pool().fetch(f'SELECT lower(t::text) FROM "{table}" t')
        if any(part in text or part.encode().hex() in text for (text,) in rows for part in PERSON):
            found.add(table)
    return found


async def test_a_customer_is_found_nowhere_afterwards_and_figures_stay(
    client: Client, ada: User, tmp_path_factory: pytest.TempPathFactory
) -> None:
    violetta, other = await make_violetta(), await make_customer(name="Somebody Else", email="se@test.example")
    order = await sold_to(violetta)
    contact = {"contact_name": "Violetta", "email": "vm@private.example", "phone": "02079460999", "interest": "Marsh"}
    lead = await Lead.create(customer=violetta, company="Marsh & Co", company_key="marsh", entered_at=now(), **contact)
    met = {"at": now(), "created_at": now(), "channel": "PHONE", "result": "REACHED"}
    await LeadFollowUp.create(lead=lead, content="Violetta was at Violet Lane", **met)
    told = {"subject_kind": "Lead", "subject_id": lead.id, "facts": {"name": "Marsh & Co", "zone": "UTC"}}
    await Reminder.create(kind="LEAD_LOST", recipient=ada, cause_at=now(), due_at=now(), **told)
    job = await Job.create(kind="ORDER_IMPORT", parameters={}, state="SUCCEEDED")
    await JobReportRow.create(job=job, position=1, file="a.csv", line=1, subject="Violetta Marsh", reason="unknown")
    await JobReportRow.create(job=job, position=2, file="a.csv", line=2, subject="Somebody Else", reason="unknown")
    folder = tmp_path_factory.mktemp("files")
    await Job.create(
        kind="CUSTOMER_EXPORT", parameters={"filter": {"email": {"eq": "VM@private.example"}}}, state="SUCCEEDED"
    )
    for name, content in {
        "a.csv": "name\nVIOLETTA Marsh\n".encode("utf-16"),
        "b.csv": b"name\nSomebody Else\n",
        "c.csv": b"x" * (PIECE - 9) + b"Violetta Marsh",
    }.items():
        (folder / name).write_bytes(content)
        await store_file(
            folder / name,
            kind=FileKind.UPLOAD,
            owner_id=None,
            name=name,
            media_type="text/csv; charset=utf-8",
            kept_for=timedelta(days=1),
        )
    stored = {"customer", "customer_contact", "customer_address", "sales_order", "lead", "reminder"}
    assert await tables_that_tell() >= stored
    entry = await written(client, ERASE, {"customerId": f"cus_{violetta.id}", **WHY}, as_=ada)
    found = entry["facts"].pop("job")
    assert await tables_that_tell() >= {"job", "job_report_row"}, "the job is not done"
    await run_job(found)
    assert await tables_that_tell() == set()
    searched = await look(client, found, "kind state done total message", as_=ada)
    assert searched == {
        "kind": "PERSONAL_DATA_TRACES",
        "state": "SUCCEEDED",
        "done": 3,
        "total": 3,
        "message": "Files looked at: 3; removed: 2; rows of reports, histories and the audit blanked: 1.",
    }
    assert entry == {
        "action": "PERSONAL_DATA_ERASED",
        "subjectId": f"cus_{violetta.id}",
        "facts": {
            "by": "customerId",
            "reason": "Asked for it.",
            "customers": 1,
            "contacts": 1,
            "addresses": 1,
            "leads": 1,
            "orders": 1,
            "ordersLeft": 0,
            "auditEntries": 0,
        },
    }
    after = await Order.get(id=order.id)
    assert (after.total, after.base_total, after.number) == (order.total, order.base_total, order.number)
    assert (after.ship_to, after.customer_id) == ({"country": "GB"}, violetta.id)
    await other.refresh_from_db()
    assert (other.name, await File.all().values_list("name", flat=True)) == ("Somebody Else", ["b.csv"])
    events = await OutboxEvent.all().order_by("id").values_list("type", "aggregate_id")
    assert list(events) == [("customer.erased", violetta.id), ("lead.erased", lead.id), ("order.updated", order.id)]


async def test_erasing_again_finds_nothing(client: Client, ada: User) -> None:
    violetta = await make_violetta()
    await sold_to(violetta)
    given = {"customerId": f"cus_{violetta.id}", **WHY}
    await written(client, ERASE, given, as_=ada)
    events = await OutboxEvent.all().count()
    facts = (await written(client, ERASE, given, as_=ada))["facts"]
    assert {name: count for name, count in facts.items() if isinstance(count, int) and count} == {}
    assert await OutboxEvent.all().count() == events


async def test_nobody_is_erased_who_waits_for_goods(client: Client, ada: User) -> None:
    violetta = await make_violetta()
    await sold_to(violetta, status="APPROVED")
    for named in ({"customerId": f"cus_{violetta.id}"}, {"email": "vm@private.example"}, {"phone": "020 7946 0999"}):
        [name] = named
        assert told(await refused(client, ERASE, named | WHY, as_=ada)) == [(f"input.{name}", "IN_USE")]


@pytest.mark.parametrize("named", [{"email": "VM@Private.example"}, {"phone": "+44 (20) 7946-0999"}])
async def test_whoever_is_reached_by_an_address_is_erased_where_it_stands(
    client: Client, ada: User, named: dict[str, str]
) -> None:
    company = await make_customer(name="Company Ltd", email="vm@private.example", phone="+442079460999")
    person = {"email": "vm@private.example", "phone": "+44 20 7946 0999"}
    await CustomerContact.create(customer=company, name="Violetta Marsh", **person)
    await CustomerContact.create(customer=company, name="Somebody Else")
    walk_in = await sold_to(None, contact_phone="+442079460999")
    facts = (await written(client, ERASE, named | WHY, as_=ada))["facts"]
    assert (facts["by"], facts["contacts"], facts["customers"], facts["orders"]) == (next(iter(named)), 1, 1, 1)
    await company.refresh_from_db()
    await walk_in.refresh_from_db()
    assert (company.name, company.version) == ("Company Ltd", 2)
    assert (walk_in.customer_name, walk_in.contact_name, walk_in.ship_to) == (None, None, {"country": "GB"})
    assert await CustomerContact.all().values_list("name", flat=True) == ["Somebody Else"]
    assert named.get("email", "7946-0999").lower() not in str(await AuditEntry.all().values("facts")).lower()


async def test_a_user_who_has_left_is_erased_and_what_they_did_stays(client: Client, ada: User) -> None:
    rosa = await make_user(Role.REP, name="Violetta Marsh", email="vm@private.example", phone="7946")
    await client.token(rosa)
    with coming_from(Origin(address="192.0.2.7")):
        facts = {"to": ["REP"], "person": {"email": {"to": "vm@private.example"}}}
        await record_alone(actor=rosa.id, action=AuditAction.USER_UPDATED, subject=(USER, rosa.id), facts=facts)
    given = {"userId": f"usr_{rosa.id}", **WHY}
    assert told(await refused(client, ERASE, given, as_=ada)) == [("input.userId", "IN_USE")]
    await User.filter(id=rosa.id).update(active=False)
    for name, shared in (("Mine", False), ("Of Violetta Marsh", True), ("For all", True)):
        found = {"name": {"eq": "Violetta Marsh"}, "level": {"in": ["VIP"]}}
        await Segment.create(owner=rosa, entity="CUSTOMER", name=name, shared=shared, condition=found)
    for user in (rosa, ada):
        away = {"starts_at": now(), "ends_at": now() + timedelta(days=7), "reason": "With Violetta Marsh"}
        await Leave.create(user=user, entered_by=rosa, **away)
    await run_job((await written(client, ERASE, given, as_=ada))["facts"]["job"])
    assert await tables_that_tell() == set()
    assert await Leave.all().values_list("user_id", "reason") == [(ada.id, "(erased)")]
    left = await Segment.all().order_by("id")
    assert [segment.name for segment in left] == [f"(erased {left[0].id})", "For all"]
    assert left[1].condition == {"name": {"eq": "(erased)"}, "level": {"in": ["VIP"]}}
    entry = await AuditEntry.filter(actor_id=rosa.id).get()
    assert (entry.facts, entry.address) == ({"to": ["REP"]}, None)


async def test_so_many_orders_go_at_a_time_and_the_rest_by_repeating_it(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure_of_orders, "MOST_ERASED", 1)
    violetta = await make_violetta()
    for _ in range(2):
        await sold_to(violetta)
    left = [
        (await written(client, ERASE, {"customerId": f"cus_{violetta.id}", **WHY}, as_=ada))["facts"]["ordersLeft"]
        for _ in range(2)
    ]
    assert left == [1, 0]


async def test_a_person_is_named_once_with_a_reason_and_confirmed(client: Client, ada: User) -> None:
    assert told(await refused(client, ERASE, {"reason": " ", "confirm": False}, as_=ada)) == [
        ("input.customerId", "missing"),
        ("input.reason", "blank"),
        ("input.confirm", "confirmation_needed"),
    ]
    both = {"customerId": "cus_1", "email": "x", **WHY}
    assert told(await refused(client, ERASE, both, as_=ada)) == [
        ("input.email", "not_together"),
        ("input.email", "not_an_email"),
    ]
    assert told(await refused(client, ERASE, {"customerId": "cus_1", **WHY}, as_=ada)) == [
        ("input.customerId", "NOT_FOUND")
    ]
    assert told(await refused(client, ERASE, {"phone": "none", **WHY}, as_=ada)) == [("input.phone", "not_a_number")]


async def test_a_repeated_request_is_answered_by_the_same_entry(client: Client, ada: User) -> None:
    violetta = await make_violetta()
    given = {"customerId": f"cus_{violetta.id}", **WHY, "idempotencyKey": "k"}
    first = await written(client, ERASE, given, as_=ada)
    assert await written(client, ERASE, given, as_=ada) == first
    assert await AuditEntry.all().count() == 1


async def test_a_search_goes_on_where_it_was_and_forgets_whom_it_looked_for(
    client: Client, ada: User, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("files") / "a.csv"
    path.write_bytes("姓名\n张小明明明\n".encode("gb18030"))
    files = [
        await store_file(
            path, kind=FileKind.UPLOAD, owner_id=None, name="a.csv", media_type="text/csv", kept_for=timedelta(days=1)
        )
        for _ in range(3)
    ]
    reached = {"texts": ["张小明明明"], "file": files[0], "looked_at": 1, "files": 1}
    jobs = [
        await Job.create(kind="PERSONAL_DATA_TRACES", parameters=reached, started_by=ada, cancel_asked_at=moment)
        for moment in (None, datetime.now(UTC))
    ]
    await run_job(f"job_{jobs[0].id}")
    assert (await look(client, f"job_{jobs[0].id}", "message", as_=ada))["message"] == (
        "Files looked at: 3; removed: 3; rows of reports, histories and the audit blanked: 0."
    )
    assert await File.all().values_list("id", flat=True) == files[:1]
    await File.all().delete()
    await store_file(
        path, kind=FileKind.UPLOAD, owner_id=None, name="a.csv", media_type="text/csv", kept_for=timedelta(days=1)
    )
    await run_job(f"job_{jobs[1].id}")
    assert (await look(client, f"job_{jobs[1].id}", "state", as_=ada))["state"] == "SUCCEEDED", "nobody stops it"
    assert not await File.exists()
    assert not any("texts" in job.parameters for job in await Job.all())


async def test_the_answer_names_the_job_and_repeats_it(client: Client, ada: User) -> None:
    given = {"email": "vm@private.example", **WHY, "idempotencyKey": "j"}
    document = ERASE.replace("auditEntry {", "job { id kind } auditEntry {")
    first = (await client.data(document, {"input": given}, as_=ada))["personalDataErase"]
    assert first["job"]["id"] == first["auditEntry"]["facts"]["job"]
    assert (await client.data(document, {"input": given}, as_=ada))["personalDataErase"] == first


async def test_who_is_known_from_an_order_alone_is_looked_for_by_what_stood_there(client: Client, ada: User) -> None:
    await sold_to(None, contact_name="Wilhelmina Oak", contact_phone="+49 30 1234567")
    job = (await written(client, ERASE, {"email": "vm@private.example", **WHY}, as_=ada))["facts"]["job"]
    texts = (await Job.get(id=int(job.removeprefix("job_")))).parameters["texts"]
    assert {"Wilhelmina Oak", "+49 30 1234567", "vm@private.example"} <= set(texts)


async def test_histories_keep_what_happened_and_not_the_person(client: Client, ada: User) -> None:
    violetta = await make_violetta()
    order = await sold_to(violetta)
    fields = {"note": "TEXT", "friend": "PERSON", "mobile": "NUMBER", "weight": "NUMBER", "gift": "YES_NO"}
    for key, type_ in fields.items():
        await CustomField.create(entity="ORDER", key=key, type=type_, labels={"en": key}, position=1)
    values = {"note": "Knows her", "friend": ada.id, "mobile": "493012345678", "weight": "12.5", "gift": True}
    await Order.filter(id=order.id).update(custom_fields=values)
    await OrderStatusChange.filter(order_id=order.id).update(reason="She called twice")
    imported = await OrderStatusChange.create(order=order, to_status="COMPLETED", reason="imported", at=now())
    handed = await OrderOwnerChange.create(order=order, reason="Asked for Ada", by=ada, at=now())
    until = {"at": now(), "expires_at": now() + timedelta(days=1)}
    tier = await Tier.create(code="gold", labels={"en": "Gold"})
    override = await OrderTierOverride.create(order=order, tier=tier, reason="She is the mayor", **until)
    moved = await CustomerOwnerChange.create(customer=violetta, reason="Moved house", by=ada, at=now())
    levels = {"customer": violetta, "from_level": "REGULAR", "to_level": "VIP", "reason": "She asked for it"}
    levelled = await CustomerLevelChange.create(by=ada, at=now(), **levels)
    rule = await LevelRule.create(code="all", condition={}, level="VIP")
    proposed = await LevelProposal.create(rule=rule, rules_version=1, **levels)
    elsewhere = await make_order()
    other = await OrderStatusChange.create(
        order=elsewhere, to_status="COMPLETED", reason="Instead of violetta marsh's", by=ada, at=now()
    )
    kept = await OrderStatusChange.create(order=elsewhere, to_status="COMPLETED", reason="Late", by=ada, at=now())
    facts = {"files": ["Violetta Marsh.csv", "other.csv"], "dryRun": False, "n": 1}
    audit = await AuditEntry.create(at=now(), action="IMPORT_STARTED", facts=facts)
    over = await Job.create(
        kind="ORDER_IMPORT",
        state="FAILED",
        parameters={"files": [{"name": "Violetta Marsh.csv", "file_id": 7}]},
        message_code="FILE_EMPTY",
        message_facts={"file": "Violetta Marsh.csv"},
    )
    given = {"customerId": f"cus_{violetta.id}", **WHY, "reason": "Violetta Marsh wrote to us."}
    entry = await written(client, ERASE, given, as_=ada)
    await run_job(entry["facts"]["job"])
    assert (await Order.get(id=order.id)).custom_fields == {"weight": "12.5", "gift": True}
    changes = await OrderStatusChange.filter(order_id=order.id).order_by("id")
    assert [change.reason for change in changes] == ["(erased)"] * (len(changes) - 1) + ["imported"]
    assert changes[-1].id == imported.id
    assert (await OrderOwnerChange.get(id=handed.id)).reason == "(erased)"
    assert (await OrderTierOverride.get(id=override.id)).reason == "(erased)"
    assert (await CustomerOwnerChange.get(id=moved.id)).reason == "(erased)"
    assert (await CustomerLevelChange.get(id=levelled.id)).reason == "(erased)"
    assert (await LevelProposal.get(id=proposed.id)).reason == "(erased)"
    told = await OrderStatusChange.get(id=other.id)
    assert (told.reason, told.by_id, told.to_status) == ("(erased)", ada.id, "COMPLETED")
    assert (await OrderStatusChange.get(id=kept.id)).reason == "Late"
    assert (await AuditEntry.get(id=audit.id)).facts == {"files": ["(erased)", "other.csv"], "dryRun": False, "n": 1}
    failed = await Job.get(id=over.id)
    assert (failed.parameters, failed.message_facts) == (
        {"files": [{"name": "(erased)", "file_id": 7}]},
        {"file": "(erased)"},
    )
    [erasure] = await AuditEntry.filter(action="PERSONAL_DATA_ERASED")
    assert (erasure.facts["reason"], erasure.facts["customers"]) == ("(erased)", 1)


async def test_an_order_that_tells_of_the_person_in_its_history_alone_is_found(client: Client, ada: User) -> None:
    violetta = await make_violetta()
    order = await make_order(customer=violetta, status="COMPLETED")
    await Order.filter(id=order.id).update(customer_name=None)
    await OrderStatusChange.create(order=order, to_status="COMPLETED", reason="She called", at=now())
    facts = (await written(client, ERASE, {"customerId": f"cus_{violetta.id}", **WHY}, as_=ada))["facts"]
    assert (facts["orders"], facts["ordersLeft"]) == (1, 0)
    again = (await written(client, ERASE, {"customerId": f"cus_{violetta.id}", **WHY}, as_=ada))["facts"]
    assert again["orders"] == 0


@pytest.mark.parametrize(
    "facts",
    [{"a": "other", "b": [1]}, {"a": "x"}, {"a": "x", "b": [2]}, {"a": "x", "b": []}, {"a": "x", "b": [1], "c": 1}],
)
async def test_an_erasure_changes_nothing_else_of_the_audit(ada: User, facts: dict[str, Any]) -> None:
    entry = await AuditEntry.create(at=now(), action="USER_UPDATED", actor=ada, facts={"a": "x", "b": [1]})
    async with pool().acquire() as connection:
        for given, passes in ((facts, False), ({"a": "(erased)", "b": [1]}, True)):
            async with connection.transaction():
                await connection.execute("SET LOCAL sluice.erasure = 'on'")
                change = connection.execute(
                    "UPDATE audit_entry SET facts = $2 WHERE id = $1", entry.id, json.dumps(given)
                )
                if passes:
                    await change
                    continue
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await change


async def test_what_customers_said_and_why_payments_were_undone_lose_their_words(client: Client, ada: User) -> None:
    violetta = await make_violetta()
    late = await Reason.create(kind="COMPLAINT", code="late", labels={"en": "Late"})
    warehouse = await Warehouse.create(code="main", name="Main")
    level = await StockLevel.create(warehouse=warehouse, product=await make_product(), on_hand=0, reserved=0)
    said = []
    for order, words in (
        (await sold_to(violetta), "She wept"),
        (await make_order(), "As violetta marsh says"),
        (await make_order(), "Late"),
    ):
        paid = {"order": order, "amount": 1, "method": "CARD", "received_at": now(), "at": now()}
        entry = await Payment.create(kind="PAYMENT", reference=words, **paid)
        undone = await Payment.create(kind="REVERSAL", reverses=entry, reason=words, **paid)
        shipment = await Shipment.create(order=order, carrier=words, shipped_at=now())
        counted = {"warehouse_id": level.warehouse_id, "product_id": level.product_id, "on_hand_change": 1}
        movement = await StockMovement.create(
            level=level, kind="ADJUSTMENT", reserved_change=0, reason=words, at=now(), **counted
        )
        feedback = await Feedback.create(order=order, score=2, comment=words, at=now())
        moments = {"respond_by": now(), "created_at": now(), "updated_at": now()}
        complaint = await Complaint.create(order=order, reason=late, description=words, **moments)
        of = {"complaint": complaint, "order": order, "to_state": "OPEN", "respond_by": now(), "at": now()}
        change = await ComplaintChange.create(note=words, **of)
        said.append((undone, feedback, complaint, change, shipment, movement, entry))
    given = {"customerId": f"cus_{violetta.id}", **WHY}
    entry = await written(client, ERASE, given, as_=ada)
    await run_job(entry["facts"]["job"])
    for rows, words in zip(said, ("(erased)", "(erased)", "Late"), strict=True):
        for row in rows:
            await row.refresh_from_db()
        undone, feedback, complaint, change, shipment, movement, entry = rows
        assert [undone.reason, feedback.comment, complaint.description, change.note] == [words] * 4
        # These are not Violetta's own, so that her name alone takes them out.
        named = words if said.index(rows) else "She wept"
        assert [shipment.carrier, movement.reason] == [named] * 2
        assert entry.reference == (f"(erased {entry.id})" if named == "(erased)" else named)
        assert (undone.amount, feedback.score, complaint.state) == (1, 2, "OPEN")

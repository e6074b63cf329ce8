"""Reminders go out as letters, at least once each, over real SMTP."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from connectors.mail.address import Encryption, parse_smtp_url
from connectors.mail.smtp import SmtpMailer
from domain.people import Role
from domain.reminders import MOST_TRIES, DeliveryState, Language, ReminderChannel, ReminderKind, ReminderState
from models import BusinessCalendar, Reminder, ReminderDelivery, User
from services.clock import clock_set_to as at
from services.reminders.deliver import take_deliveries
from services.reminders.fire import fire_reminders
from tests.factories import make_team, make_user
from tests.integration.test_reminders import office
from tests.integration.writes import viewing
from tests.lead_factories import make_lead
from tests.mailbox import Mailbox, mailbox
from tests.processes import kill
from tests.waiting import within
from workers.metrics import WorkerMetrics
from workers.reminders import send_letters

D = DeliveryState
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


@pytest.fixture
async def ann(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.REP, team=await make_team(), email="ann@example.com")


async def remind(user: User, moment: datetime = MONDAY, *, name: str | None = "Acme\r\nLtd") -> Reminder:
    """A reminder of the user's that has fired, by email as well."""
    lead = await make_lead(owner=user, contact_by=moment, company=name, contact_name="x")
    row: Reminder = await Reminder.create(
        kind=ReminderKind.FIRST_CONTACT_DUE,
        subject_kind="Lead",
        subject_id=lead.id,
        cause_at=moment,
        recipient=user,
        due_at=moment,
        facts={"name": name, "zone": "Asia/Shanghai"},
    )
    with at(moment):
        fired = await fire_reminders(channels=(ReminderChannel.EMAIL,))
    assert fired.fired == 1
    return row


async def send(box: Mailbox, moment: datetime, *, port: int | None = None, patience: float = 5) -> WorkerMetrics:
    """What a worker sends at a moment."""
    mailer = SmtpMailer(
        parse_smtp_url(f"smtp://127.0.0.1:{port or box.port}"), "Sluice <sluice@example.com>", timeout=patience
    )
    metrics, stopping = WorkerMetrics(), asyncio.Event()
    with at(moment):
        sending = asyncio.create_task(send_letters(stopping, metrics, mailer, lease=LEASE))
        due = ReminderDelivery.filter(state=D.WAITING, next_try_at__lte=moment)
        await within(10, lambda: _none(due))
        stopping.set()
        await sending
    return metrics


async def _none(rows: Any) -> bool:
    return not await rows.exists()


async def deliveries() -> list[tuple[Any, ...]]:
    return await ReminderDelivery.all().order_by("id").values_list("state", "attempts")


def counted(metrics: WorkerMetrics, end: str) -> float | None:
    return metrics.registry.get_sample_value("sluice_letters_total", {"end": end})


async def test_a_letter_is_in_its_readers_language_or_in_both_and_has_an_id_of_its_own(ann: User, box: Mailbox) -> None:
    bob = await make_user(Role.REP, team=await make_team("South"), email="bob@example.com")
    await User.filter(id=bob.id).update(language=Language.ZH)
    for user in (ann, bob):
        await remind(user)
    metrics = await send(box, MONDAY + timedelta(seconds=1))
    [anns], [bobs] = box.to("ann@example.com"), box.to("bob@example.com")
    assert (anns["From"], anns["Auto-Submitted"]) == ("Sluice <sluice@example.com>", "auto-generated")
    english = "Be in touch with the lead Acme Ltd by 2026-03-02 20:00 (Asia/Shanghai)."
    chinese = "请在 2026-03-02 20:00 (Asia/Shanghai) 前首次联系线索“Acme Ltd”。"
    assert anns["Subject"].strip() == english
    assert " ".join(anns.get_content().split()) == f"{english} {chinese}"
    assert bobs["Subject"].strip() == " ".join(bobs.get_content().split()) == chinese
    assert anns["Message-ID"] != bobs["Message-ID"]
    assert anns["Message-ID"].endswith("@example.com>")
    assert (await deliveries(), counted(metrics, "sent")) == ([(D.SENT, 1)] * 2, 2)


async def test_who_wants_no_letters_gets_none_and_what_was_seen_meanwhile_is_not_sent(ann: User, box: Mailbox) -> None:
    row = await remind(ann)
    await Reminder.filter(id=row.id).update(state=ReminderState.ACKNOWLEDGED)
    await send(box, MONDAY + timedelta(seconds=1))
    assert (box.letters, await deliveries()) == ([], [(D.DROPPED, 0)])
    await remind(ann, MONDAY + timedelta(minutes=1))
    await User.filter(id=ann.id).update(reminder_channels=[])
    await remind(ann, MONDAY + timedelta(minutes=2))
    await send(box, MONDAY + timedelta(hours=1))
    assert (box.letters, await deliveries()) == ([], [(D.DROPPED, 0)] * 2)


async def test_outside_of_working_hours_a_letter_waits_and_the_application_does_not(ann: User, box: Mailbox) -> None:
    await office(await viewing(await make_user(Role.ADMIN)))
    await User.filter(id=ann.id).update(calendar_id=(await BusinessCalendar.get(code="office")).id)
    friday, monday = datetime(2026, 3, 6, 18, tzinfo=UTC), datetime(2026, 3, 9, 9, tzinfo=UTC)
    await remind(ann, friday)
    assert await Reminder.all().values_list("state", "fired_at") == [(ReminderState.FIRED, friday)]
    await send(box, monday)
    assert not box.letters
    await send(box, monday + timedelta(seconds=1))
    assert len(box.letters) == 1


async def test_what_a_server_does_not_take_is_tried_again_later_each_time_and_at_last_parked(
    ann: User, box: Mailbox
) -> None:
    await remind(ann)
    box.answers = {"RCPT": "451 not now"}
    moment, pauses = MONDAY + timedelta(seconds=1), []
    for tries in range(1, MOST_TRIES + 1):
        metrics = await send(box, moment)
        [row] = await ReminderDelivery.all()
        assert row.attempts == tries
        pauses.append(row.next_try_at - moment)
        moment = row.next_try_at
    assert all(earlier < later for earlier, later in pairwise(pauses[:7]))
    assert (row.state, counted(metrics, "parked")) == (D.PARKED, 1)
    assert "451" in str(row.last_error)
    assert max(pauses) <= timedelta(hours=1.25)


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ({"RCPT": "550 nobody here"}, [(D.PARKED, 1)]),
        ({"DATA": "554 no"}, [(D.PARKED, 1)]),
        ({"MAIL": "550 not from you"}, [(D.WAITING, 1)]),
        ({"EHLO": "421 closing", "HELO": "421 closing"}, [(D.WAITING, 1)]),
    ],
)
async def test_what_would_not_arrive_another_time_is_not_tried_again(
    ann: User, box: Mailbox, answers: dict[str, str], states: list[tuple[DeliveryState, int]]
) -> None:
    await remind(ann)
    box.answers = answers
    await send(box, MONDAY + timedelta(seconds=1))
    assert (box.letters, await deliveries()) == ([], states)
    box.answers = {}
    await send(box, MONDAY + timedelta(hours=1))
    assert len(box.letters) == states.count((D.WAITING, 1))


async def test_a_server_that_is_away_or_silent_keeps_nobody_waiting_for_long(ann: User, box: Mailbox) -> None:
    await remind(ann)
    await send(box, MONDAY + timedelta(seconds=1), port=1)
    box.held = True
    await send(box, MONDAY + timedelta(hours=1), patience=0.2)
    box.held = False
    await send(box, MONDAY + timedelta(hours=3))
    assert await deliveries() == [(D.SENT, 3)]
    # What was not told of may have been taken: the letter is the same.
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


async def test_workers_share_what_waits(ann: User) -> None:
    for minute in range(30):
        await remind(ann, MONDAY + timedelta(minutes=minute))
    with at(MONDAY + timedelta(hours=1)):
        taken = await asyncio.gather(*(take_deliveries(at_most=7, lease=LEASE) for _ in range(6)))
    ids = [each.id for delivery in taken for each in delivery]
    assert len(ids) == len(set(ids)) == 30


async def test_a_worker_that_is_killed_after_it_has_sent_leaves_the_letter_to_another_one(
    ann: User, box: Mailbox, database: str
) -> None:
    await remind(ann)
    box.held = True
    address = f"smtp://127.0.0.1:{box.port}"
    process = subprocess.Popen([sys.executable, "-m", "tests.letter_worker", database, address], cwd=ROOT)  # noqa: ASYNC220  # it lasts
    try:
        await within(20, lambda: bool(box.letters))
    finally:
        kill(process)
    box.held = False
    assert await deliveries() == [(D.WAITING, 1)]
    await send(box, datetime.now(UTC))
    first, second = box.letters
    assert (first["Message-ID"], first.get_content()) == (second["Message-ID"], second.get_content())
    assert await deliveries() == [(D.SENT, 2)]
    assert await Reminder.all().values_list("state", "fired_at") == [(ReminderState.FIRED, MONDAY)]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://mail", ("mail", 25, Encryption.NONE, None, "")),
        ("smtps://a%40b:c%3Ad@mail:1465", ("mail", 1465, Encryption.TLS, "a@b", "c:d")),
        ("smtp+starttls://u:p@[::1]/", ("::1", 587, Encryption.STARTTLS, "u", "p")),
        ("smtp://u:p@127.0.0.1", ("127.0.0.1", 25, Encryption.NONE, "u", "p")),
        *((url, None) for url in ("smtp://u:p@mail", "http://mail", "smtp://", "smtp://mail:x", "smtp://mail/x", "?")),
    ],
)
def test_where_letters_are_handed_in_is_told_by_a_url(url: str, told: tuple[Any, ...] | None) -> None:
    if told is None:
        with pytest.raises(ValueError, match="must"):
            parse_smtp_url(url)
    else:
        at = parse_smtp_url(url)
        assert (at.host, at.port, at.encryption, at.user, at.password) == told

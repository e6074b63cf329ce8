"""Reminds people, for as long as the worker lives: looks for causes, fires what is due, sends letters."""

import asyncio
import time
from datetime import timedelta

from connectors.mail.mailer import Mail, Mailer, NotSent
from domain.reminder_texts import reminder_text
from domain.reminders import ReminderChannel
from services.company import Company
from services.reminders.deliver import Delivery, Failed, take_deliveries, tell_failed, tell_sent
from services.reminders.find import find_causes
from services.reminders.fire import BATCH, fire_reminders, withdraw_reminders
from workers.metrics import WorkerMetrics
from workers.repeating import repeat

PAUSE = 1.0
LONGEST_PAUSE = 3.0
SHARE = 0.05
"""How much of its time a worker looks for causes at the most, as far as LONGEST_PAUSE allows."""
MAILS = 20
"""Letters that go by one connection."""


async def find_reminders(stopping: asyncio.Event, company: Company) -> None:
    """Look for causes, and for those that are gone, again and again until `stopping` is set.

    Of several workers one at a time looks for causes. Where that takes long, there are longer pauses.
    """
    pause = PAUSE

    async def look(_paused: float) -> float:
        nonlocal pause
        began = time.monotonic()
        found = await find_causes(zone=company.zone, every=timedelta(seconds=0.9 * pause))
        if found is None:
            return PAUSE
        await withdraw_reminders()
        pause = min(max(PAUSE, (time.monotonic() - began) / SHARE), LONGEST_PAUSE)
        return 0.0 if found.more else PAUSE

    await repeat(look, stopping, failed="causes of reminders not found")


async def remind(stopping: asyncio.Event, metrics: WorkerMetrics, *, channels: tuple[ReminderChannel, ...]) -> None:
    """Fire what is due, each second until `stopping` is set; workers share it. `channels` can be used."""

    async def fire(_paused: float) -> float:
        fired = await fire_reminders(channels=channels)
        metrics.reminded.add(amount=fired.fired)
        return 0.0 if fired.taken >= BATCH else PAUSE

    await repeat(fire, stopping, failed="reminders not fired")


async def send_letters(stopping: asyncio.Event, metrics: WorkerMetrics, mailer: Mailer, *, lease: timedelta) -> None:
    """Send what waits, until `stopping` is set; workers share it. See `services.reminders.deliver`."""

    async def send(_paused: float) -> float:
        deliveries = await take_deliveries(at_most=MAILS, lease=lease)
        if not deliveries:
            return PAUSE
        told = await mailer.send([_letter(each, mailer.sender_domain) for each in deliveries])
        both = list(zip(deliveries, told, strict=True))
        sent = [delivery for delivery, why in both if why is None]
        failed = [_failed(delivery, why) for delivery, why in both if why is not None]
        await tell_sent(sent)
        parked = await tell_failed(failed)
        for end, count in (("sent", len(sent)), ("failed", len(failed) - parked), ("parked", parked)):
            metrics.letters.add(end, amount=count)
        return 0.0

    await repeat(send, stopping, failed="letters not sent")


def _failed(delivery: Delivery, why: NotSent) -> Failed:
    return Failed(delivery=delivery, error=why.why, final=why.final)


def _letter(delivery: Delivery, domain: str) -> Mail:
    """What is sent: the text in the reader's language, or in all, one below the other."""
    languages = ("en", "zh") if delivery.language is None else (delivery.language.lower(),)
    texts = [
        reminder_text(delivery.kind, delivery.subject_kind, delivery.cause_at, delivery.facts, language)
        for language in languages
    ]
    # The moment sets it apart from what another installation, or the same one made anew, sends for the same domain.
    made = f"{delivery.id}.{delivery.fired_at:%Y%m%d%H%M%S%f}"
    return Mail(
        to=delivery.email, subject=texts[0], text="\n\n".join(texts) + "\n", message_id=f"<reminder.{made}@{domain}>"
    )

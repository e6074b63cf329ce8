"""What people do with their reminders: see them, put them off, and say how they want to be told."""

from collections.abc import Sequence
from datetime import datetime

from domain.errors import InvalidInput, NotFound, Refused
from domain.paths import INPUT
from domain.problems import Problem
from domain.reminders import ReminderSettings, ReminderState, ids_problems, settings_problems, snooze_problems
from domain.unset import Unset
from models import Reminder, User
from rows.access import visible_ids
from rows.entities import REMINDER
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.transaction import retrying, transaction

_STANDS = (ReminderState.FIRED, ReminderState.SNOOZED)
_ACKNOWLEDGE = """
UPDATE reminder SET state = 'ACKNOWLEDGED' WHERE id = ANY ($1::bigint[]) AND state IN ('FIRED', 'SNOOZED')
"""


@retrying
async def acknowledge_reminders(
    *, viewer: Viewer, reminder_ids: Sequence[int], idempotency_key: str | None = None
) -> int:
    """Keep that `viewer` has seen these, all or none; how many. Those that are over already stay as they are.

    Raises Refused with NotFound, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"ids": list(reminder_ids)}
    request = Request(principal=viewer.user_id, mutation="reminderAck", key=idempotency_key, asked=asked)

    async def acknowledge() -> int:
        if problems := tuple(ids_problems(reminder_ids)):
            raise Refused(*problems)
        seen = set(await visible_ids(client, REMINDER, viewer, reminder_ids, lock=True))
        unseen = [place for place, each in enumerate(reminder_ids) if each not in seen]
        if unseen:
            raise Refused(*(NotFound(path=(*INPUT, "reminderIds", str(place))) for place in unseen))
        await client.connection.execute(_ACKNOWLEDGE, sorted(seen))
        return len(reminder_ids)

    async with transaction() as client:
        outcome = await once(client, request, acknowledge)
    return outcome.settle()


@retrying
async def snooze_reminder(
    *, viewer: Viewer, reminder_id: int, until: datetime, idempotency_key: str | None = None
) -> int:
    """Let a reminder fire again at `until`, once, unless its cause is gone by then; its id.

    Raises Refused with NotFound, InvalidInput (also where it is over) or IdempotencyKeyReused.
    """
    asked = {"id": reminder_id, "until": until}
    request = Request(principal=viewer.user_id, mutation="reminderSnooze", key=idempotency_key, asked=asked)

    async def snooze() -> int:
        path = (*INPUT, "id")
        if not await visible_ids(client, REMINDER, viewer, [reminder_id], lock=True):
            raise Refused(NotFound(path=path))
        if problems := tuple(snooze_problems(until, now=now())):
            raise Refused(*problems)
        found = Reminder.filter(id=reminder_id, state__in=_STANDS).using_db(client)
        if not await found.update(state=ReminderState.SNOOZED, due_at=until):
            raise Refused(InvalidInput(path=path, problem=Problem.NOT_IN_STATE, limit=", ".join(_STANDS)))
        return reminder_id

    async with transaction() as client:
        outcome = await once(client, request, snooze)
    return outcome.settle()


@retrying
async def set_reminder_settings(
    *, viewer: Viewer, settings: ReminderSettings, idempotency_key: str | None = None
) -> int:
    """Say how `viewer` wants to be told; their id. Raises Refused with InvalidInput or IdempotencyKeyReused."""
    request = Request(principal=viewer.user_id, mutation="reminderSettingsSet", key=idempotency_key, asked=settings)

    async def change() -> int:
        if problems := tuple(settings_problems(settings)):
            raise Refused(*problems)
        changed: dict[str, object] = {}
        if not isinstance(settings.channels, Unset):
            changed["reminder_channels"] = [channel.value for channel in settings.channels]
        if not isinstance(settings.language, Unset):
            changed["language"] = settings.language
        if changed:
            await User.filter(id=viewer.user_id).using_db(client).update(**changed)
        return viewer.user_id

    async with transaction() as client:
        outcome = await once(client, request, change)
    return outcome.settle()

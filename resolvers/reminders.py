"""Mutations of reminders: everybody's own."""

from typing import Any

import strawberry

from domain.errors import Refused
from domain.reminders import ReminderSettings
from reads.hook import RowRef
from resolvers.answers import Info, errors_of, written
from rows.entities import REMINDER, USER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.reminders import ReminderAckInput, ReminderSettingsSetInput, ReminderSnoozeInput
from schema.payloads.reminders import ReminderAckPayload, ReminderSettingsSetPayload, ReminderSnoozePayload
from services.reminders.answer import acknowledge_reminders, set_reminder_settings, snooze_reminder


@strawberry.type
class ReminderMutations:
    @mutation("Say that you have seen reminders, all or none of them.")
    async def reminder_ack(self, info: Info, input: ReminderAckInput) -> ReminderAckPayload | None:
        ids = [row_id(REMINDER, each) for each in input.reminder_ids]
        try:
            await acknowledge_reminders(
                viewer=info.context.viewer, reminder_ids=ids, idempotency_key=input.idempotency_key
            )
        except Refused as refused:
            return ReminderAckPayload(reminders=None, errors=errors_of(info, refused))
        rows: Any = [RowRef(REMINDER, number) for number in ids]  # read with the client's selection
        return ReminderAckPayload(reminders=rows, errors=[])

    @mutation("Put a reminder off: it fires once more at that moment, unless its cause is gone by then.")
    async def reminder_snooze(self, info: Info, input: ReminderSnoozeInput) -> ReminderSnoozePayload | None:
        async def work() -> int:
            return await snooze_reminder(
                viewer=info.context.viewer,
                reminder_id=row_id(REMINDER, input.id),
                until=input.until,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ReminderSnoozePayload, REMINDER, work)

    @mutation("Say how you want to be told.")
    async def reminder_settings_set(
        self, info: Info, input: ReminderSettingsSetInput
    ) -> ReminderSettingsSetPayload | None:
        async def work() -> int:
            return await set_reminder_settings(
                viewer=info.context.viewer,
                settings=command(ReminderSettings, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ReminderSettingsSetPayload, USER, work)

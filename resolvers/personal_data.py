"""Mutations of personal data."""

from typing import Any

import strawberry

from domain.errors import Refused
from domain.personal_data import Person
from reads.hook import RowRef
from resolvers.answers import Info, errors_of
from resolvers.jobs import started
from rows.entities import AUDIT_ENTRY, JOB
from schema.commands import command
from schema.describe import mutation
from schema.inputs.personal_data import PersonalDataEraseInput, PersonalDataExportInput
from schema.payloads.users import PersonalDataErasePayload, PersonalDataExportPayload
from services.personal.erase import erase_person
from services.personal.export import start_personal_export


@strawberry.type
class PersonalDataMutations:
    @mutation("Erase a person: what is known of them goes, what happened stays.")
    async def personal_data_erase(self, info: Info, input: PersonalDataEraseInput) -> PersonalDataErasePayload | None:
        try:
            erased = await erase_person(
                viewer=info.context.viewer,
                person=command(Person, input),
                reason=input.reason,
                confirm=input.confirm,
                idempotency_key=input.idempotency_key,
            )
        except Refused as refused:
            return PersonalDataErasePayload(audit_entry=None, job=None, errors=errors_of(info, refused))
        job: Any = None
        if erased.job_id is not None:
            await info.context.wake(erased.job_id)
            job = RowRef(JOB, erased.job_id)
        entry: Any = RowRef(AUDIT_ENTRY, erased.entry_id)  # both are read with the client's selection
        return PersonalDataErasePayload(audit_entry=entry, job=job, errors=[])

    @mutation("Put together what is held about a person, as a file of JSON, in a job.")
    async def personal_data_export(
        self, info: Info, input: PersonalDataExportInput
    ) -> PersonalDataExportPayload | None:
        async def work() -> int:
            return await start_personal_export(
                viewer=info.context.viewer, person=command(Person, input), idempotency_key=input.idempotency_key
            )

        return await started(info, PersonalDataExportPayload, work)

"""Mutations of personal data."""

import strawberry

from domain.personal_data import Person
from resolvers.answers import Info, written
from resolvers.jobs import started
from rows.entities import AUDIT_ENTRY
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
        async def work() -> int:
            return await erase_person(
                viewer=info.context.viewer,
                person=command(Person, input),
                reason=input.reason,
                confirm=input.confirm,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, PersonalDataErasePayload, AUDIT_ENTRY, work)

    @mutation("Put together what is held about a person, as a file of JSON, in a job.")
    async def personal_data_export(
        self, info: Info, input: PersonalDataExportInput
    ) -> PersonalDataExportPayload | None:
        async def work() -> int:
            return await start_personal_export(
                viewer=info.context.viewer, person=command(Person, input), idempotency_key=input.idempotency_key
            )

        return await started(info, PersonalDataExportPayload, work)

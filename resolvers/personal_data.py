"""Mutations of personal data."""

import strawberry

from domain.personal_data import Person
from resolvers.answers import Info, written
from rows.entities import AUDIT_ENTRY
from schema.commands import command
from schema.describe import mutation
from schema.inputs.personal_data import PersonalDataEraseInput
from schema.payloads import PersonalDataErasePayload
from services.personal.erase import erase_person


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

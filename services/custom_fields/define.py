"""Defining a custom field."""

from collections.abc import Sequence
from dataclasses import replace

from domain.audit import AuditAction
from domain.custom_fields.definition import (
    MOST_FIELDS,
    NewChoice,
    NewCustomField,
    new_field_problems,
)
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.errors import AlreadyExists, DomainError, NotPermitted, Refused
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.text import too_many
from models import CustomField, CustomFieldChoice
from models.connection import TransactionClient
from models.locks import AdvisoryLock
from rows.entities import CUSTOM_FIELD
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.references import answering
from services.transaction import retrying, transaction

_COUNT = "SELECT count(*) FROM custom_field WHERE entity = $1 AND archived_at IS NULL"


@retrying
async def define_custom_field(
    *, viewer: Viewer, company: Company, field: NewCustomField, idempotency_key: str | None = None
) -> int:
    """Define `field`; its id. Its key is taken for good, also once it is archived.

    Raises Refused with NotPermitted, InvalidInput, AlreadyExists (the key is taken) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="customFieldCreate", key=idempotency_key, asked=field)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _define(client, viewer, company, field))
    return outcome.settle()


async def _define(client: TransactionClient, viewer: Viewer, company: Company, field: NewCustomField) -> int:
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted())
    if field.type is CustomFieldType.MONEY and field.currency is None:
        field = replace(field, currency=company.currency)
    if problems := [*new_field_problems(field), *await room_problems(client, field.entity)]:
        raise Refused(*problems)
    row = CustomField(
        entity=field.entity,
        key=field.key,
        type=field.type,
        labels=field.labels.by_language(),
        description=field.description,
        required=field.required,
        longest=field.longest,
        minimum=field.minimum,
        maximum=field.maximum,
        decimals=field.decimals,
        currency=field.currency,
        position=field.position,
        created_at=now(),
    )
    with answering("custom_field_once", AlreadyExists(path=(*INPUT, "key"))):
        await row.save(using_db=client)
    field_id: int = row.id
    await CustomFieldChoice.bulk_create(choice_rows(field_id, field.choices), using_db=client)
    facts = {"entity": field.entity, "key": field.key, "type": field.type}
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.CUSTOM_FIELD_CREATED,
        subject=(CUSTOM_FIELD, field_id),
        facts=facts,
    )
    return field_id


async def room_problems(client: TransactionClient, entity: CustomFieldEntity) -> list[DomainError]:
    """Whether another field of `entity` can be in use; who asks is alone in it until the transaction ends."""
    await client.connection.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.CUSTOM_FIELDS)
    full = await client.connection.fetchval(_COUNT, entity) >= MOST_FIELDS
    return [too_many((*INPUT, "entity"), MOST_FIELDS)] if full else []


def choice_rows(field_id: int, choices: Sequence[NewChoice]) -> list[CustomFieldChoice]:
    """The rows of `choices`, counted from position 1."""
    return [
        CustomFieldChoice(
            field_id=field_id,
            code=choice.code,
            labels=choice.labels.by_language(),
            active=choice.active,
            position=position,
        )
        for position, choice in enumerate(choices, start=1)
    ]

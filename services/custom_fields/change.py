"""Changing the definition of a custom field."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.audit import AuditAction
from domain.custom_fields.definition import (
    MOST_CHOICES,
    CustomFieldChanges,
    NewChoice,
    bound_problems,
    changed_field_problems,
)
from domain.errors import NotFound, NotPermitted, Refused, VersionConflict
from domain.labels import Labels
from domain.naming import camel
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.text import too_many
from domain.unset import Unset, given
from models import CustomField, CustomFieldChoice
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import CUSTOM_FIELD
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.custom_fields.define import choice_rows
from services.idempotency import Request, once
from services.transaction import retrying, transaction

_CONTENT = ("code", "labels", "active", "position")


@retrying
async def update_custom_field(
    *,
    viewer: Viewer,
    field_id: int,
    expected_version: int,
    changes: CustomFieldChanges,
    idempotency_key: str | None = None,
) -> int:
    """Change the field if it still has `expected_version`; its id. Values that rows have stay as they are.

    Its version grows by one, or not at all when nothing really changes. Raises Refused with NotFound, NotPermitted,
    VersionConflict, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": field_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="customFieldUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        field = await lock_field(client, viewer, field_id)
        if field.version != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=field.version))
        await _change(client, viewer, field, changes)
        return field_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def lock_field(client: TransactionClient, viewer: Viewer, field_id: int) -> CustomField:
    """The field, which nobody writes values of meanwhile. Raises Refused with NotFound or NotPermitted."""
    if not await visible_ids(client, CUSTOM_FIELD, viewer, [field_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    return await CustomField.get(id=field_id, using_db=client)


async def write_field(
    client: TransactionClient,
    viewer: Viewer,
    field: CustomField,
    action: AuditAction,
    changed: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> None:
    """Write the columns that changed, the next version, and `facts` into the audit."""
    version = field.version + 1
    await CustomField.filter(id=field.id).using_db(client).update(**changed, version=version, updated_at=now())
    subject, facts = (CUSTOM_FIELD, field.id), {"version": version, **facts}
    await record(client, actor=viewer.user_id, action=action, subject=subject, facts=facts)


async def _change(client: TransactionClient, viewer: Viewer, field: CustomField, changes: CustomFieldChanges) -> None:
    problems = [
        *changed_field_problems(changes, field.type),
        *bound_problems(
            minimum=given(changes.minimum, field.minimum),
            maximum=given(changes.maximum, field.maximum),
            currency=field.currency,
        ),
    ]
    if problems:
        raise Refused(*problems)
    columns = {name: getattr(changes, name) for name in changes.mentioned if name != "choices"}
    if isinstance(changes.labels, Labels):
        columns["labels"] = changes.labels.by_language()
    changed = {name: value for name, value in columns.items() if getattr(field, name) != value}
    choices = not isinstance(changes.choices, Unset) and await _write_choices(client, field.id, changes.choices)
    if changed or choices:
        names = [camel(name) for name in (*changed, *(["choices"] if choices else []))]
        await write_field(client, viewer, field, AuditAction.CUSTOM_FIELD_UPDATED, changed, {"changed": names})


async def _write_choices(client: TransactionClient, field_id: int, choices: Sequence[NewChoice]) -> bool:
    """Make `choices` what can be chosen; whether that differs from before. Others stay, inactive, behind them."""
    before = await CustomFieldChoice.filter(field_id=field_id).order_by("position", "id").using_db(client)
    named = {choice.code for choice in choices}
    left_out = [row for row in before if row.code not in named]
    if len(choices) + len(left_out) > MOST_CHOICES:
        raise Refused(too_many((*INPUT, "choices"), MOST_CHOICES))
    after = choice_rows(field_id, choices)
    for position, row in enumerate(left_out, start=len(after) + 1):
        after.append(
            CustomFieldChoice(field_id=field_id, code=row.code, labels=row.labels, active=False, position=position)
        )
    if [_content(row) for row in before] == [_content(row) for row in after]:
        return False
    ids = {row.code: row.id for row in before}
    known = [row for row in after if row.code in ids]
    for row in known:
        row.id = ids[row.code]
        values = {name: getattr(row, name) for name in _CONTENT}
        await CustomFieldChoice.filter(id=row.id).using_db(client).update(**values)
    await CustomFieldChoice.bulk_create([row for row in after if row.code not in ids], using_db=client)
    return True


def _content(row: CustomFieldChoice) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)

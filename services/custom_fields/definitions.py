"""Definitions of custom fields, as reads and as writes need them."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from domain.custom_fields.values import Choice, Definition
from domain.labels import Labels
from models.connection import TransactionClient
from rows.custom_fields import NO_CUSTOM_FIELDS, CustomField, CustomFields

_IN_USE = "SELECT id, entity, key, type, index_state FROM custom_field WHERE archived_at IS NULL"
_PLAIN = ("key", "required", "longest", "minimum", "maximum", "decimals", "currency")
_DEFINITIONS = """
SELECT id, type, key, required, longest, minimum, maximum, decimals, currency FROM custom_field
WHERE entity = $1 AND archived_at IS NULL AND """
_NAMED = _DEFINITIONS + "key = ANY ($2::text[]) ORDER BY id FOR SHARE"
_REQUIRED = _DEFINITIONS + "required ORDER BY position, id"
_CHOICES = """
SELECT field_id, code, labels, active FROM custom_field_choice
WHERE field_id = ANY ($1::bigint[]) ORDER BY position, id
"""


class CustomFieldsInUse:
    """The custom fields that this process knows of. Who keeps it up to date calls `refresh` every few seconds."""

    def __init__(self, fetch: Callable[[str], Awaitable[Sequence[Any]]]) -> None:
        self._fetch = fetch
        self.current: CustomFields = NO_CUSTOM_FIELDS

    async def latest(self) -> CustomFields:
        """Those of this moment: what another process has defined or indexed since the last look is among them."""
        await self.refresh()
        return self.current

    async def refresh(self) -> None:
        """Look again. Raises what asking the database raises."""
        self.current = CustomFields(
            (
                CustomFieldEntity(row["entity"]),
                CustomField(
                    row["id"],
                    row["key"],
                    CustomFieldType(row["type"]),
                    indexed=row["index_state"] == CustomFieldIndexState.READY,
                ),
            )
            for row in await self._fetch(_IN_USE)
        )


async def hold_definitions(
    client: TransactionClient, entity: CustomFieldEntity, keys: Sequence[str]
) -> Mapping[str, Definition]:
    """The fields in use that `keys` name, by key, which stay as they are until the transaction ends."""
    return await _definitions(client, await client.connection.fetch(_NAMED, entity, list(keys)))


async def required_definitions(client: TransactionClient, entity: CustomFieldEntity) -> Mapping[str, Definition]:
    """The fields that a new row of `entity` needs, by key."""
    return await _definitions(client, await client.connection.fetch(_REQUIRED, entity))


async def _definitions(client: TransactionClient, rows: Sequence[Any]) -> dict[str, Definition]:
    choices: defaultdict[int, dict[str, Choice]] = defaultdict(dict)
    if fields := [row["id"] for row in rows if row["type"] == CustomFieldType.CHOICE]:
        for row in await client.connection.fetch(_CHOICES, fields):
            labels = Labels(**orjson.loads(row["labels"]))
            choices[row["field_id"]][row["code"]] = Choice(labels=labels, active=row["active"])
    return {
        row["key"]: Definition(
            **{name: row[name] for name in _PLAIN},
            type=CustomFieldType(row["type"]),
            choices=choices[row["id"]],
        )
        for row in rows
    }

"""Changing a customer."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from domain.custom_fields.kinds import CustomFieldEntity
from domain.customer_entry import CustomerChanges, customer_problems, origin_problems
from domain.customer_parts import NewAddress, NewContact, addresses_problems, contacts_problems
from domain.errors import AlreadyExists, DomainError, Refused
from domain.events import Aggregate, EventType
from domain.naming import camel
from domain.paths import INPUT
from domain.permissions import Action
from domain.unset import given
from models import Customer
from models.connection import TransactionClient
from rows.entities import CHANNEL, REGION
from rows.viewer import Viewer
from services.clock import now
from services.custom_fields.values import CheckedValues, changed_values
from services.customers.levels import LevelChange, levels_changed
from services.customers.locking import lock_customer_as
from services.customers.parts import Parts, find_parts, write_parts
from services.idempotency import Request, once
from services.outbox import append
from services.references import answering, unseen
from services.tiers.classify import customers_changed
from services.transaction import retrying, transaction

AllParts: TypeAlias = tuple[Parts[NewContact] | None, Parts[NewAddress] | None]
"""Contacts and addresses, None where they are not mentioned."""
_LISTS = frozenset({"contacts", "addresses"})


@retrying
async def update_customer(
    *,
    viewer: Viewer,
    customer_id: int,
    expected_version: int,
    changes: CustomerChanges,
    idempotency_key: str | None = None,
) -> int:
    """Change the customer if it still has `expected_version`; its id. A new level is copied to all its orders.

    Its version grows by one, or not at all when nothing really changes. Raises Refused with NotFound, NotPermitted,
    VersionConflict, InvalidInput, AlreadyExists (the external id is taken) or IdempotencyKeyReused.
    """
    asked = {"id": customer_id, "expectedVersion": expected_version, "changes": changes}
    request = Request(principal=viewer.user_id, mutation="customerUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        customer = await lock_customer_as(client, viewer, customer_id, expected_version, Action.KEEP_CUSTOMERS)
        custom = await changed_values(
            client, viewer, CustomFieldEntity.CUSTOMER, changes.custom_fields, before=customer.custom_fields
        )
        parts = await _parts(client, customer, changes)
        await _check(client, viewer, customer, changes, custom, parts)
        await _change(client, viewer, customer, changes, custom, parts)
        return customer_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _parts(client: TransactionClient, customer: Customer, changes: CustomerChanges) -> AllParts:
    return (
        await find_parts(client, customer.id, NewContact, "contacts", changes.contacts),
        await find_parts(client, customer.id, NewAddress, "addresses", changes.addresses),
    )


async def _check(
    client: TransactionClient,
    viewer: Viewer,
    customer: Customer,
    changes: CustomerChanges,
    custom: CheckedValues,
    parts: AllParts,
) -> None:
    managed = {"channelId": (CHANNEL, changes.channel_id), "regionId": (REGION, changes.region_id)}
    problems = [
        *customer_problems(changes, now=now()),
        *_parts_problems(parts),
        *origin_problems(
            channel_id=given(changes.channel_id, customer.channel_id),
            external_id=given(changes.external_id, customer.external_id),
        ),
        *await unseen(client, viewer, managed),
        *custom.problems,
    ]
    if problems:
        raise Refused(*problems)


def _parts_problems(parts: AllParts) -> Iterator[DomainError]:
    contacts, addresses = parts
    if contacts:
        yield from contacts.faults or contacts_problems(contacts.typed)
    if addresses:
        yield from addresses.faults or addresses_problems(addresses.typed)


async def _change(
    client: TransactionClient,
    viewer: Viewer,
    customer: Customer,
    changes: CustomerChanges,
    custom: CheckedValues,
    parts: AllParts,
) -> None:
    changed = _changed_columns(customer, changes, custom)
    contacts, addresses = parts
    lists = []
    if contacts and await write_parts(client, customer.id, contacts):
        lists.append("contacts")
    if addresses and await write_parts(client, customer.id, addresses):
        lists.append("addresses")
    if not changed and not lists:
        return
    with answering("customer_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
        await _write(client, viewer, customer, changed, lists)
    if "level" in changed:
        change = LevelChange(customer_id=customer.id, from_level=customer.level, to_level=changed["level"])
        await levels_changed(client, [change], by=viewer.user_id, reason=None)
    await customers_changed(client, [customer.id])


def _changed_columns(customer: Customer, changes: CustomerChanges, custom: CheckedValues) -> dict[str, Any]:
    values = {name: getattr(changes, name) for name in changes.mentioned if name not in _LISTS}
    values["custom_fields"] = custom.after
    if "tags" in values:
        values["tags"] = list(values["tags"])
    return {name: value for name, value in values.items() if getattr(customer, name) != value}


async def _write(
    client: TransactionClient, viewer: Viewer, customer: Customer, changed: dict[str, Any], lists: list[str]
) -> None:
    version, seq = customer.version + 1, customer.last_seq + 1
    await (
        Customer.filter(id=customer.id)
        .using_db(client)
        .update(**changed, version=version, last_seq=seq, updated_at=now())
    )
    await append(
        client,
        aggregate=Aggregate.CUSTOMER,
        aggregate_id=customer.id,
        type=EventType.CUSTOMER_UPDATED,
        before=customer,
        payload={"version": version, "changed": [camel(name) for name in (*changed, *lists)], "by": viewer.user_id},
    )

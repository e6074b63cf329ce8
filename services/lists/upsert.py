"""Making an entry of a managed list, or changing the one that there is."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from domain.audit import AuditAction
from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.labels import Labels
from domain.leads.pools import LeadPoolEntry
from domain.levels import LevelRuleEntry
from domain.managed_lists import Entry, RateEntry, entry_problems
from domain.money import round_money
from domain.naming import camel
from domain.numbers import plain
from domain.paths import INPUT
from domain.permissions import may
from domain.prices import ChannelPriceEntry
from domain.problems import Problem
from domain.text import is_storable
from domain.unset import Unset
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.audit import record
from services.company import Company
from services.idempotency import Request, once
from services.lists.kinds import LISTS, ManagedList
from services.references import Reference, unseen, violates
from services.transaction import retrying, savepoint, transaction


async def upsert_rate(
    *, viewer: Viewer, company: Company, rate: RateEntry, expected_version: int | None, idempotency_key: str | None
) -> int:
    """As `upsert_entry`, of an exchange rate. Orders that are there keep the rate that they were entered with."""
    own = InvalidInput(path=(*INPUT, "currency"), problem=Problem.OWN_CURRENCY)
    return await upsert_entry(
        viewer=viewer,
        entry=rate,
        expected_version=expected_version,
        idempotency_key=idempotency_key,
        problems=[own] if rate.currency == company.currency else (),
    )


@retrying
async def upsert_entry(
    *,
    viewer: Viewer,
    entry: Entry,
    expected_version: int | None,
    idempotency_key: str | None = None,
    problems: Sequence[InvalidInput] = (),
) -> int:
    """Make the entry with this key if `expected_version` is None, else change it if it still has that version.

    Gives its id. Its version grows by one, or not at all when nothing really changes. `problems` are what the caller
    found wrong. Raises Refused with NotPermitted, InvalidInput, NotFound (there is none to change), VersionConflict
    (also where there is one already) or IdempotencyKeyReused.
    """
    of = LISTS[type(entry)]
    asked = {"expectedVersion": expected_version, "entry": entry}
    request = Request(principal=viewer.user_id, mutation=of.mutation, key=idempotency_key, asked=asked)

    async def upsert() -> int:
        if not may(viewer, of.keeping):
            raise Refused(NotPermitted())
        found = await _lock(client, of, entry)
        if found and expected_version is None:
            raise Refused(_taken(of))
        if found and found["version"] != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=found["version"]))
        wrong = [
            *entry_problems(entry),
            *problems,
            *await unseen(client, viewer, _references(of, entry)),
            *(_absence(of, entry, expected_version) if not found else ()),
        ]
        if wrong:
            raise Refused(*wrong)
        return await _change(client, viewer, of, found, entry) if found else await _make(client, viewer, of, entry)

    async with transaction() as client:
        outcome = await once(client, request, upsert)
    return outcome.settle()


async def _lock(client: TransactionClient, of: ManagedList, entry: Entry) -> dict[str, Any] | None:
    key = _key(of, entry)
    if not all(is_storable(value) for value in key.values() if isinstance(value, str)):
        return None
    found = await of.model.filter(**key).using_db(client).select_for_update().values()
    return found[0] if found else None


def _absence(of: ManagedList, entry: Entry, expected_version: int | None) -> Iterator[DomainError]:
    """What is wrong where there is no such entry: it should be there, or cannot be made."""
    if expected_version is not None:
        yield NotFound(path=(*INPUT, camel(of.key[-1])))
        return
    ends = ("ends_on",) if isinstance(entry, ChannelPriceEntry) and entry.promotion else ()
    for name in (*of.needed, *ends):
        if isinstance(getattr(entry, name), Unset):
            yield InvalidInput(path=(*INPUT, camel(name)), problem=Problem.MISSING)


async def _make(client: TransactionClient, viewer: Viewer, of: ManagedList, entry: Entry) -> int:
    key = _key(of, entry)
    columns = _columns(of, entry)
    row: Model = of.model(**key, **columns)
    try:
        async with savepoint(client):
            await row.save(using_db=client)
    except IntegrityError as error:
        if not violates(error, of.constraint):
            raise
        raise Refused(_taken(of)) from error
    entry_id: int = row.pk
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.LIST_ENTRY_CREATED,
        subject=(of.entity, entry_id),
        facts=_plain(key | columns),
    )
    if of.changed:
        await of.changed(client)
    return entry_id


async def _change(
    client: TransactionClient, viewer: Viewer, of: ManagedList, found: dict[str, Any], entry: Entry
) -> int:
    changed = {name: value for name, value in _columns(of, entry).items() if found[name] != value}
    entry_id: int = found["id"]
    if not changed:
        return entry_id
    await of.model.filter(id=entry_id).using_db(client).update(**changed, version=found["version"] + 1)
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.LIST_ENTRY_UPDATED,
        subject=(of.entity, entry_id),
        facts=_plain(_key(of, entry))
        | {"from": _plain({name: found[name] for name in changed}), "to": _plain(changed)},
    )
    if of.changed:
        await of.changed(client)
    return entry_id


def _key(of: ManagedList, entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in of.key}


def _columns(of: ManagedList, entry: Entry) -> dict[str, Any]:
    columns = {name: getattr(entry, name) for name in entry.mentioned if name not in of.key}
    if isinstance(entry, RateEntry) and "rate" in columns:
        columns["rate"] = plain(columns["rate"])
    if isinstance(entry, ChannelPriceEntry) and "price" in columns:
        columns["price"] = round_money(columns["price"], entry.currency)
    for name in {"most_per_line", "price_tolerance", "most_without_customer"} & set(columns):
        columns[name] = None if columns[name] is None else plain(columns[name])
    if isinstance(entry, LevelRuleEntry) and "filter" in columns:
        columns["condition"] = _stored(columns.pop("filter"))
    if isinstance(entry, LeadPoolEntry) and "entry_filter" in columns:
        columns["entry_filter"] = _stored(columns["entry_filter"])
    for name in {"tags", "origins"} & set(columns):
        columns[name] = list(columns[name])
    if "labels" in columns:
        labels: Labels = columns["labels"]
        columns["labels"] = labels.by_language()
    return columns


def _stored(given: Any) -> Any:
    """A filter as JSON holds it."""
    return orjson.loads(orjson.dumps(given, default=str))


def _references(of: ManagedList, entry: Entry) -> dict[str, Reference]:
    return {camel(name): (entity, getattr(entry, name)) for name, entity in of.references.items()}


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    """`columns` as JSON holds them."""
    return {
        name: value if isinstance(value, bool | int | dict | list | None) else str(value)
        for name, value in columns.items()
    }


def _taken(of: ManagedList) -> AlreadyExists:
    return AlreadyExists(path=(*INPUT, camel(of.key[-1])))

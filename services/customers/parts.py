"""The contacts and addresses of a customer: lists of rows, of which a change says which stay."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Generic, TypeVar

from tortoise.models import Model

from domain.customer_parts import NewAddress, NewContact
from domain.edited_parts import EditedPart, edited_problems
from domain.errors import DomainError
from domain.paths import INPUT
from domain.unset import Unset, given
from models import CustomerAddress, CustomerContact
from models.connection import TransactionClient

P = TypeVar("P", NewContact, NewAddress)
_TABLES: Mapping[type, type[Model]] = {NewContact: CustomerContact, NewAddress: CustomerAddress}


@dataclass(frozen=True, kw_only=True)
class Parts(Generic[P]):
    """Parts of one `kind`: those `before` by their ids in their order, and those `after`, new ones without an id.

    Where there are `faults`, `after` is empty.
    """

    kind: type[P]
    before: Mapping[int, P]
    after: Sequence[tuple[int | None, P]]
    faults: Sequence[DomainError]

    @property
    def typed(self) -> list[P]:
        """The parts `after`, without their ids."""
        return [part for _, part in self.after]


async def find_parts(
    client: TransactionClient, customer_id: int, kind: type[P], name: str, edited: Sequence[EditedPart[P]] | Unset
) -> Parts[P] | None:
    """The parts of a locked customer that its field `name` makes what is `edited`; None if it is not mentioned."""
    if isinstance(edited, Unset):
        return None
    columns = [field.name for field in fields(kind)]
    rows = await _TABLES[kind].filter(customer_id=customer_id).order_by("id").using_db(client).values("id", *columns)
    before = {row["id"]: kind(**{column: row[column] for column in columns}) for row in rows}
    if faults := list(edited_problems((*INPUT, name), edited, before)):
        return Parts(kind=kind, before=before, after=[], faults=faults)
    ids = [given(part.id, None) for part in edited]
    after = [
        (row_id, part.typed(None if row_id is None else before[row_id]))
        for row_id, part in zip(ids, edited, strict=True)
    ]
    return Parts(kind=kind, before=before, after=after, faults=[])


async def write_parts(client: TransactionClient, customer_id: int, parts: Parts[P]) -> bool:
    """Make the customer's parts what they are `after`; whether that differs from what was there."""
    same = zip(parts.after, parts.before, strict=False)
    if parts.typed == [*parts.before.values()] and all(row_id in (None, was) for (row_id, _), was in same):
        return False
    table = _TABLES[parts.kind]
    kept = {row_id: part for row_id, part in parts.after if row_id is not None}
    gone = [row_id for row_id in parts.before if row_id not in kept]
    changed = {row_id: part for row_id, part in kept.items() if part != parts.before[row_id]}
    new = [part for row_id, part in parts.after if row_id is None]
    if gone:
        await table.filter(id__in=gone).using_db(client).delete()
    for row_id, part in changed.items():
        await table.filter(id=row_id).using_db(client).update(**asdict(part))
    await insert_parts(client, customer_id, new)
    return bool(gone or changed or new)


async def insert_parts(client: TransactionClient, customer_id: int, parts: Sequence[P]) -> None:
    """Give the customer new parts of one kind, in their order."""
    if parts:
        table = _TABLES[type(parts[0])]
        await table.bulk_create([table(customer_id=customer_id, **asdict(part)) for part in parts], using_db=client)

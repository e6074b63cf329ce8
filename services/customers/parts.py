"""The contacts and addresses of a customer: lists that are replaced as a whole."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from tortoise.models import Model

from domain.customer_entry import NewAddress, NewContact
from models import CustomerAddress, CustomerContact
from models.connection import TransactionClient

Part = NewContact | NewAddress
_TABLES: dict[type[Part], type[Model]] = {NewContact: CustomerContact, NewAddress: CustomerAddress}


async def write_parts(client: TransactionClient, customer_id: int, kind: type[Part], parts: Sequence[Part]) -> bool:
    """Make `parts`, all of one `kind`, the customer's, in their order; whether they differ from those before."""
    table = _TABLES[kind]
    columns = [field.name for field in fields(kind)]
    before = await table.filter(customer_id=customer_id).order_by("id").using_db(client).values(*columns)
    after = [asdict(part) for part in parts]
    if before == after:
        return False
    await table.filter(customer_id=customer_id).using_db(client).delete()
    await table.bulk_create([table(customer_id=customer_id, **part) for part in after], using_db=client)
    return True

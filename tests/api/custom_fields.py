"""What tests of custom fields share: documents, fields of every type, and their values."""

from typing import Any

from models import User
from tests.api.conftest import Client
from tests.api.selling import Company
from tests.api.writing import ERRORS, written

VALUES = (
    "customFields { key type label text number money { amount currency } date yesNo choice choiceLabel person { id } }"
)
FIELD = """customField { id version entity key type label labels { en zh } required longest minimum maximum decimals
    currency choices { code label active } position archived indexState indexJob { kind state } }"""
CREATE = f"mutation($input: CustomFieldCreateInput!) {{ customFieldCreate(input: $input) {{ {FIELD} {ERRORS} }} }}"
UPDATE = f"mutation($input: CustomFieldUpdateInput!) {{ customFieldUpdate(input: $input) {{ {FIELD} {ERRORS} }} }}"
ARCHIVE = f"mutation($input: CustomFieldArchiveInput!) {{ customFieldArchive(input: $input) {{ {FIELD} {ERRORS} }} }}"
RESTORE = f"mutation($input: CustomFieldRestoreInput!) {{ customFieldRestore(input: $input) {{ {FIELD} {ERRORS} }} }}"
INDEX = f"mutation($input: CustomFieldIndexInput!) {{ customFieldIndex(input: $input) {{ {FIELD} {ERRORS} }} }}"


def writing(mutation: str, name: str) -> str:
    """A mutation of an entity, which answers with the custom fields."""
    of = mutation[0].upper() + mutation[1:]
    row = f"{name} {{ id version {VALUES} }}"
    return f"mutation($input: {of}Input!) {{ {mutation}(input: $input) {{ {row} {ERRORS} }} }}"


ORDER_CREATE = writing("orderCreate", "order")
ORDER_UPDATE = writing("orderUpdate", "order")
CUSTOMER_CREATE = writing("customerCreate", "customer")
CUSTOMER_UPDATE = writing("customerUpdate", "customer")
PRODUCT_UPSERT = writing("productUpsert", "product")
CHOICES = [
    {"code": "A", "labels": {"en": "Good", "zh": "好"}},
    {"code": "B", "labels": {"en": "Bad"}},
]
FIELDS: dict[str, dict[str, Any]] = {
    "po_number": {"type": "TEXT", "longest": 20},
    "weight": {"type": "NUMBER", "minimum": "0", "maximum": "1000", "decimals": 3},
    "deposit": {"type": "MONEY", "currency": "JPY", "minimum": "0"},
    "visit": {"type": "DATE"},
    "gift": {"type": "YES_NO"},
    "rating": {"type": "CHOICE", "choices": CHOICES},
    "buddy": {"type": "PERSON"},
}


async def define(client: Client, as_: User, entity: str, key: str, **given: Any) -> dict[str, Any]:
    """A field with a key of `FIELDS`, or of another that is given whole."""
    labels = {"en": key.upper(), "zh": f"字段 {key}"}
    given = {"entity": entity, "key": key, "labels": labels, **FIELDS.get(key, {}), **given}
    return await written(client, CREATE, given, as_=as_)


async def define_all(client: Client, company: Company, entity: str) -> dict[str, dict[str, Any]]:
    """All of `FIELDS`."""
    return {
        key: await define(client, company.ada, entity, key, position=position) for position, key in enumerate(FIELDS)
    }


def filled(company: Company) -> list[dict[str, Any]]:
    """A value of each of `FIELDS`."""
    return [
        {"key": "po_number", "text": "PO '1' \\ \" {t} 漢"},
        {"key": "weight", "number": "12.500"},
        {"key": "deposit", "money": "1000"},
        {"key": "visit", "date": "0987-06-05"},
        {"key": "gift", "yesNo": False},
        {"key": "rating", "choice": "A"},
        {"key": "buddy", "person": f"usr_{company.bob.id}"},
    ]

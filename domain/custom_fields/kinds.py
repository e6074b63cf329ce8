"""Which entities take custom fields, which types these have, and how far their index is."""

from enum import StrEnum


class CustomFieldEntity(StrEnum):
    """What a custom field is a field of."""

    CUSTOMER = "CUSTOMER"
    ORDER = "ORDER"
    PRODUCT = "PRODUCT"
    LEAD = "LEAD"


class CustomFieldType(StrEnum):
    """What the values of a custom field are; it never changes."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    DATE = "DATE"
    YES_NO = "YES_NO"
    CHOICE = "CHOICE"
    PERSON = "PERSON"


class CustomFieldIndexState(StrEnum):
    """Whether lists can be sorted by a custom field, and filtered by it without reading every row."""

    NONE = "NONE"
    BUILDING = "BUILDING"
    READY = "READY"
    DROPPING = "DROPPING"

"""Fields that a company defines: which there are, and which values rows have of them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.values import money, written
from tests.oracle.visibility import Viewer
from tests.oracle.world import Row, World, custom_column

MEMBERS = {
    "TEXT": "text",
    "NUMBER": "number",
    "MONEY": "money",
    "DATE": "date",
    "YES_NO": "yesNo",
    "CHOICE": "choice",
    "PERSON": "person",
}
"""What holds the value of each type, in answers and in conditions."""
PYTHON: dict[str, Any] = {
    **dict.fromkeys(("TEXT", "CHOICE"), str),
    **dict.fromkeys(("NUMBER", "MONEY"), Decimal),
    "DATE": date,
    "YES_NO": bool,
    "PERSON": int,
}
ENTITIES = {"Order", "Customer", "Product", "Lead"}


def in_use(world: World, type_name: str) -> Iterator[Row]:
    """The fields of a type that are not archived, in their order."""
    fields = [field for field in world.of("CustomField") if field.columns["entity"] == type_name.upper()]
    used = [field for field in fields if not field.columns["archived"]]
    return iter(sorted(used, key=lambda field: (field.columns["position"], field.id)))


def field_named(world: World, type_name: str, key: str) -> Row:
    """The field in use with this key."""
    return next(field for field in in_use(world, type_name) if field.columns["key"] == key)


def custom_values(viewer: Viewer, row: Row, keys: list[str] | None, language: str) -> list[dict[str, Any]]:
    """What `customFields` of a row answers."""
    return [
        _value(viewer.world, field, row.columns[custom_column(field)], language)
        for field in in_use(viewer.world, row.type)
        if row.columns[custom_column(field)] is not None and (keys is None or field.columns["key"] in keys)
    ]


def label_in(row: Row, language: str) -> str:
    """What a row is called in a language, or else in the other one."""
    names, order = row.columns["labels"], ("zh", "en") if language == "zh" else ("en", "zh")
    label: str = next(names[each] for each in order if each in names)
    return label


def _value(world: World, field: Row, value: Any, language: str) -> dict[str, Any]:
    of = field.columns["type"]
    choice = None
    if of == "CHOICE":
        choice = next(
            each for each in world.having("CustomFieldChoice", "field_id", field.id) if each.columns["code"] == value
        )
    shown = {"MONEY": lambda: money(value, field.columns["currency"]), "PERSON": lambda: world.get("User", value)}
    return {
        **dict.fromkeys(MEMBERS.values()),
        MEMBERS[of]: shown.get(of, lambda: written(value))(),
        "choiceLabel": choice and label_in(choice, language),
        "key": field.columns["key"],
        "type": of,
        "label": label_in(field, language),
        "field": field,
    }

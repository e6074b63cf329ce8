"""The fields that the demo company defined for itself, and their values: by number, without chance."""

from datetime import datetime
from typing import Any

import orjson

from app.demo.rows import Rows

RATINGS = {"A": ("Pays at once", "即时付款"), "B": ("Pays in time", "按时付款"), "C": ("Pays late", "经常拖延")}
WARRANTIES = {"Furniture": "60", "Lighting": "24", "Electronics": "24", "Kitchen": "12", "Safety": "6"}
"""Months, by category."""


def add_custom_fields(rows: Rows, *, made_at: datetime) -> None:
    """How customers pay, the customer's own number for an order, and how long a product has a warranty."""
    rating = _add(rows, "CUSTOMER", "credit_rating", "CHOICE", "Credit rating", "信用评级", made_at)
    _add(rows, "ORDER", "po_number", "TEXT", "Purchase order", "客户采购单号", made_at, longest=40)
    months = {"decimals": 0, "minimum": 0}
    _add(rows, "PRODUCT", "warranty_months", "NUMBER", "Warranty in months", "保修月数", made_at, **months)
    for position, (code, (english, chinese)) in enumerate(RATINGS.items(), start=1):
        rows.add(
            "custom_field_choice",
            field_id=rating,
            code=code,
            labels=_json({"en": english, "zh": chinese}),
            active=True,
            position=position,
        )


def customer_values(number: int) -> str:
    """The values of the customer of this number; every fifth was never rated."""
    return _json({"credit_rating": "AABC"[number % 5]} if number % 5 < 4 else {})


def order_values(number: int) -> str:
    """The values of the order of this number; every third customer gave one."""
    return _json({"po_number": f"PO-{100_000 + number * 7}"} if number % 3 == 0 else {})


def product_values(category: str) -> str:
    """The values of a product of this category."""
    return _json({"warranty_months": WARRANTIES[category]} if category in WARRANTIES else {})


def _add(
    rows: Rows, entity: str, key: str, type_: str, english: str, chinese: str, made_at: datetime, **bounds: Any
) -> int:
    return rows.add(
        "custom_field",
        version=1,
        entity=entity,
        key=key,
        type=type_,
        labels=_json({"en": english, "zh": chinese}),
        required=False,
        position=0,
        index_state="NONE",
        created_at=made_at,
        updated_at=made_at,
        **{"longest": None, "decimals": None, "minimum": None, **bounds},
    )


def _json(value: dict[str, str]) -> str:
    return orjson.dumps(value).decode()

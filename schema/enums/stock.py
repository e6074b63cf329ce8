"""Enums of stock."""

from domain.stock.movements import MovementKind
from schema.describe import enum

enum(
    MovementKind,
    {
        "RECEIPT": "Goods came in.",
        "ADJUSTMENT": "What is on hand was put right.",
        "TRANSFER": "Goods went from one warehouse to another: one movement in each.",
        "RESERVATION": "An order reserved it, for picking.",
        "RELEASE": "An order let go of it.",
        "ISSUE": "An order took it away.",
        "RETURN": "Goods came back with a return or exchange.",
        "SCRAP": "Goods that came back were scrapped: a RETURN of as many goes before it.",
    },
)

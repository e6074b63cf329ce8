"""The demo company's rules of levels; its workers propose by them as soon as they run."""

from datetime import datetime
from typing import Any

import orjson

from app.demo.rows import Rows

RULES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("large-and-loyal", "KEY_ACCOUNT", {"monetaryScore": {"eq": 5}, "frequencyScore": {"eq": 5}}),
    (
        "good-customer",
        "VIP",
        {"monetaryScore": {"gte": 4}, "frequencyScore": {"gte": 4}, "level": {"eq": "REGULAR"}},
    ),
)
"""Code, level, filter."""


def add_level_rules(rows: Rows, *, made_at: datetime) -> None:
    """Two rules, whose proposals people confirm."""
    for rank, (code, level, raw) in enumerate(RULES, start=1):
        rows.add(
            "level_rule",
            version=1,
            code=code,
            rank=rank,
            condition=orjson.dumps(raw).decode(),
            level=level,
            confirm="BY_PERSON",
            active=True,
            created_at=made_at,
        )

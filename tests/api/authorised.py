"""What `authorisation.toml` says: who sees which rows, and what of them. Nothing here knows how the product does it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.api.conftest import Client

Json = Any
UNLIMITED = dict.fromkeys(("operation_points", "caller_points", "caller_points_per_second"), 1_000_000_000)
"""Settings for those who ask so much."""


@cache
def table() -> dict[str, Any]:
    """The committed table."""
    return tomllib.loads(Path(__file__).with_name("authorisation.toml").read_text())


@cache
def principals(text: str) -> frozenset[str]:
    """Those named in a line of the table."""
    return frozenset((table()["everybody"] if text == "everybody" else text).split())


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: as whom of the table, with which scopes (None for a person), as which user."""

    name: str
    principal: str
    user_id: str
    headers: Mapping[str, str]
    scopes: frozenset[str] | None = None

    def granted(self, scope: str) -> bool:
        """Whether a need of `scope` is met."""
        if self.scopes is None or scope == "any":
            return True
        implied = {table()["implied"].get(each) for each in self.scopes}
        return scope in self.scopes | implied

    async def ask(self, client: Client, document: str, variables: Mapping[str, Any] | None = None) -> Json:
        """The whole answer."""
        return await client.query(document, variables, headers=self.headers)

    async def data(self, client: Client, document: str, variables: Mapping[str, Any] | None = None) -> Json:
        """`data` of an answer without errors."""
        answer = await self.ask(client, document, variables)
        assert "errors" not in answer, f"{self.name}: {answer['errors']}\n{document}"
        return answer["data"]


@dataclass
class World:
    """Everybody who asks, and the rows that there are: the type and the label in the table, by global id."""

    callers: dict[str, Caller] = field(default_factory=dict)
    rows: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, type_name: str, label: str, global_id: str) -> str:
        """Remember a row."""
        self.rows[global_id] = (type_name, label)
        return global_id

    def of(self, type_name: str) -> list[str]:
        """All rows of a type."""
        return [global_id for global_id, (of, _) in self.rows.items() if of == type_name]

    def labelled(self, type_name: str, label: str) -> str:
        """The newest row with that label."""
        return next(row for row, named in reversed(self.rows.items()) if named == (type_name, label))

    def all_labelled(self, type_name: str, label: str) -> set[str]:
        """All rows with that label."""
        return {row for row, named in self.rows.items() if named == (type_name, label)}

    def sees(self, caller: Caller, global_id: str) -> bool:
        """Whether the table says that `caller` sees the row."""
        type_name, label = self.rows[global_id]
        entry = table()["sees"][type_name]
        while "with" in entry:
            entry = table()["sees"][entry["with"]]
        ground, _, status = label.partition("@")
        who = principals(entry[ground]) | principals(table()["sees_by_status"].get(status, ""))
        return caller.principal in who and caller.granted(entry["scope"])

    def reads(self, caller: Caller, global_id: str, field_name: str) -> bool:
        """Whether the table says that `caller`, who sees the row, sees the value of one of its fields."""
        type_name, label = self.rows[global_id]
        who = table()["masked"].get(type_name, {}).get(field_name)
        if who is None:
            return True
        who = who if isinstance(who, str) else table()["told"][who[0]][label]
        # What ADMIN alone is told, no scope of a token opens.
        unmasked = caller.principal in principals(who) and (caller.scopes is None or caller.principal != "admin")
        return unmasked or ("self" in principals(who) and global_id == caller.user_id)

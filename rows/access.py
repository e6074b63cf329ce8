"""Rows that a command may touch, found under the same visibility as any read."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from domain.permissions import Action
from rows.declare import Entity
from rows.entities import ENTITIES
from rows.parameters import Context, Parameters, fill
from rows.sql import Compiler, ViewerShape
from rows.viewer import Viewer


class Client(Protocol):
    """A connection of Tortoise's, inside a transaction where rows are locked."""

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows that `query` gives."""


class Lock(StrEnum):
    """How rows are held until the transaction ends."""

    SHARE = "FOR SHARE"
    """They stay as they are."""
    NO_KEY_UPDATE = "FOR NO KEY UPDATE"
    """They are this transaction's to change, and others may still refer to them."""
    UPDATE = "FOR UPDATE"


async def visible_ids(
    client: Client, entity: Entity, viewer: Viewer, ids: Sequence[int], *, lock: bool = False
) -> list[int]:
    """Those of `ids` that name rows of `entity` which `viewer` sees, in order of id.

    With `lock`, each row is locked FOR UPDATE, in that order.
    """
    rows = await visible_rows(client, entity, viewer, ids, ("id",), lock=Lock.UPDATE if lock else None)
    return [row["id"] for row in rows]


async def visible_rows(
    client: Client, entity: Entity, viewer: Viewer, ids: Sequence[int], columns: Sequence[str], *, lock: Lock | None
) -> list[dict[str, Any]]:
    """As `visible_ids`, the `columns` of these rows, locked so with `lock`; what is not seen is not locked."""
    compiler = _compiler(viewer)
    wanted = compiler.parameters.value(0, 0, "bigint[]")
    where = _all(f"t.id = ANY({wanted})", compiler.visible(entity, "t"))
    sql = f"SELECT {_listed(columns)} FROM {entity.table} t WHERE {where} ORDER BY t.id"
    return await _fetch(client, viewer, compiler, f"{sql} {lock} OF t" if lock else sql, list(ids))


async def hold_behind(
    client: Client,
    entity: Entity,
    viewer: Viewer,
    row_id: int,
    relation: str,
    lock: Lock,
    *,
    columns: Sequence[str] = ("id",),
    actions: Sequence[Action] = (),
    where: str = "",
) -> list[dict[str, Any]]:
    """Lock the row to which `relation` of a row of `entity` leads, before that row itself is; its `columns`.

    Nothing is locked, and nothing given, unless `viewer` sees the row that leads there, and may take one of `actions`
    with it if any are said: whether they do is to be asked again once that row is locked. `where` is a condition on
    the row `t` that is locked.
    """
    compiler, to = _compiler(viewer), entity.to_one[relation]
    leading, wanted = compiler.alias(), compiler.parameters.value(0, 0, "bigint")
    permitted = compiler.may(actions, leading) if actions else ""
    leads = _all(f"{leading}.id = {wanted}", compiler.visible(entity, leading), permitted)
    found = f"t.id = (SELECT {leading}.{to.column} FROM {entity.table} {leading} WHERE {leads})"
    sql = f"SELECT {_listed(columns)} FROM {ENTITIES[to.target].table} t WHERE {_all(found, where)} {lock} OF t"
    return await _fetch(client, viewer, compiler, sql, row_id)


def _compiler(viewer: Viewer) -> Compiler:
    return Compiler(ViewerShape(viewer.roles, 0, viewer.scopes), Parameters())


def _all(*conditions: str) -> str:
    return " AND ".join(filter(None, conditions))


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"t.{column}" for column in columns)


async def _fetch(client: Client, viewer: Viewer, compiler: Compiler, sql: str, value: Any) -> list[dict[str, Any]]:
    context = Context(viewer, currency="", currency_digits=0, zone="", today=date.min)  # visibility asks for none
    return await client.execute_query_dict(sql, fill(compiler.parameters.sources, context, [[value]]))

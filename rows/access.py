"""Rows that a command may touch, found under the same visibility as any read."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from rows.declare import Entity
from rows.parameters import Context, Parameters, fill
from rows.sql import Compiler, ViewerShape
from rows.viewer import Viewer


class Client(Protocol):
    """A connection of Tortoise's, inside a transaction where rows are locked."""

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows that `query` gives."""


async def visible_ids(
    client: Client, entity: Entity, viewer: Viewer, ids: Sequence[int], *, lock: bool = False
) -> list[int]:
    """Those of `ids` that name rows of `entity` which `viewer` sees, in order of id.

    With `lock`, each row is locked FOR UPDATE, in that order.
    """
    compiler = Compiler(ViewerShape(viewer.roles, 0, viewer.scopes), Parameters())
    wanted = compiler.parameters.value(0, 0, "bigint[]")
    visible = compiler.visible(entity, "t")
    where = f"t.id = ANY({wanted})" + (f" AND {visible}" if visible else "")
    sql = f"SELECT t.id FROM {entity.table} t WHERE {where} ORDER BY t.id" + (" FOR UPDATE OF t" if lock else "")
    context = Context(viewer, currency="", currency_digits=0, zone="", today=date.min)  # visibility asks for none
    rows = await client.execute_query_dict(sql, fill(compiler.parameters.sources, context, [[list(ids)]]))
    return [row["id"] for row in rows]

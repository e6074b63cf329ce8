"""Whether the figures and scores of customers are those of their orders."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from services.rfm.figures import COLUMNS, FIGURES, IS_COUNTED, SCORE_COLUMNS, columns_of, scores

MOST_DIFFERENCES = 50


def _texts(alias: str) -> str:
    return ", ".join(f"{alias}.{column}::text" for column in (*COLUMNS, *SCORE_COLUMNS))


_WAITING = "SELECT FROM stale_customer w WHERE w.customer_id = c.id"
_SCORED = ", ".join(("id", *COLUMNS, *SCORE_COLUMNS))
_DIFFERENCES = f"""
WITH scale AS (SELECT * FROM rfm_scale UNION ALL SELECT (NULL::rfm_scale).* WHERE NOT EXISTS (SELECT FROM rfm_scale)),
bought AS (
    SELECT o.customer_id, {FIGURES} FROM sales_order o, scale s
    WHERE {IS_COUNTED} AND o.customer_id IS NOT NULL GROUP BY o.customer_id
), figures AS (
    SELECT c.id, b.last_order_at, coalesce(b.frequency, 0) AS frequency, coalesce(b.monetary, 0) AS monetary
    FROM customer c LEFT JOIN bought b ON b.customer_id = c.id WHERE NOT EXISTS ({_WAITING})
), exact ({_SCORED}) AS (
    SELECT f.*, {scores("f")} FROM figures f, scale s
)
SELECT c.id, ARRAY[{_texts("c")}] AS told, ARRAY[{_texts("exact")}] AS exact
FROM customer c JOIN exact USING (id)
WHERE ({columns_of("c")}) IS DISTINCT FROM ({columns_of("exact")})
ORDER BY c.id LIMIT $1
"""  # noqa: S608  # of names of ours


@dataclass(frozen=True)
class Difference:
    """A customer whose figures and scores, by their names, are not what its orders come to."""

    customer_id: int
    told: dict[str, str | None]
    exact: dict[str, str | None]


async def rfm_differences(connection: "asyncpg.Connection[asyncpg.Record]") -> list[Difference]:
    """The first customers that differ, as of one moment; those that wait to be measured are left out."""
    rows = await connection.fetch(_DIFFERENCES, MOST_DIFFERENCES)
    return [Difference(row["id"], _named(row["told"]), _named(row["exact"])) for row in rows]


def _named(values: Sequence[str | None]) -> dict[str, str | None]:
    return dict(zip((*COLUMNS, *SCORE_COLUMNS), values, strict=True))

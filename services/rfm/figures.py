"""What the figures of a customer are, as SQL: of orders `o`, by the scale `s`."""

from domain.rfm import BOUGHT, COUNTED

IS_COUNTED = f"o.status IN ({', '.join(sorted(repr(status.value) for status in COUNTED))})"
FIGURES = f"""
    max(o.placed_at) FILTER (WHERE o.status = '{BOUGHT}') AS last_order_at,
    (count(*) FILTER (WHERE o.status = '{BOUGHT}' AND o.placed_at >= s.starts_at))::int AS frequency,
    coalesce(sum(o.base_total) FILTER (WHERE o.placed_at >= s.starts_at), 0) AS monetary
"""
COLUMNS = ("last_order_at", "frequency", "monetary")
_CUTS = {"recency": "last_order_at", "frequency": "frequency", "monetary": "monetary"}
SCORE_COLUMNS = tuple(f"{name}_score" for name in _CUTS)


def scores(of: str) -> str:
    """The three scores of the figures in `of`, which has COLUMNS.

    Who never bought has none; who bought before the window alone has the lowest, whatever was given back since.
    """
    return ", ".join(
        f"CASE WHEN {of}.last_order_at IS NOT NULL THEN 1 + (CASE WHEN {of}.frequency > 0 THEN"  # noqa: S608  # of names of ours
        f" (SELECT count(*) FROM unnest(s.{name}_cuts) cut WHERE {of}.{column} > cut) ELSE 0 END)::int END"
        for name, column in _CUTS.items()
    )


def columns_of(alias: str, columns: tuple[str, ...] = (*COLUMNS, *SCORE_COLUMNS)) -> str:
    """The columns of the row `alias`."""
    return ", ".join(f"{alias}.{column}" for column in columns)

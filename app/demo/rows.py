"""Rows on their way into an empty database: they get their ids here, so that they can point to each other."""

from collections import defaultdict
from typing import Any

import asyncpg

Row = dict[str, Any]


class Rows:
    """The rows of each table, in the order in which they were added."""

    def __init__(self) -> None:
        self._tables: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **columns: Any) -> int:
        """Add a row; its id. All rows of a table have the same columns."""
        rows = self._tables[table]
        rows.append({"id": len(rows) + 1, **columns})
        return len(rows)

    def of(self, table: str) -> list[Row]:
        """The rows of one table."""
        return self._tables[table]

    async def store(self, connection: asyncpg.Connection) -> None:
        """Copy everything into the tables, which are empty, and let their ids go on from there."""
        for table, rows in self._tables.items():
            columns = list(rows[0])
            records = [tuple(row[column] for column in columns) for row in rows]
            await connection.copy_records_to_table(table, columns=columns, records=records)
            await connection.execute("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", table, len(rows))

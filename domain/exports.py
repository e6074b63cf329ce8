"""Files that go out: their formats."""

from enum import StrEnum

MOST_COLUMNS = 100
MOST_ROWS_OF_XLSX = 1_048_575
"""Below the header."""


class ExportFormat(StrEnum):
    """How a file is written."""

    CSV = "CSV"
    XLSX = "XLSX"
    NDJSON = "NDJSON"

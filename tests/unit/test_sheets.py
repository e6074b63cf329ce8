"""XLSX files: numbers and moments as they were meant, and files made to do harm refused before they can."""

import gzip
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from services.imports import rows as csv_rows
from services.imports import sheets
from services.imports.preset import FileTable
from services.imports.rows import read_rows
from services.imports.sheet_reader import cell_as_text
from services.imports.unreadable import FileUnreadable, Row

FORM = FileTable(time_format="%Y-%m-%d %H:%M:%S", zone=ZoneInfo("Europe/London"))


def book(path: Path, cells: dict[tuple[int, int], Any]) -> Path:
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet()
    moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for (row, column), value in cells.items():
        sheet.write(row, column, value, moment if isinstance(value, datetime) else None)
    made.close()
    return path


def packed(path: Path, **parts: bytes) -> Path:
    """A ZIP of parts, called as spreadsheets call them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in parts.items():
            made.writestr(f"xl/{name}.xml", content)
    return path


def read(path: Path) -> list[Row]:
    return list(read_rows(path, FORM, name="a.xlsx"))


def test_a_sheet_is_read_as_it_was_meant(tmp_path: Path) -> None:
    cells = {
        **{(2, place): name for place, name in enumerate(["no", "price", "when", "note"])},
        (3, 0): 536365,
        (3, 1): 12.1,
        (3, 2): datetime(2010, 12, 1, 8, 26),  # noqa: DTZ001  # a spreadsheet's moments have no zone
        (5, 0): "007",
        (5, 1): 0.1 + 0.2,
        (5, 3): "张三",
    }
    assert read(book(tmp_path / "a.xlsx", cells)) == [
        Row(3, ["no", "price", "when", "note"]),
        Row(4, ["536365", "12.1", "2010-12-01 08:26:00", ""]),
        Row(6, ["007", "0.3", "", "张三"]),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.1, "12.1"),
        (7.0, "7"),
        (1e-05, "0.00001"),
        (1e20, "100000000000000000000"),
        (-0.5, "-0.5"),
        (True, "TRUE"),
        (datetime(2026, 1, 31, 8, 25, 59, 999_600), "2026-01-31 08:26:00"),  # noqa: DTZ001  # as above
    ],
)
def test_a_cell_is_what_people_see(value: Any, text: str) -> None:
    assert cell_as_text(value, FORM.time_format) == text


def refusal(path: Path) -> str:
    with pytest.raises(FileUnreadable) as refused:
        read(path)
    return str(refused.value)


def test_bombs_are_refused_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_LARGE", 100_000)
    squeezed = packed(tmp_path / "1.xlsx", sheet=b"0" * 1_000_000)
    assert "packed or written as no spreadsheet is" in refusal(squeezed)
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 900_000)
    assert "more than 900,000 bytes when unpacked" in refusal(squeezed)
    entities = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert "packed or written as no spreadsheet is" in refusal(packed(tmp_path / "2.xlsx", sharedStrings=entities))
    monkeypatch.setattr(sheets, "MOST_PARTS", 3)
    assert "packed or written as no spreadsheet is" in refusal(packed(tmp_path / "3.xlsx", a=b"", b=b"", c=b"", d=b""))


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    assert "damaged, or too large" in refusal(packed(tmp_path / "1.xlsx", sheet=b"<worksheet/>"))
    (tmp_path / "2.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    assert "no XLSX" in refusal(tmp_path / "2.xlsx")
    with zipfile.ZipFile(tmp_path / "3.xlsx", "w") as made:
        made.writestr("readme.txt", "no sheet")
    assert "no XLSX" in refusal(tmp_path / "3.xlsx")


def test_a_sheet_that_needs_too_much_memory_ends_its_own_process(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {(0, 0): "x", (1_048_575, 16_383): "y"})
    assert "damaged, or too large" in refusal(path)


def test_a_gzip_of_one_endless_row_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"," * 900_000 + b"\n"))
    assert refusal(path) == "a.xlsx: line 2 has more than 10,000 cells"
    path.write_bytes(gzip.compress(b'"a\n",' * 300_000))
    assert refusal(path).startswith("a.xlsx: line 200001 is longer than 1,000,000 characters")
    monkeypatch.setattr(csv_rows, "MOST_TEXT", 1000)
    path.write_bytes(gzip.compress(b"a,b\n" * 1000))
    assert refusal(path) == "a.xlsx: there are more than 1,000 characters"

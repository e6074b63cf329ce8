"""Rows and files that cannot be imported, and what is said about them."""

import gzip
from pathlib import Path

import pytest

from domain.jobs import JobState
from models import File, Job
from models.connection import pool
from services.imports.preset import Preset
from services.imports.run import ImportRefused
from services.imports.start_local import start_local_import
from services.imports.unreadable import FileUnreadable
from services.teams import TeamNotFound
from tests.factories import make_team, make_user
from tests.integration.importing import HEADER, KEPT_FOR, PRESET, orders, row, run_import, write_rows

pytestmark = pytest.mark.usefixtures("database")

LINE = "1,A,THING,1,2011-01-04 10:00:00,1.00,17850,France\n"


def text(path: Path, *lines: str) -> Path:
    path.write_text(",".join(HEADER) + "\n" + "".join(lines), encoding="utf-8")
    return path


def read_as(**file: str) -> Preset:
    return PRESET.model_copy(update={"file": PRESET.file.model_copy(update=file)})


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Quantity": "-10"}, "Quantity '-10' must not be negative"),
        ({"Quantity": "0"}, "Quantity '0' must not be zero"),
        ({"InvoiceNo": "C1"}, "Quantity '1' must be negative, since goods come back"),
        ({"UnitPrice": "0.0"}, "UnitPrice '0.0' must not be zero"),
        ({"UnitPrice": "-1"}, "UnitPrice '-1' must not be negative"),
        ({"UnitPrice": "1,50"}, "UnitPrice '1,50' is not a number"),
        ({"UnitPrice": "NaN"}, "UnitPrice 'NaN' is not a number"),
        ({"UnitPrice": "1e9"}, "UnitPrice '1e9' is not a number"),
        ({"UnitPrice": "0.1234567"}, "UnitPrice '0.1234567' has more than 6 digits after the point"),
        ({"Quantity": "1" * 20}, f"Quantity '{'1' * 20}' is beyond 1000000000"),
        ({"InvoiceNo": " "}, "InvoiceNo must not be blank"),
        ({"StockCode": "A" * 101}, f"StockCode '{'A' * 40}…' is longer than 100 characters"),
        ({"StockCode": "A\0B"}, "StockCode 'A\\x00B' contains a character that is not allowed"),
        ({"InvoiceDate": "04/01/2011"}, "InvoiceDate '04/01/2011' is not a time like %Y-%m-%d %H:%M:%S"),
        ({"InvoiceDate": "2999-01-04 10:00:00"}, "InvoiceDate '2999-01-04 10:00:00' must not be after"),
        ({"Quantity": "-1", "UnitPrice": "0"}, "Quantity '-1' must not be negative; UnitPrice '0' must not be zero"),
    ],
)
async def test_a_row_is_refused_with_its_reason(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    file = write_rows(tmp_path / "a.csv", [row("9"), {**row("9"), **cells}])
    ended = await run_import(tmp_path, file)
    [[name, line, _, said]] = ended.report
    assert (name, line) == ("a.csv", "3")
    assert said.startswith(reason)
    assert (ended.job.total, ended.job.failed) == (2, 1)


async def test_the_rest_of_the_invoice_is_imported(tmp_path: Path) -> None:
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row("1", UnitPrice="0"), row("1", "B")]))
    assert [line["sku"] for line in (await orders())["1"]["lines"]] == ["B"]


async def test_an_invoice_of_refused_rows_alone_makes_nothing(tmp_path: Path) -> None:
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row("1", UnitPrice="0")]))
    assert await orders() == {}


async def test_line_numbers_are_those_of_an_editor(tmp_path: Path) -> None:
    bad = "2,B,THING,x,2011-01-04 10:00:00,1.00,17850,France\n"
    over_lines = '3,C,"A thing\non two lines",1,2011-01-04 10:00:00,1.00,17850,France\n'
    ended = await run_import(tmp_path, text(tmp_path / "a.csv", LINE, over_lines, "\n", bad, LINE, bad))
    # "A thing ..." cannot be a name, which has one line; the blank line is no row.
    assert [(line[1], line[2]) for line in ended.report] == [("3", "3"), ("6", "2"), ("8", "2")]
    assert ended.job.total == 5


async def test_a_row_that_is_no_table_row_is_refused_alone(tmp_path: Path) -> None:
    torn, quotes = "2,B,THING\n", '3,"C"D,THING,1,2011-01-04 10:00:00,1.00,17850,France\n'
    ended = await run_import(tmp_path, text(tmp_path / "a.csv", torn, quotes, LINE))
    assert [(line[1], line[3]) for line in ended.report] == [
        ("2", "more or fewer cells than the header's 8"),
        ("3", "not CSV"),
    ]
    assert list(await orders()) == ["1"]


async def test_a_report_holds_no_formula(tmp_path: Path) -> None:
    rows = [row("=HYPERLINK(1)", Quantity="-7"), row("-1", Quantity="-7"), row("@x", UnitPrice="=1+1")]
    ended = await run_import(tmp_path, write_rows(tmp_path / "=a.csv", rows))
    assert [cells[:3] for cells in ended.report] == [
        ["'=a.csv", "2", "'=HYPERLINK(1)"],
        ["'=a.csv", "3", "'-1"],
        ["'=a.csv", "4", "'@x"],
    ]
    assert "'-7'" in ended.report[0][3]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "a.csv is empty"),
        (
            b"InvoiceNo,Quantity\n",
            "a.csv: no column StockCode, UnitPrice, InvoiceDate, Description, CustomerID, Country",
        ),
        ((",".join(HEADER) + ",Quantity\n").encode(), "a.csv: more than one column Quantity"),
    ],
)
async def test_a_file_with_another_header_starts_no_import(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(FileUnreadable, match=problem):
        await run_import(tmp_path, tmp_path / "a.csv")
    assert await Job.all().count() == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (LINE.encode() * 1000 + b"2,B,\xff,1,2011-01-04 10:00:00,1.00,,France\n", "b.csv: not utf-8 after line"),
        (b'2,B,"never closed,1\n' + LINE.encode(), "b.csv: a quoted cell that begins on line 2 does not end well"),
        (b"x" * 1_000_001, "b.csv: line 2 is longer than 1,000,000 characters"),
    ],
    ids=["encoding", "quote", "long line"],
)
async def test_a_damaged_file_fails_the_job_and_nothing_is_imported(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    good = text(tmp_path / "a.csv", LINE)
    (tmp_path / "b.csv").write_bytes((",".join(HEADER) + "\n").encode() + content)
    ended = await run_import(tmp_path, good, tmp_path / "b.csv")
    assert ended.job.state is JobState.FAILED
    assert (ended.message or "").startswith(problem)
    assert await orders() == {}
    assert await pool().fetchval("SELECT count(*) FROM import_line") == 0


async def test_a_truncated_gzip_fails_the_job(tmp_path: Path) -> None:
    packed = gzip.compress(text(tmp_path / "a.csv", LINE * 1000).read_bytes())
    (tmp_path / "a.csv.gz").write_bytes(packed[:-20])
    ended = await run_import(tmp_path, tmp_path / "a.csv.gz")
    assert (ended.message or "").startswith("a.csv.gz: damaged gzip after line ")


async def test_gzip_is_known_by_its_content_and_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    plain = text(tmp_path / "a.csv", LINE).read_bytes()
    (tmp_path / "b.csv").write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain))
    await run_import(tmp_path, tmp_path / "b.csv")
    assert list(await orders()) == ["1"]


async def test_a_preset_may_name_another_encoding_and_delimiter(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", [row(Description="£ VOUCHER")], delimiter=";")
    file.write_bytes(file.read_text(encoding="utf-8").encode("windows-1252"))
    await run_import(tmp_path, file, preset=read_as(encoding="windows-1252", delimiter=";"))
    assert (await orders())["1"]["lines"][0]["name"] == "£ VOUCHER"


async def test_the_same_content_twice_is_refused(tmp_path: Path) -> None:
    first, second = text(tmp_path / "a.csv", LINE), text(tmp_path / "b.csv", LINE)
    with pytest.raises(ImportRefused, match=r"a\.csv and b\.csv have the same content"):
        await run_import(tmp_path, first, second)
    assert await File.all().count() == 0


@pytest.mark.parametrize(
    ("as_user", "team", "problem"),
    [
        ("nobody@test.example", None, "there is no active user nobody@test.example"),
        ("left@test.example", None, "there is no active user left@test.example"),
        ("alone@test.example", None, "alone@test.example has no team"),
        (None, "South", "there is no team South"),
        (None, "Twins", "there is more than one team Twins"),
    ],
)
async def test_an_owner_has_to_be_known(tmp_path: Path, as_user: str | None, team: str | None, problem: str) -> None:
    await make_user(email="left@test.example", active=False, team=await make_team("Twins"))
    await make_team("Twins")
    await make_user(email="alone@test.example")
    file = text(tmp_path / "a.csv", LINE)
    with pytest.raises((ImportRefused, TeamNotFound), match=problem):
        await start_local_import(files=[file], preset=PRESET, as_user=as_user, team=team, kept_for=KEPT_FOR)

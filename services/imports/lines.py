"""Rows of a file become lines, or the reason why they can't be imported."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from domain.job_messages import JobMessageCode
from domain.row_problems import RowFault, RowProblem, stored
from services.imports.cell_reader import AMOUNTS, OF_INVOICE, OF_PRODUCT, CellReader
from services.imports.cells import ABSENT, NULL, Cell, escaped
from services.imports.custom_cells import CustomCells
from services.imports.preset import ColumnsTable, Preset
from services.imports.rows import read_rows
from services.imports.unreadable import FileUnreadable, Row

STAGED = ("line", "problem", "is_return", *OF_INVOICE, *OF_PRODUCT, *AMOUNTS, "custom_fields")
"""The columns of a line, in the order in which they are staged."""

# The order in which problems are told.
_TOLD = ("invoice", "sku", "quantity", "unit_price", "placed_at", "name", "customer", "region")


class Line(NamedTuple):
    """A line of an invoice: its columns as COPY reads them. One that is refused has hardly more than a problem."""

    staged: str
    refused: bool = False


class LineReader:
    """Reads the rows of a file, called `file`, whose first row is `header`, their cells by `cells` and `custom`.

    Raises FileUnreadable when the header lacks a column of the preset, or has it twice.
    """

    def __init__(
        self, preset: Preset, cells: CellReader, custom: CustomCells, header: Sequence[str], *, file: str
    ) -> None:
        places = _places(preset.columns, header, file)
        self._custom = custom
        self._custom_at = _custom_places(preset.custom, header, file)
        self._cells = cells
        self._of_invoice, self._of_product = cells.of_invoice, cells.of_product
        self._sold, self._returned = cells.sold, cells.returned
        self._width = len(header)
        self._return_prefix = preset.returns.prefix if preset.returns else None
        self._invoice_at = places["invoice"]
        self._pick_told, self._pick_of_invoice, self._pick_of_product, self._pick_amounts = (
            itemgetter(*(places[name] for name in names)) for names in (_TOLD, OF_INVOICE, OF_PRODUCT, AMOUNTS)
        )

    def read(self, row: Row) -> Line:
        """The line that a row says."""
        line, texts, problem = row
        if problem:
            return _refused(line, NULL, [problem])
        if len(texts) != self._width:
            return _refused(line, NULL, [RowProblem(RowFault.WRONG_WIDTH, limit=str(self._width))])
        texts = [*texts, ""]
        is_return = self._is_return(texts[self._invoice_at])
        of_invoice = self._of_invoice(self._pick_of_invoice(texts))
        of_product = self._of_product(self._pick_of_product(texts))
        amounts = (self._returned if is_return else self._sold)(self._pick_amounts(texts))
        custom = self._custom.read(tuple([texts[place] for place in self._custom_at])) if self._custom_at else ABSENT
        if of_invoice is None or of_product is None or amounts is None or custom.problems:
            return self._refuse(line, texts, custom, is_return=is_return)
        sign = "t" if is_return else "f"
        return Line(f"{line}\t{NULL}\t{sign}\t{of_invoice}\t{of_product}\t{amounts}\t{custom.staged}")

    def _is_return(self, invoice: str) -> bool:
        return self._return_prefix is not None and invoice.strip().startswith(self._return_prefix)

    def _refuse(self, line: int, texts: Sequence[str], custom: Cell, *, is_return: bool) -> Line:
        read = self._cells.return_ if is_return else self._cells.sale
        cells = [read[name](text) for name, text in zip(_TOLD, self._pick_told(texts), strict=True)]
        invoice = cells[0]
        problems = [problem for cell in (*cells, custom) for problem in cell.problems]
        return _refused(line, NULL if invoice.problems else invoice.staged, problems)


def read_lines(path: Path, preset: Preset, cells: CellReader, custom: CustomCells, *, name: str) -> Iterator[Line]:
    """The lines of a file that people call `name`. Raises FileUnreadable, for its header at once, else later on."""
    rows = read_rows(path, preset.file, name=name)
    header = next(rows, None)
    if header is None:
        raise FileUnreadable(JobMessageCode.FILE_EMPTY, file=name)
    return map(LineReader(preset, cells, custom, header.cells, file=name).read, rows)


def _refused(line: int, invoice: str, problems: Iterable[RowProblem]) -> Line:
    known = {"line": str(line), "invoice": invoice, "problem": escaped(stored(problems))}
    return Line("\t".join([known.get(name, NULL) for name in STAGED]), refused=True)


def _places(columns: ColumnsTable, header: Sequence[str], file: str) -> dict[str, int]:
    """Where a row has each of our columns; past its end one that it never has."""
    given = columns.given
    names = checked_header(given.values(), header, file)
    return {ours: names.index(given[ours]) if ours in given else len(names) for ours in ColumnsTable.model_fields}


def _custom_places(columns: Mapping[str, str], header: Sequence[str], file: str) -> list[int]:
    """Where a row has the columns of custom fields, in their order."""
    names = checked_header(columns.values(), header, file)
    return [names.index(name) for name in columns.values()]


def checked_header(wanted: Iterable[str], header: Sequence[str], file: str) -> list[str]:
    """The names in the header of `file`, which has each of those that are wanted once. Raises FileUnreadable."""
    names, wanted = [name.strip() for name in header], list(wanted)
    missing = [name for name in wanted if name not in names]
    if missing:
        missed, found = ", ".join(missing), ", ".join(names)
        raise FileUnreadable(JobMessageCode.COLUMNS_MISSING, file=file, columns=missed, found=found)
    twice = [name for name in wanted if names.count(name) > 1]
    if twice:
        raise FileUnreadable(JobMessageCode.COLUMNS_TWICE, file=file, columns=", ".join(twice))
    return names

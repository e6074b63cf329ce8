"""Why a row or an invoice was not imported, in a sentence for the report."""

from collections.abc import Iterable, Mapping

from domain.errors import InvalidInput
from domain.imports import QUANTITY, UNIT_PRICE
from domain.paths import Path
from domain.problems import Problem

LONGEST_QUOTE = 40

_PRICE = "a line needs a price above zero"
_SENTENCES: Mapping[tuple[Path, str], str] = {
    (QUANTITY, Problem.NEGATIVE): "a sale needs a quantity above zero",
    (QUANTITY, Problem.ZERO): "a line needs a quantity other than zero",
    (QUANTITY, Problem.NOT_NEGATIVE): "a return line needs a negative quantity",
    (UNIT_PRICE, Problem.NEGATIVE): _PRICE,
    (UNIT_PRICE, Problem.ZERO): _PRICE,
}


def reason(column: str, cell: str, problems: Iterable[InvalidInput]) -> str | None:
    """What is wrong with a cell of the column that the file calls `column`, or None."""
    found = [_sentence(problem) for problem in problems]
    return f"{column} {quoted(cell)}: {', '.join(found)}" if found else None


def quoted(cell: str) -> str:
    """A cell as a report shows it: in quotes, cut, without control characters."""
    return repr(cell if len(cell) <= LONGEST_QUOTE else cell[:LONGEST_QUOTE] + "…")


def _sentence(error: InvalidInput) -> str:
    said = _SENTENCES.get((error.path, error.problem)) or error.problem.replace("_", " ")
    return f"{said} ({error.limit})" if error.limit else said

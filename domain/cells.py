"""Cells of tables that people open in a spreadsheet."""

_BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: str) -> str:
    """Text that came from outside, behind an apostrophe if a spreadsheet would take it for a formula.

    Numbers stay as they are: a spreadsheet reads -1 as a number, and so does whoever imports it again.
    """
    return f"'{cell}" if cell.startswith(_BEGIN_A_FORMULA) else cell


def as_written(cell: str) -> str:
    """A cell without the apostrophe that `defused` may have put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_BEGIN_A_FORMULA) else cell

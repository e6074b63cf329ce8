"""What files give when they are read: rows, or the reason why there are none."""

from typing import NamedTuple


class FileUnreadable(Exception):
    """A file is not what its preset says, as a whole; the message says where and why."""


class Row(NamedTuple):
    """A row with the number of the line on which it begins, the file's first line being 1."""

    line: int
    cells: list[str]
    problem: str | None = None

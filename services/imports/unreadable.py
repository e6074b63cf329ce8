"""What files give when they are read: rows, or the reason why there are none."""

from typing import NamedTuple

from domain.job_messages import JobMessage, JobMessageCode, job_text, said
from domain.jobs import JobState
from domain.row_problems import RowProblem


class FileUnreadable(Exception):
    """A file is not what its preset says, as a whole; `message` says where and why."""

    def __init__(self, code: JobMessageCode, **facts: int | str) -> None:
        self.message: JobMessage = said(code, **facts)
        super().__init__(job_text(JobState.FAILED, self.message, "en"))


class Row(NamedTuple):
    """A row with the number of the line on which it begins, the file's first line being 1."""

    line: int
    cells: list[str]
    problem: RowProblem | None = None

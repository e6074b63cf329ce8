"""Jobs."""

from datetime import datetime

from rows.entities import JOB_REPORT_ROW
from schema.describe import object_type, text
from schema.enums import FileKind, JobKind, JobMessageCode, JobState
from schema.lists import connection
from schema.scalars import JSON, CurrencyCode
from schema.types.base import Connection, Node
from schema.types.organisation import User


@object_type
class File(Node):
    """A file that was uploaded, or that a job made."""

    kind: FileKind = text("How it came into being.")
    name: str = text("Its name.")
    media_type: str = text("What it is, told by its content.")
    size: int = text("Bytes.")
    sha256: str | None = text("The SHA-256 of its content, in hexadecimal digits.")
    created_at: datetime = text("When it was sent or made.")
    expires_at: datetime = text("When it is removed.")
    url: str = text("Where to fetch it, without a token, for the next ten minutes; on the host of the API.")


@object_type
class RowProblem:
    """One thing that is wrong with a row of a file."""

    problem: str = text("What is wrong: a stable key, such as not_a_number.")
    column: str | None = text("What the file calls the column, where it is about a cell.")
    cell: str | None = text("What the cell says; long ones are cut.")
    limit: str | None = text("What would be allowed, where that can be said.")
    message: str = text("The problem in words, in the language of the request.")


@object_type
class JobReportRow(Node):
    """A row of a file that a job did not take."""

    position: int = text("Its place in the report, from 1.")
    file: str = text("The name of the file.")
    line: int = text("The line on which the row begins, the file's first being 1.")
    subject: str | None = text("What it is about, such as the number of an invoice; null where that cannot be told.")
    reason: str = text("Why it was not taken, in words, in the language of the request.")
    problems: list[RowProblem] = text("Why it was not taken; empty of jobs that ended before problems were told apart.")
    job: "Job | None" = text("The job.")


@object_type
class Job(Node):
    """Work that outlives a request."""

    kind: JobKind = text("What it does.")
    state: JobState = text("How far it has come.")
    total: int | None = text("How many rows there are to do, once that is known.")
    done: int = text("How many rows were dealt with: `succeeded`, `unchanged` and `failed` together.")
    succeeded: int = text("How many rows were taken: written, or found good where nothing is written.")
    unchanged: int = text("How many rows said nothing new, so that nothing was written for them.")
    failed: int = text("How many rows were rejected; `report` says why.")
    message: str | None = text("What became of it, in words, in the language of the request.")
    message_code: JobMessageCode | None = text("What became of it; null while that is open.")
    message_facts: JSON | None = text("What `message` tells beside its code, by the names in the code's description.")
    created_at: datetime = text("When it was asked for.")
    started_at: datetime | None = text("When it began.")
    finished_at: datetime | None = text("When it ended.")
    cancel_asked_at: datetime | None = text("When somebody wanted it to stop.")
    seconds_left: int | None = text("How long it will take yet at the pace so far; null where that cannot be said.")
    started_by: User | None = text("Who asked for it.")
    download: File | None = text("What it made, until it is removed.")
    report: Connection[JobReportRow] | None = connection(
        JOB_REPORT_ROW, Connection[JobReportRow], "The rows that it did not take, in their order."
    )
    report_download: File | None = text("The same as a CSV file, until it is removed.")


@object_type
class PresetColumn:
    """Where a preset finds one of our columns."""

    field: str = text("Our name of it.")
    column: str = text("The file's name of it.")


@object_type
class ImportPreset:
    """A way to read files of orders that ships with Sluice."""

    name: str = text("What to call it in `orderImport`.")
    channel: str = text("The code of the channel that the orders come from.")
    currency: CurrencyCode = text("The currency of all amounts.")
    columns: list[PresetColumn] = text("Which column is what.")

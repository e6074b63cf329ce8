"""Jobs."""

from datetime import datetime

from schema.describe import object_type, text
from schema.enums import JobKind, JobState
from schema.types.base import Node
from schema.types.organisation import User


@object_type
class Job(Node):
    """Work that outlives a request."""

    kind: JobKind = text("What it does.")
    state: JobState = text("How far it has come.")
    total: int | None = text("How many rows there are to do, once that is known.")
    done: int = text("How many rows were dealt with, those that failed included.")
    failed: int = text("How many of them could not be done.")
    message: str | None = text("What became of it, in words.")
    created_at: datetime = text("When it was asked for.")
    started_at: datetime | None = text("When it began.")
    finished_at: datetime | None = text("When it ended.")
    started_by: User | None = text("Who asked for it.")

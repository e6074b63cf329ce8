"""What one run of an import works with."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.company import Company
from services.imports.preset import Preset
from services.jobs.progress import Progress


class KeptFile(BaseModel):
    """A file to import: what people call it, and its number among the stored files."""

    model_config = ConfigDict(frozen=True)

    name: str
    file_id: int


class ImportParameters(BaseModel):
    """What an import was started with, as it is stored with its job.

    `owner_id` and `team_id` are those of the orders and customers that it makes; without a team, an order gets its
    customer's. A `dry_run` checks everything and makes nothing.
    """

    model_config = ConfigDict(frozen=True)

    files: tuple[KeptFile, ...]
    preset: Preset
    owner_id: int | None = None
    team_id: int | None = None
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportRun:
    """One attempt at the job `job_id`. Files are copied below `home` while they are read; its report is `kept_for`."""

    job_id: int
    attempt: int
    started_by: int | None
    parameters: ImportParameters
    company: Company
    home: Path
    kept_for: timedelta
    progress: Progress


class ImportRefused(Exception):
    """The import cannot be done as it was asked for; the message says why."""

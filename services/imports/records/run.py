"""What one run of an import of records works with."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.scopes import TokenScope
from rows.viewer import Viewer
from services.company import Company
from services.imports.run import KeptFile
from services.jobs.progress import Progress


class RecordParameters(BaseModel):
    """What an import of records was started with, as it is stored with its job.

    `columns` are the file's names of our columns, by ours; `defaults` are texts of our columns where a row has none.
    Customers and leads come from `channel_id`, and new ones belong to `owner_id` and `team_id`; prices are of
    `channel_id`. Leads go to the owner only if no pool takes them, unless `owner_named`, or into the pool `pool_id`. A
    `dry_run` checks everything and writes nothing.
    """

    model_config = ConfigDict(frozen=True)

    files: tuple[KeptFile, ...]
    columns: dict[str, str]
    encoding: str | None = None
    delimiter: str = ","
    defaults: dict[str, str] = {}
    channel_id: int | None = None
    owner_id: int | None = None
    team_id: int | None = None
    owner_named: bool = False
    pool_id: int | None = None
    dry_run: bool = False
    scopes: frozenset[TokenScope] | None = None


@dataclass(frozen=True, kw_only=True)
class RecordRun:
    """One attempt at the job `job_id`, for `viewer`. Files are copied below `home`; the report is `kept_for`."""

    job_id: int
    attempt: int
    viewer: Viewer
    company: Company
    parameters: RecordParameters
    home: Path
    kept_for: timedelta
    progress: Progress

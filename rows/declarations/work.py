"""Jobs with their reports, and files."""

import models
from domain.files import DOWNLOAD_SECONDS
from domain.job_messages import JobMessageCode, job_texts
from domain.row_problems import row_problems, row_texts
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Computed, Entity, Kind, Paged, Shape, Sort, ToOne, columns_of, in_words


def _seconds_left() -> Column:
    """At the pace so far; null while that cannot be said."""
    elapsed = "extract(epoch FROM statement_timestamp() - {t}.started_at)"
    left = f"ceil({elapsed} * ({{t}}.total - {{t}}.done) / {{t}}.done)"
    known = "{t}.state = 'RUNNING' AND {t}.done > {t}.failed"
    return Column(
        f"(CASE WHEN {known} THEN least({left}, 2147483647)::int END)", Kind.INTEGER, null=True, filtered=False
    )


def _address_for_download() -> Column:
    """Where the file can be fetched for a few minutes; `services.files.download` says what it is made of."""
    until = f"(floor(extract(epoch FROM statement_timestamp()))::bigint + {DOWNLOAD_SECONDS})::text"
    key = "encode(sha256({t}.secret || sha256({t}.secret || convert_to(link.until, 'UTF8'))), 'hex')"
    made = f"'/files/fil_' || {{t}}.id || '?until=' || link.until || '&key=' || {key}"
    return Column(f"(SELECT {made} FROM (SELECT {until} AS until) link)", Kind.TEXT, filtered=False)


JOB = Entity(
    name="Job",
    prefix="job",
    table="job",
    scope=visibility.jobs,
    columns={
        **columns_of(
            models.Job,
            *("kind", "state", "total", "done", "failed", "unchanged", "created_at", "started_at", "finished_at"),
            *("cancel_asked_at", "message_facts"),
            unfiltered=("total", "done", "failed", "unchanged", "message_facts"),
        ),
        "succeeded": Column("({t}.done - {t}.failed - {t}.unchanged)", Kind.INTEGER, filtered=False),
        "message_code": Column("{t}.message_code", Kind.ENUM, null=True, enum=JobMessageCode),
        "stored_message": Column("{t}.message", Kind.TEXT, null=True, filtered=False),
        "seconds_left": _seconds_left(),
    },
    to_one={
        "started_by": ToOne("User", "started_by_id"),
        "download": ToOne("File", "result_file_id"),
        "report_download": ToOne("File", "report_file_id"),
    },
    paged={"report": Paged("JobReportRow", "job_id")},
    computed={"message": in_words(("state", "message_code", "message_facts", "stored_message"), job_texts)},
    sorts={"created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.JOBS,
)

JOB_REPORT_ROW = Entity(
    name="JobReportRow",
    prefix="jrr",
    table="job_report_row",
    scope=visibility.with_job,
    columns={
        **columns_of(models.JobReportRow, "position", "file", "line", "subject", unfiltered=("position",)),
        "stored_problems": Column("{t}.problems", Kind.JSON, null=True, filtered=False),
        "stored_reason": Column("{t}.reason", Kind.TEXT, null=True, filtered=False),
    },
    computed={
        "reason": in_words(("stored_problems", "stored_reason"), row_texts),
        "problems": Computed(
            ("stored_problems",),
            lambda rows, reader: row_problems(rows, reader.language),
            Shape("RowProblem", ("problem", "column", "cell", "limit", "message")),
        ),
    },
    to_one={"job": ToOne("Job", "job_id")},
    sorts={"position": Sort("position")},
)

FILE = Entity(
    name="File",
    prefix="fil",
    table="stored_file",
    scope=visibility.files,
    columns={
        **columns_of(models.File, "kind", "name", "media_type", "size", "created_at", "expires_at"),
        "sha256": Column("encode({t}.sha256, 'hex')", Kind.TEXT, null=True),
        "url": _address_for_download(),
    },
    sorts={"created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.FILES,
)

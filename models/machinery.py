"""What keeps promises: idempotency keys, the outbox, jobs, files."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.files import FileKind
from domain.jobs import JobKind, JobState
from models.columns import ShapedIndex, TimestampField, one_of, sorted_by
from models.people import User


class IdempotencyKey(Model):
    """A request that a principal made under a key: what was asked (`request_hash`) and what came of it.

    `outcome` holds facts and ids, never JSON for the client; it is null only inside the transaction that works on it.
    """

    id = fields.BigIntField(primary_key=True)
    principal: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="idempotency_keys", on_delete=OnDelete.CASCADE
    )
    mutation = fields.TextField()
    key = fields.TextField()
    request_hash = fields.BinaryField()
    outcome: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "idempotency_key"
        indexes = [ShapedIndex(name="idempotency_key_age", fields=("created_at ASC",))]
        constraints = [UniqueConstraint(fields=("principal", "mutation", "key"), name="idempotency_key_once")]


class OutboxEvent(Model):
    """A business fact that others need, written in the transaction that causes it; `seq` counts in its aggregate.

    It waits here until the sequencer gives it its position in the table `event`, which is made by a migration. What
    visibility looks at is kept as it was before and as it is after (`rows.events`).
    """

    id = fields.BigIntField(primary_key=True)
    aggregate = fields.TextField()
    aggregate_id = fields.BigIntField()
    seq = fields.BigIntField()
    type = fields.TextField()
    payload: fields.Field[dict[str, Any]] = fields.JSONField()
    created_at = TimestampField(auto_now_add=True)
    before_owner_id = fields.BigIntField(null=True)
    before_team_id = fields.BigIntField(null=True)
    before_status = fields.TextField(null=True)
    before_reviewed_by_id = fields.BigIntField(null=True)
    before_pool_id = fields.BigIntField(null=True)
    after_owner_id = fields.BigIntField(null=True)
    after_team_id = fields.BigIntField(null=True)
    after_status = fields.TextField(null=True)
    after_reviewed_by_id = fields.BigIntField(null=True)
    after_pool_id = fields.BigIntField(null=True)

    class Meta:
        table = "outbox_event"
        constraints = [
            UniqueConstraint(fields=("aggregate", "aggregate_id", "seq"), name="outbox_event_seq_once"),
            CheckConstraint(name="outbox_event_seq_positive", check="seq > 0"),
        ]


class File(Model):
    """A file that somebody uploaded, or that a job made. Its content is in `stored_file_chunk`, a piece a row.

    `size` is what it may come to until it is complete, so that uploads under way count as well. `secret` is what the
    addresses for downloads are made of.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharEnumField(FileKind, max_length=20)
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="files", null=True, on_delete=OnDelete.RESTRICT
    )
    name = fields.TextField()
    media_type = fields.TextField()
    size = fields.BigIntField()
    sha256 = fields.BinaryField(null=True)
    secret = fields.BinaryField()
    created_at = TimestampField(auto_now_add=True)
    completed_at = TimestampField(null=True)
    expires_at = TimestampField()

    class Meta:
        table = "stored_file"
        indexes = [
            *sorted_by("stored_file", "created_at"),
            ShapedIndex(name="stored_file_owner", fields=("owner_id ASC", "created_at DESC", "id DESC")),
            ShapedIndex(name="stored_file_expiry", fields=("expires_at ASC",)),
        ]
        constraints = [
            one_of("kind", FileKind, table="stored_file"),
            CheckConstraint(name="stored_file_size_not_negative", check="size >= 0"),
            CheckConstraint(name="stored_file_complete", check="(completed_at IS NULL) = (sha256 IS NULL)"),
        ]


class Job(Model):
    """Work that outlives a request.

    `heartbeat_at` tells a running job from an abandoned one; `attempts` numbers its leases, so that a worker that was
    thought dead cannot write over its successor's work. `cancel_asked_at` is when somebody wanted it to stop. What
    became of it is `message_code` with its facts; `message` is that of jobs that ended before there were codes.
    `language` is that of whoever started it.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharEnumField(JobKind, max_length=30)
    state = fields.CharEnumField(JobState, max_length=20, default=JobState.QUEUED)
    started_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="jobs", null=True, on_delete=OnDelete.RESTRICT
    )
    parameters: fields.Field[dict[str, Any]] = fields.JSONField()
    total = fields.BigIntField(null=True)
    done = fields.BigIntField(default=0)
    failed = fields.BigIntField(default=0)
    unchanged = fields.BigIntField(default=0, db_default=0)
    attempts = fields.IntField(default=0, db_default=0)
    message = fields.TextField(null=True)
    message_code = fields.TextField(null=True)
    message_facts: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    language = fields.TextField(default="en", db_default="en")
    result_file: fields.ForeignKeyNullableRelation[File] = fields.ForeignKeyField(
        "models.File", related_name="result_of", null=True, on_delete=OnDelete.SET_NULL
    )
    report_file: fields.ForeignKeyNullableRelation[File] = fields.ForeignKeyField(
        "models.File", related_name="report_of", null=True, on_delete=OnDelete.SET_NULL
    )
    result_file_id: int | None
    report_file_id: int | None
    created_at = TimestampField(auto_now_add=True)
    started_at = TimestampField(null=True)
    heartbeat_at = TimestampField(null=True)
    cancel_asked_at = TimestampField(null=True)
    finished_at = TimestampField(null=True)

    class Meta:
        table = "job"
        indexes = [
            *sorted_by("job", "created_at"),
            ShapedIndex(name="job_started_by", fields=("started_by_id ASC", "created_at DESC", "id DESC")),
            ShapedIndex(name="job_open", fields=("heartbeat_at ASC",), where="state IN ('QUEUED', 'RUNNING')"),
            ShapedIndex(name="job_result_file", fields=("result_file_id ASC",)),
            ShapedIndex(name="job_report_file", fields=("report_file_id ASC",)),
        ]
        constraints = [one_of("kind", JobKind, table="job"), one_of("state", JobState, table="job")]


class JobReportRow(Model):
    """A row of a file that a job did not take, and why; `position` counts in its job's report.

    `problems` is what `domain.row_problems` makes of them; rows from before there were codes have a `reason` in words.
    """

    id = fields.BigIntField(primary_key=True)
    job: fields.ForeignKeyRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="report_rows", on_delete=OnDelete.CASCADE
    )
    position = fields.BigIntField()
    file = fields.TextField()
    line = fields.BigIntField()
    subject = fields.TextField(null=True)
    reason = fields.TextField(null=True)
    problems: fields.Field[list[dict[str, str]] | None] = fields.JSONField(null=True)

    class Meta:
        table = "job_report_row"
        constraints = [UniqueConstraint(fields=("job", "position"), name="job_report_row_once")]

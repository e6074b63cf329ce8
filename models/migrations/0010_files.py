"""Written by `tortoise makemigrations`; by hand only the pieces of files."""
# ruff: noqa: E501  # as generated

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.files import FileKind
from domain.jobs import JobKind
from models.columns import ShapedIndex, TimestampField

# Pieces of files. No model: bytes go in and out by statements alone. They are not compressed, since most of them are.
CHUNKS = """
CREATE TABLE stored_file_chunk (
    file_id bigint NOT NULL REFERENCES stored_file (id) ON DELETE CASCADE,
    position integer NOT NULL,
    data bytea STORAGE EXTERNAL NOT NULL,
    PRIMARY KEY (file_id, position),
    CONSTRAINT stored_file_chunk_bounded CHECK (length(data) <= 1048576)
)
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0009_custom_fields")]

    initial = False

    operations = [
        ops.CreateModel(
            name="File",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="UPLOAD: UPLOAD\nREPORT: REPORT\nRESULT: RESULT", enum_type=FileKind, max_length=20
                    ),
                ),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.TextField(unique=False)),
                ("media_type", fields.TextField(unique=False)),
                ("size", fields.BigIntField()),
                ("sha256", fields.BinaryField(null=True)),
                ("secret", fields.BinaryField()),
                ("created_at", TimestampField(auto_now=False, auto_now_add=True)),
                ("completed_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stored_file",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="kind IN ('UPLOAD', 'REPORT', 'RESULT')", name="stored_file_kind_known"),
                    CheckConstraint(check="size >= 0", name="stored_file_size_not_negative"),
                    CheckConstraint(check="(completed_at IS NULL) = (sha256 IS NULL)", name="stored_file_complete"),
                ],
                "indexes": [
                    ShapedIndex(fields=["created_at DESC", "id DESC"], name="stored_file_by_created_at"),
                    ShapedIndex(fields=["owner_id ASC", "created_at DESC", "id DESC"], name="stored_file_owner"),
                    ShapedIndex(fields=["expires_at ASC"], name="stored_file_expiry"),
                ],
                "pk_attr": "id",
                "table_description": "A file that somebody uploaded, or that a job made. Its content is in `stored_file_chunk`, a piece a row.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(sql=CHUNKS, reverse_sql="DROP TABLE stored_file_chunk"),
        ops.CreateModel(
            name="JobReportRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "job",
                    fields.ForeignKeyField(
                        "models.Job",
                        source_field="job_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="report_rows",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.BigIntField()),
                ("file", fields.TextField(unique=False)),
                ("line", fields.BigIntField()),
                ("subject", fields.TextField(null=True, unique=False)),
                ("reason", fields.TextField(unique=False)),
            ],
            options={
                "table": "job_report_row",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("job", "position"), name="job_report_row_once")],
                "pk_attr": "id",
                "table_description": "A row of a file that a job did not take, and why; `position` counts in its job's report.",
            },
            bases=["Model"],
        ),
        ops.RemoveConstraint(
            model_name="Job",
            name="job_kind_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="Job",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_IMPORT: ORDER_IMPORT\nCUSTOM_FIELD_INDEX: CUSTOM_FIELD_INDEX\nCUSTOMER_IMPORT: CUSTOMER_IMPORT\nPRODUCT_IMPORT: PRODUCT_IMPORT\nORDER_EXPORT: ORDER_EXPORT\nCUSTOMER_EXPORT: CUSTOMER_EXPORT\nPRODUCT_EXPORT: PRODUCT_EXPORT",
                enum_type=JobKind,
                max_length=30,
            ),
        ),
        ops.AddField(
            model_name="Job",
            name="cancel_asked_at",
            field=TimestampField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Job",
            name="report_file",
            field=fields.ForeignKeyField(
                "models.File",
                source_field="report_file_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="report_of",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Job",
            name="result_file",
            field=fields.ForeignKeyField(
                "models.File",
                source_field="result_file_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="result_of",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.RemoveField(model_name="Job", name="report"),
        ops.AddIndex(
            model_name="Job",
            index=ShapedIndex(fields=["result_file_id ASC"], name="job_result_file"),
        ),
        ops.AddIndex(
            model_name="Job",
            index=ShapedIndex(fields=["report_file_id ASC"], name="job_report_file"),
        ),
        ops.AddConstraint(
            model_name="Job",
            constraint=CheckConstraint(
                check="kind IN ('ORDER_IMPORT', 'CUSTOM_FIELD_INDEX', 'CUSTOMER_IMPORT', 'PRODUCT_IMPORT', 'ORDER_EXPORT', 'CUSTOMER_EXPORT', 'PRODUCT_EXPORT')",
                name="job_kind_known",
            ),
        ),
    ]

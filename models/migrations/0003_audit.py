# ruff: noqa: E501  # as generated, but for the triggers
from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.audit import AuditAction
from models.columns import ShapedIndex, TimestampField

# Entries are added, and that is all. The one exception takes the person out of an entry: a transaction that says so by
# `SET LOCAL sluice.erasure = 'on'` may drop the key `person` of the facts and empty the address, and nothing else.
APPEND_ONLY = """
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('sluice.erasure', true) = 'on' THEN
        IF NEW.facts IN (OLD.facts, OLD.facts - 'person')
            AND (NEW.address IS NULL OR NEW.address IS NOT DISTINCT FROM OLD.address)
            AND to_jsonb(NEW) - '{facts,address}'::text[] = to_jsonb(OLD) - '{facts,address}'::text[]
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are not changed or removed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
TRIGGERS = [
    "CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
    "CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0002_import_staging")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "actor",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="actor_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="audit_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "action",
                    fields.CharEnumField(
                        description="A member of AuditAction, of this or a newer version.",
                        enum_type=AuditAction,
                        max_length=40,
                    ),
                ),
                ("subject_kind", fields.TextField(null=True, unique=False)),
                ("subject_id", fields.TextField(null=True, unique=False)),
                ("facts", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("request_id", fields.TextField(null=True, unique=False)),
                ("address", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "audit_entry",
                "app": "models",
                "constraints": [
                    CheckConstraint(check="action ~ '^[A-Z][A-Z_]+$'", name="audit_entry_action_named"),
                    CheckConstraint(check="jsonb_typeof(facts) = 'object'", name="audit_entry_facts_named"),
                    CheckConstraint(
                        check="(subject_kind IS NULL) = (subject_id IS NULL)", name="audit_entry_subject_complete"
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["at DESC", "id DESC"], name="audit_entry_by_at"),
                    ShapedIndex(fields=["actor_id ASC", "at DESC", "id DESC"], name="audit_entry_actor"),
                    ShapedIndex(fields=["action ASC", "at DESC", "id DESC"], name="audit_entry_action"),
                    ShapedIndex(fields=["subject_id ASC", "at DESC", "id DESC"], name="audit_entry_subject"),
                ],
                "pk_attr": "id",
                "table_description": "Something that was done, by `actor`, or by the system for null. Triggers let nobody change or remove it.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(sql=[APPEND_ONLY, *TRIGGERS], reverse_sql="DROP FUNCTION audit_entry_append_only CASCADE"),
    ]

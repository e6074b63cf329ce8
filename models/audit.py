"""The audit: who did what, kept for ever."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from domain.audit import AuditAction
from models.columns import ShapedIndex, TimestampField, sorted_by
from models.people import User


class AuditEntry(Model):
    """Something that was done, by `actor`, or by the system for null. Triggers let nobody change or remove it.

    But for the erasure of a person, which takes the key `person` out of its facts, and empties its address.

    `subject_kind` and `subject_id` are the name of an entity and a global id of it. `address` is a network, not a
    client. Which actions there are is not for a constraint to say: while a new version is rolled out, two lists count.
    """

    id = fields.BigIntField(primary_key=True)
    at = TimestampField()
    actor: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="audit_entries", null=True, on_delete=OnDelete.RESTRICT
    )
    actor_id: int | None
    action = fields.CharEnumField(
        AuditAction, max_length=40, description="A member of AuditAction, of this or a newer version."
    )
    subject_kind = fields.TextField(null=True)
    subject_id = fields.TextField(null=True)
    facts: fields.Field[dict[str, Any]] = fields.JSONField()
    request_id = fields.TextField(null=True)
    address = fields.TextField(null=True)

    class Meta:
        table = "audit_entry"
        indexes = [
            *sorted_by("audit_entry", "at"),
            ShapedIndex(name="audit_entry_actor", fields=("actor_id ASC", "at DESC", "id DESC")),
            ShapedIndex(name="audit_entry_action", fields=("action ASC", "at DESC", "id DESC")),
            ShapedIndex(name="audit_entry_subject", fields=("subject_id ASC", "at DESC", "id DESC")),
        ]
        constraints = [
            CheckConstraint(name="audit_entry_action_named", check="action ~ '^[A-Z][A-Z_]+$'"),
            CheckConstraint(name="audit_entry_facts_named", check="jsonb_typeof(facts) = 'object'"),
            CheckConstraint(name="audit_entry_subject_complete", check="(subject_kind IS NULL) = (subject_id IS NULL)"),
        ]

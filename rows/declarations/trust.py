"""Who asked for what: API tokens and the audit."""

import models
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Entity, Kind, Sort, ToOne, columns_of

API_TOKEN = Entity(
    name="ApiToken",
    prefix="tok",
    table="api_token",
    scope=visibility.api_tokens,
    columns={
        **columns_of(
            models.ApiToken,
            "name",
            "hint",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            unfiltered=("hint",),
        ),
        "scopes": Column("{t}.scopes", Kind.TEXTS, enum=TokenScope),
    },
    to_one={"user": ToOne("User", "user_id"), "created_by": ToOne("User", "created_by_id")},
    sorts={"created_at": Sort("created_at", descending=True)},
)

AUDIT_ENTRY = Entity(
    name="AuditEntry",
    prefix="aud",
    table="audit_entry",
    scope=visibility.audit,
    columns=columns_of(
        models.AuditEntry,
        *("at", "action", "subject_kind", "subject_id", "facts", "request_id", "address"),
        unfiltered=("facts",),
    ),
    to_one={"actor": ToOne("User", "actor_id")},
    sorts={"at": Sort("at", descending=True)},
)

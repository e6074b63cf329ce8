"""The audit."""

from datetime import datetime

import strawberry

from schema.describe import object_type, text
from schema.enums import AuditAction
from schema.scalars import JSON
from schema.types.base import Node
from schema.types.organisation import User


@object_type
class AuditEntry(Node):
    """Something that was done. Entries are added, and never changed or removed."""

    at: datetime = text("When it was done.")
    action: AuditAction = text("What was done.")
    subject_kind: str | None = text("The type of what it was done to, such as User.")
    subject_id: strawberry.ID | None = text("The global id of what it was done to; it may be gone.")
    facts: JSON = text("What there is to say of it, by the action: what it was and what it is, ids, counts.")
    request_id: str | None = text("The id of the request, as in the logs; null for work of jobs and commands.")
    address: str | None = text("The network that the request came from, such as 192.0.2.0/24; never a single client.")
    actor: User | None = text("Who did it; null for the system, and for whoever did not sign in.")

"""API tokens."""

from datetime import datetime

from schema.describe import object_type, text
from schema.enums import TokenScope
from schema.types.base import Node
from schema.types.organisation import User


@object_type
class ApiToken(Node):
    """A secret with which a machine speaks for a user, as far as its scopes go. The secret is never shown again."""

    name: str = text("What it is for.")
    hint: str = text("The last characters of the secret, to tell tokens apart.")
    scopes: list[TokenScope] = text("What it opens.")
    created_at: datetime = text("When it was made.")
    expires_at: datetime | None = text("When it ends by itself; null if never.")
    last_used_at: datetime | None = text("When it was last used, to the minute or so; null if never.")
    revoked_at: datetime | None = text("When it was revoked; null if it was not.")
    user: User | None = text("Whom it speaks for.")
    created_by: User | None = text("Who made it; null if that was done on the command line.")

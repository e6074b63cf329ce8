"""Sessions."""

from datetime import datetime

import strawberry

from schema.describe import object_type, text


@object_type
class Session:
    """A sign-in on one device that goes on. It is no node: only its user sees it."""

    id: strawberry.ID = text("What `sessionRevoke` takes.")
    created_at: datetime = text("When the user signed in.")
    last_used_at: datetime = text("When a token was last made for it: while it is used, every ten minutes.")
    expires_at: datetime = text("When it ends if it is not used.")
    network: str | None = text("The network from which the user signed in, such as 192.0.2.0/24.")
    device: str | None = text("What the user signed in with, such as Firefox on Linux.")
    current: bool = text("Whether it is the one that asks.")

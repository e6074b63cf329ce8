"""Places in the feed: a position, and the rights with which the feed was read up to it.

The cursor of a place is base64url, without padding, of "feed,<position>,<rights>". Rights are a digest of everything
that decides what a viewer sees, so that a place which was reached with other rights is recognised.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from rows.viewer import Viewer

LONGEST = 200
_PLAIN = re.compile(r"feed,(0|[1-9][0-9]{0,17}),([0-9a-f]{16})")


@dataclass(frozen=True)
class Place:
    """Behind the event at `position`."""

    position: int
    rights: str

    def cursor(self) -> str:
        """The place as clients keep it."""
        plain = f"feed,{self.position},{self.rights}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """The place that a cursor stands for, None if it is no cursor of the feed."""
    if len(cursor) > LONGEST:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        return None
    match = _PLAIN.fullmatch(plain)
    return Place(int(match[1]), match[2]) if match else None


def rights_of(viewer: Viewer, shares: str) -> str:
    """The digest of a viewer's rights; `shares` tells what is shared with them. Not of the token that they use."""
    scopes = None if viewer.scopes is None else sorted(viewer.scopes)
    decisive = (viewer.user_id, sorted(viewer.roles), viewer.team_id, viewer.team_ids, scopes, shares)
    return hashlib.sha256(repr(decisive).encode()).hexdigest()[:16]

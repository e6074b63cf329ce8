"""The feed of changes."""

from datetime import datetime

import strawberry

from schema.describe import object_type, text
from schema.enums import Aggregate, ChangeKind, EventType
from schema.scalars import JSON
from schema.types.base import Node


@object_type
class Change:
    """Something that happened, as far as the viewer may know. Only CHANGED tells more than the row's id."""

    cursor: str = text("The place behind it: give it as `after` to read on from here.")
    kind: ChangeKind = text("What it means for whoever keeps a copy.")
    entity: Aggregate | None = text("What kind of row it is about; null for RESYNC.")
    id: strawberry.ID | None = text("The global id of the row; null for RESYNC.")
    type: EventType | None = text("What happened.")
    seq: int | None = text("Its number among the events of this row, from 1 on without gaps.")
    at: datetime | None = text("When it happened.")
    actor_id: strawberry.ID | None = text("The global id of the user who did it; null if it was nobody.")
    facts: JSON | None = text("What there is to say of it, by its type: the row's version, what was changed.")
    node: Node | None = text("The row as it is now, which may be later than the event; null if it is not seen now.")


@object_type
class ChangeFeed:
    """A part of the feed, in order. Of each row, changes come in the order in which they happened."""

    nodes: list[Change] = text("The changes that the viewer may know of.")
    end_cursor: str = text("How far the feed was read, also where there was nothing to see: read on from here.")
    has_more: bool = text("Whether there is more to read already, which the viewer may see or not.")
    newest_cursor: str = text("The end of the feed: begin here after reading everything by other ways.")

"""Segments."""

import models
from rows import visibility
from rows.declare import Column, Entity, Kind, Sort, ToOne, columns_of

SEGMENT = Entity(
    name="Segment",
    prefix="seg",
    table="segment",
    scope=visibility.segments,
    columns={
        **columns_of(
            models.Segment,
            *("version", "entity", "name", "shared", "created_at", "updated_at"),
            unfiltered=("version",),
        ),
        "filter": Column("{t}.condition", Kind.JSON, filtered=False),
    },
    to_one={"owner": ToOne("User", "owner_id")},
    sorts={"name": Sort("name")},
    any_token=True,
)

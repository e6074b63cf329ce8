"""Lists that the company keeps itself, and exchange rates."""

import models
from rows import visibility
from rows.declarations.shared import LABEL, LABELS
from rows.declare import Entity, Sort, columns_of

EXCHANGE_RATE = Entity(
    name="ExchangeRate",
    prefix="rat",
    table="exchange_rate",
    scope=visibility.everything,
    columns=columns_of(models.ExchangeRate, "version", "currency", "date", "rate", unfiltered=("version",)),
    sorts={"date": Sort("date", descending=True)},
    any_token=True,
)

TIER = Entity(
    name="Tier",
    prefix="tie",
    table="tier",
    scope=visibility.everything,
    columns={
        **columns_of(models.Tier, "version", "code", "rank", "colour", "active", "created_at", unfiltered=("version",)),
        **LABELS.parts,
    },
    composites={"labels": LABELS},
    computed={"label": LABEL},
    sorts={"rank": Sort("rank")},
    any_token=True,
)

REASON = Entity(
    name="Reason",
    prefix="rsn",
    table="reason",
    scope=visibility.everything,
    columns={
        **columns_of(
            models.Reason, "version", "kind", "code", "position", "active", "created_at", unfiltered=("version",)
        ),
        **LABELS.parts,
    },
    composites={"labels": LABELS},
    computed={"label": LABEL},
    sorts={"position": Sort("position")},
    any_token=True,
)

TAG = Entity(
    name="Tag",
    prefix="tag",
    table="tag",
    scope=visibility.everything,
    columns={
        **columns_of(models.Tag, "version", "code", "position", "active", "created_at", unfiltered=("version",)),
        **LABELS.parts,
    },
    composites={"labels": LABELS},
    computed={"label": LABEL},
    sorts={"position": Sort("position")},
    any_token=True,
)

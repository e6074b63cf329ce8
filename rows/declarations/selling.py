"""Prices of channels, rules of assignment, policies of review."""

import models
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Entity, Kind, Sort, ToOne, columns_of, money

# By how much it is above the lowest that another channel asks while both hold; null where none does.
_DEVIATION = """
(SELECT round({t}.price / nullif(min(o.price), 0) - 1, 4) FROM channel_price o
 WHERE o.product_id = {t}.product_id AND o.currency = {t}.currency AND o.channel_id <> {t}.channel_id
 AND o.starts_on <= coalesce({t}.ends_on, 'infinity') AND coalesce(o.ends_on, 'infinity') >= {t}.starts_on)
"""

CHANNEL_PRICE = Entity(
    name="ChannelPrice",
    prefix="cpr",
    table="channel_price",
    scope=visibility.everything,
    columns={
        **columns_of(
            models.ChannelPrice,
            *("version", "currency", "promotion", "starts_on", "ends_on", "price", "created_at"),
            unfiltered=("version",),
        ),
        "deviation": Column(_DEVIATION.strip().replace("\n", ""), Kind.DECIMAL, null=True),
    },
    composites={"price": money("price")},
    to_one={"channel": ToOne("Channel", "channel_id"), "product": ToOne("Product", "product_id")},
    sorts={"starts_on": Sort("starts_on", descending=True)},
    token_scope=TokenScope.PRODUCTS_READ,
)

REVIEW_POLICY = Entity(
    name="ReviewPolicy",
    prefix="rvp",
    table="review_policy",
    scope=visibility.everything,
    columns=columns_of(
        models.ReviewPolicy,
        *("version", "code", "rank", "approve_clean", "address_needed", "contact_needed", "most_per_line"),
        *("price_tolerance", "duplicate_hours", "placed_within_days", "most_without_customer", "active", "created_at"),
        unfiltered=("version",),
    ),
    to_one={"channel": ToOne("Channel", "channel_id")},
    sorts={"rank": Sort("rank")},
    any_token=True,
)

ASSIGNMENT_RULE = Entity(
    name="AssignmentRule",
    prefix="asr",
    table="assignment_rule",
    scope=visibility.everything,
    columns=columns_of(
        models.AssignmentRule,
        *("version", "code", "rank", "strategy", "most_open", "active", "created_at"),
        unfiltered=("version",),
    ),
    to_one={
        "channel": ToOne("Channel", "channel_id"),
        "region": ToOne("Region", "region_id"),
        "team": ToOne("Team", "team_id"),
    },
    sorts={"rank": Sort("rank")},
    any_token=True,
)

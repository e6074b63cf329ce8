"""Tier rules."""

import models
from rows import visibility
from rows.declare import Column, Entity, Kind, Sort, ToMany, ToOne, columns_of

TIER_RULE_SET = Entity(
    name="TierRuleSet",
    prefix="trs",
    table="tier_rule_set",
    scope=visibility.tier_rules,
    columns=columns_of(
        models.TierRuleSet,
        *("version", "state", "number", "restored_from", "published_at", "created_at", "updated_at"),
        unfiltered=("version",),
    ),
    to_one={
        "edited_by": ToOne("User", "edited_by_id"),
        "published_by": ToOne("User", "published_by_id"),
        "job": ToOne("Job", "job_id"),
    },
    to_many={"rules": ToMany("TierRule", "rule_set_id", inverse="rule_set", order="{t}.rank, {t}.id")},
    sorts={"created_at": Sort("created_at", descending=True)},
    any_token=True,
)

TIER_RULE = Entity(
    name="TierRule",
    prefix="trl",
    table="tier_rule",
    scope=visibility.with_rule_set,
    columns={
        **columns_of(models.TierRule, "rank", "name", "priority", "response_minutes"),
        "filter": Column("{t}.condition", Kind.JSON, filtered=False),
    },
    to_one={"rule_set": ToOne("TierRuleSet", "rule_set_id"), "tier": ToOne("Tier", "tier_id")},
)

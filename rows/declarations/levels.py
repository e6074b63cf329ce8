"""Rules that propose levels of customers, what they proposed, and the levels that customers had."""

import models
from domain.scopes import TokenScope
from rows import visibility
from rows.declarations.rfm import FIGURES, RFM_VALUE
from rows.declare import Column, Entity, Kind, Sort, ToOne, columns_of

LEVEL_RULE = Entity(
    name="LevelRule",
    prefix="lvr",
    table="level_rule",
    scope=visibility.everything,
    columns={
        **columns_of(
            models.LevelRule,
            *("version", "code", "rank", "level", "confirm", "active", "created_at"),
            unfiltered=("version",),
        ),
        "filter": Column("{t}.condition", Kind.JSON, filtered=False),
    },
    sorts={"rank": Sort("rank")},
    any_token=True,
)

LEVEL_PROPOSAL = Entity(
    name="LevelProposal",
    prefix="lvp",
    table="level_proposal",
    scope=visibility.with_customer,
    token_scope=TokenScope.CUSTOMERS_READ,
    columns=columns_of(
        models.LevelProposal,
        *("from_level", "to_level", "state", "created_at", "decided_at", "reason", *FIGURES),
    ),
    composites={"monetary": RFM_VALUE},
    to_one={
        "customer": ToOne("Customer", "customer_id"),
        "rule": ToOne("LevelRule", "rule_id"),
        "actor": ToOne("User", "by_id"),
    },
    sorts={"created_at": Sort("created_at", descending=True)},
)

CUSTOMER_LEVEL_CHANGE = Entity(
    name="CustomerLevelChange",
    prefix="clc",
    table="customer_level_change",
    scope=visibility.with_customer,
    columns=columns_of(models.CustomerLevelChange, "from_level", "to_level", "reason", "at"),
    to_one={
        "customer": ToOne("Customer", "customer_id"),
        "proposal": ToOne("LevelProposal", "proposal_id"),
        "actor": ToOne("User", "by_id"),
    },
)

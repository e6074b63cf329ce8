"""Leads with what was done about them, and the pools in which they wait."""

from dataclasses import replace

import models
from domain.custom_fields.kinds import CustomFieldEntity
from domain.scopes import TokenScope
from rows import visibility
from rows.declarations.shared import HANDS, LABEL, LABELS
from rows.declare import Column, Computed, Entity, Kind, Search, Shape, Sort, ToMany, ToOne, columns_of, money
from rows.lead_claims import CLAIM_FACTS, can_claim

_CONTACT = ("contact_name", "email", "phone", "tax_id", "external_id", "interest")

LEAD = Entity(
    name="Lead",
    prefix="lea",
    table="lead",
    scope=visibility.leads,
    columns={
        **columns_of(
            models.Lead,
            *("version", "status", "company", "industry", "intent", "score", "expected_value", "tags", "entered_at"),
            *("pooled_at", "head_start_until", "assigned_at", "first_contact_at", "last_follow_up_at"),
            *("next_follow_up_at", "contact_by", "follow_up_by", "convert_by", "closed_at", "updated_at"),
            unfiltered=("version",),
        ),
        "claim_facts": Column(CLAIM_FACTS, Kind.JSON, filtered=False),
        **{
            name: replace(column, mask=visibility.lead_contacts)
            for name, column in columns_of(models.Lead, *_CONTACT, unfiltered=("interest",)).items()
            if name in _CONTACT
        },
    },
    composites={"expected_value": money("expected_value", "{currency}", null=True)},
    to_one={
        "region": ToOne("Region", "region_id"),
        "source": ToOne("Channel", "source_id"),
        "owner": ToOne("User", "owner_id"),
        "team": ToOne("Team", "team_id"),
        "pool": ToOne("LeadPool", "pool_id"),
        "customer": ToOne("Customer", "customer_id"),
        "duplicate_of": ToOne("Lead", "duplicate_of_id"),
        "reason": ToOne("Reason", "reason_id"),
    },
    to_many={
        "follow_ups": ToMany("LeadFollowUp", "lead_id", inverse="lead", order="{t}.at, {t}.id"),
        "assignments": ToMany("LeadAssignment", "lead_id", inverse="lead", order="{t}.at, {t}.id"),
        "shares": ToMany("LeadShare", "lead_id", inverse="lead"),
    },
    sorts={
        "entered_at": Sort("entered_at", descending=True),
        "score": Sort("score", descending=True),
        "expected_value": Sort("expected_value", descending=True),
    },
    computed={
        "can_claim": Computed(("claim_facts",), can_claim, shape=Shape("LeadClaimability", ("ok", "reason", "from"))),
    },
    token_scope=TokenScope.LEADS_READ,
    custom=CustomFieldEntity.LEAD,
    search=Search(
        parts={
            "company": "company",
            "contactName": "contact_name",
            "email": "email",
            "phone": "phone",
            "externalId": "external_id",
        },
        wholes=("company", "email", "external_id"),
        ends={"phone": "phone"},
        newest="entered_at",
    ),
)

LEAD_FOLLOW_UP = Entity(
    name="LeadFollowUp",
    prefix="lfu",
    table="lead_follow_up",
    scope=visibility.with_lead,
    columns={
        **columns_of(models.LeadFollowUp, "at", "channel", "result", "next_at", "created_at"),
        "content": Column("{t}.content", Kind.TEXT, filtered=False, mask=visibility.words_of_leads),
    },
    to_one={"lead": ToOne("Lead", "lead_id"), "actor": ToOne("User", "by_id")},
)

LEAD_ASSIGNMENT = Entity(
    name="LeadAssignment",
    prefix="las",
    table="lead_assignment",
    scope=visibility.with_lead,
    columns={
        **columns_of(models.LeadAssignment, "move", "rule", "at"),
        "reason": Column("{t}.reason", Kind.TEXT, null=True, filtered=False, mask=visibility.words_of_leads),
    },
    to_one={
        "lead": ToOne("Lead", "lead_id"),
        **HANDS,
        "from_pool": ToOne("LeadPool", "from_pool_id"),
        "to_pool": ToOne("LeadPool", "to_pool_id"),
    },
)

LEAD_SHARE = Entity(
    name="LeadShare",
    prefix="lsh",
    table="lead_share",
    scope=visibility.with_lead,
    columns=columns_of(models.LeadShare, "percent"),
    to_one={"lead": ToOne("Lead", "lead_id"), "user": ToOne("User", "user_id")},
)

LEAD_POOL = Entity(
    name="LeadPool",
    prefix="lpo",
    table="lead_pool",
    scope=visibility.lead_pools,
    columns={
        **columns_of(
            models.LeadPool,
            *("version", "code", "rank", "active", "strategy", "claim_quota", "hold_limit", "cool_down_minutes"),
            *("head_start_minutes", "head_start_value", "head_start_percent", "first_contact_minutes"),
            *("follow_up_minutes", "convert_minutes", "remind_before_minutes", "on_breach", "weight_floor_percent"),
            "created_at",
            unfiltered=("version",),
        ),
        "entry_filter": Column("{t}.entry_filter", Kind.JSON, null=True, filtered=False),
        **LABELS.parts,
    },
    composites={"labels": LABELS, "head_start_value": money("head_start_value", "{currency}", null=True)},
    computed={"label": LABEL},
    to_one={"calendar": ToOne("BusinessCalendar", "calendar_id")},
    to_many={"members": ToMany("LeadPoolMember", "pool_id", inverse="pool")},
    sorts={"rank": Sort("rank")},
    token_scope=TokenScope.LEADS_READ,
)

LEAD_POOL_MEMBER = Entity(
    name="LeadPoolMember",
    prefix="lpm",
    table="lead_pool_member",
    scope=visibility.with_pool,
    columns=columns_of(models.LeadPoolMember),
    to_one={"pool": ToOne("LeadPool", "pool_id"), "user": ToOne("User", "user_id"), "team": ToOne("Team", "team_id")},
)

LEAD_FORM = Entity(
    name="LeadForm",
    prefix="lfm",
    table="lead_form",
    scope=visibility.lead_forms,
    columns={
        **columns_of(
            models.LeadForm,
            *("version", "code", "tags", "origins", "per_minute", "active", "key_hint", "created_at"),
            unfiltered=("version",),
        ),
        **LABELS.parts,
    },
    composites={"labels": LABELS},
    computed={"label": LABEL},
    to_one={"source": ToOne("Channel", "source_id"), "pool": ToOne("LeadPool", "pool_id")},
    sorts={"created_at": Sort("created_at", descending=True)},
)

"""Regions, teams, users and channels."""

import models
from domain.people import Role
from domain.reminders import Language, ReminderChannel
from rows import visibility
from rows.declare import Column, Composite, Computed, Entity, Kind, Paged, Shape, Sort, ToMany, ToOne, columns_of

REGION = Entity(
    name="Region",
    prefix="reg",
    table="region",
    scope=visibility.everything,
    columns=columns_of(models.Region, "version", "code", "name", "created_at", unfiltered=("version",)),
    to_one={"parent": ToOne("Region", "parent_id")},
    to_many={"children": ToMany("Region", "parent_id", order="{t}.name, {t}.id")},
    paged={"customers": Paged("Customer", "region_id")},
    sorts={"name": Sort("name")},
    tree="region_closure",
    any_token=True,
)

TEAM = Entity(
    name="Team",
    prefix="tem",
    table="team",
    scope=visibility.everything,
    columns=columns_of(models.Team, "version", "name", "created_at", unfiltered=("version",)),
    to_one={"parent": ToOne("Team", "parent_id")},
    to_many={"children": ToMany("Team", "parent_id", order="{t}.name, {t}.id")},
    paged={
        "members": Paged("User", "team_id"),
        "orders": Paged("Order", "team_id"),
        "customers": Paged("Customer", "team_id"),
    },
    sorts={"name": Sort("name")},
    tree="team_closure",
    any_token=True,
)


def _identities() -> Column:
    """Who the user is at OpenID providers."""
    at = """to_char(i.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
    one = f"jsonb_build_object('issuer', i.issuer, 'subject', i.subject, 'linkedAt', {at})"
    all_of_them = f"(SELECT jsonb_agg({one} ORDER BY i.id) FROM user_identity i WHERE i.user_id = {{t}}.id)"
    return Column(all_of_them, Kind.JSON, null=True, filtered=False, mask=visibility.personal_data)


def _skills(skill: str, of: str) -> Column:
    """Skills of a user that are in column `of`, each told as `skill`."""
    found = f"SELECT {skill} FROM user_skill s WHERE s.user_id = {{t}}.id AND s.{of} IS NOT NULL ORDER BY s.id"
    return Column(f"ARRAY({found})", Kind.TEXTS, filtered=False)


USER = Entity(
    name="User",
    prefix="usr",
    table="app_user",
    scope=visibility.everything,
    columns={
        **columns_of(models.User, "version", "name", "active", "created_at", unfiltered=("version",)),
        "roles": Column("{t}.roles", Kind.TEXTS, enum=Role),
        "email": Column("{t}.email", Kind.TEXT, null=True, mask=visibility.personal_data),
        "phone": Column("{t}.phone", Kind.TEXT, null=True, mask=visibility.personal_data),
        "language": Column("{t}.language", Kind.ENUM, null=True, enum=Language, mask=visibility.personal_data),
        "reminder_channels": Column(
            "{t}.reminder_channels", Kind.TEXTS, enum=ReminderChannel, mask=visibility.personal_data
        ),
        "identities_at_providers": _identities(),
    },
    composites={
        "skills": Composite(
            type="UserSkills",
            parts={
                "regionIds": _skills(f"'{REGION.prefix}_' || s.region_id", "region_id"),
                "industries": _skills("s.industry", "industry"),
                "categories": _skills("s.category", "category"),
            },
        )
    },
    computed={
        "identities": Computed(
            ("identities_at_providers",),
            lambda rows, _reader: [found or [] for (found,) in rows],
            Shape("UserIdentity", ("issuer", "subject", "linkedAt")),
        )
    },
    to_one={"team": ToOne("Team", "team_id"), "calendar": ToOne("BusinessCalendar", "calendar_id")},
    paged={
        "orders": Paged("Order", "owner_id"),
        "customers": Paged("Customer", "owner_id"),
        "leaves": Paged("Leave", "user_id"),
    },
    sorts={"name": Sort("name")},
    any_token=True,
)

CHANNEL = Entity(
    name="Channel",
    prefix="chn",
    table="channel",
    scope=visibility.everything,
    columns=columns_of(models.Channel, "version", "code", "name", "created_at", unfiltered=("version",)),
    sorts={"name": Sort("name")},
    any_token=True,
)

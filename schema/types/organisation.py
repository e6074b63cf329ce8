"""Teams, regions, channels, users."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from rows.entities import CUSTOMER, LEAVE, ORDER, USER
from schema.describe import object_type, text
from schema.enums import Language, ReminderChannel, Role
from schema.lists import connection
from schema.types.base import Connection, Node

if TYPE_CHECKING:
    from schema.types.calendars import BusinessCalendar, Leave
    from schema.types.customers import Customer
    from schema.types.orders import OrderConnection

Orders: TypeAlias = Annotated["OrderConnection", strawberry.lazy("schema.types.orders")]
Customers: TypeAlias = Connection[Annotated["Customer", strawberry.lazy("schema.types.customers")]]
Calendar: TypeAlias = Annotated["BusinessCalendar", strawberry.lazy("schema.types.calendars")]
Leaves: TypeAlias = Connection[Annotated["Leave", strawberry.lazy("schema.types.calendars")]]
Users: TypeAlias = Connection[Annotated["User", strawberry.lazy("schema.types.organisation")]]


@object_type
class Team(Node):
    """A team; teams form a tree, and a manager sees the rows of their team and of those below it."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    name: str = text("Name.")
    created_at: datetime = text("When it was made.")
    parent: "Team | None" = text("The team above.")
    children: "list[Team]" = text("The teams right below, by name.")
    members: Users | None = connection(USER, Users, "Who belongs to this team itself.")
    orders: Orders | None = connection(ORDER, Orders, "The orders that belong to this team itself.")
    customers: Customers | None = connection(CUSTOMER, Customers, "The customers that belong to this team itself.")


@object_type
class Region(Node):
    """A sales region; regions form a tree (华东 > 上海)."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique in the company.")
    name: str = text("Name.")
    created_at: datetime = text("When it was made.")
    parent: "Region | None" = text("The region around this one.")
    children: "list[Region]" = text("The regions right within this one, by name.")
    customers: Customers | None = connection(CUSTOMER, Customers, "The customers in this region itself.")


@object_type
class Channel(Node):
    """Where orders and customers come from: a list that the company manages."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique in the company.")
    name: str = text("Name.")
    created_at: datetime = text("When it was made.")


@object_type
class UserIdentity:
    """Who a user is at an OpenID provider, whose tokens speak for them."""

    issuer: str = text("The provider, as its tokens name it.")
    subject: str = text("Who it is at the provider.")
    linked_at: datetime = text("Since when.")


@object_type
class UserSkills:
    """What a user is good at, by which orders are given to them: see `AssignmentStrategy.EXPERTISE`."""

    region_ids: list[strawberry.ID] = text("Orders of these regions and all below them.")
    industries: list[str] = text("Customers of these industries.")
    categories: list[str] = text("Products of these categories.")


@object_type
class User(Node):
    """A colleague, or a machine, that signs in."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    name: str = text("Name.")
    email: str | None = text("Email; seen by the user and by administrators.")
    phone: str | None = text("Phone; seen by the user and by administrators.")
    roles: list[Role] = text("Roles; they add up.")
    active: bool = text("Whether the user may sign in and be given rows.")
    created_at: datetime = text("When the user was made.")
    team: Team | None = text("The user's team.")
    calendar: Calendar | None = text("By which the user works; null for the company's default.")
    language: Language | None = text(
        "In which language reminders are sent, null for all; seen by the user and by administrators."
    )
    reminder_channels: list[ReminderChannel] | None = text(
        "By what the user is reminded beside the application; seen by the user and by administrators."
    )
    identities: list[UserIdentity] = text(
        "Who the user is at OpenID providers; seen by the user and by administrators, empty for others."
    )
    skills: UserSkills = text("What the user is good at.")
    orders: Orders | None = connection(ORDER, Orders, "The orders that this user owns.")
    customers: Customers | None = connection(CUSTOMER, Customers, "The customers that this user owns.")
    leaves: Leaves | None = connection(LEAVE, Leaves, "When this user is off duty, what begins last first.")

"""The schema, executed field by field by stock graphql-core."""

from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    execute_sync,
    is_list_type,
    is_non_null_type,
    parse,
)

from domain.orders.finding_messages import finding_texts
from domain.orders.labels import STATUS_LABELS
from domain.orders.life_cycle import OrderStatus
from domain.reminder_texts import reminder_texts
from tests.oracle.calendars import LISTS as OF_CALENDARS
from tests.oracle.calendars import days_of
from tests.oracle.conditions import (
    CHILDREN,
    CONNECTIONS,
    children,
    parent,
    parent_type,
    row_named,
    status_group,
    value_of,
)
from tests.oracle.custom_fields import custom_values, label_in
from tests.oracle.lead_claims import can_claim
from tests.oracle.order_actions import actions
from tests.oracle.order_steps import available
from tests.oracle.pages import Page, page_of
from tests.oracle.refusals import Info, refusals
from tests.oracle.remainders import refundable, returnable
from tests.oracle.values import moment, money, named, read_date, read_decimal, read_moment, snake, written
from tests.oracle.visibility import Viewer
from tests.oracle.world import PREFIXES, Row, World

LISTS = {
    "orders": "Order",
    "customers": "Customer",
    "leads": "Lead",
    "leadPools": "LeadPool",
    "leadForms": "LeadForm",
    "products": "Product",
    "regions": "Region",
    "teams": "Team",
    "users": "User",
    "channels": "Channel",
    "jobs": "Job",
    "customFields": "CustomField",
    "files": "File",
    "auditEntries": "AuditEntry",
    "exchangeRates": "ExchangeRate",
    "tiers": "Tier",
    "reasons": "Reason",
    "tags": "Tag",
    "apiTokens": "ApiToken",
    "segments": "Segment",
    "warehouses": "Warehouse",
    "stock": "StockLevel",
    "stockMovements": "StockMovement",
    "shipments": "Shipment",
    "payments": "Payment",
    "feedbacks": "Feedback",
    "complaints": "Complaint",
    "tierRuleSets": "TierRuleSet",
    "channelPrices": "ChannelPrice",
    "reviewPolicies": "ReviewPolicy",
    "assignmentRules": "AssignmentRule",
    "businessCalendars": "BusinessCalendar",
    "leaves": "Leave",
    "reminders": "Reminder",
    "levelRules": "LevelRule",
    "levelProposals": "LevelProposal",
}
SINGLE = {"order": "Order", "customer": "Customer", "lead": "Lead", "product": "Product", "job": "Job"}
READERS = {"Decimal": read_decimal, "DateTime": read_moment, "Date": read_date}


@dataclass(frozen=True)
class Answer:
    """The JSON of `data`, and for each root field that is refused the codes of which it has one."""

    data: bytes
    refused: dict[str, set[str]]


class Oracle:
    """Answers queries over one world; `sdl` is the schema."""

    def __init__(self, sdl: str, world: World) -> None:
        self.schema = _schema(sdl)
        self.world = world
        self.viewers = {row.id: Viewer(world, row) for row in world.of("User")}

    def answer(
        self,
        text: str,
        variables: dict[str, Any],
        *,
        user_id: int,
        language: str = "en",
        operation_name: str | None = None,
    ) -> Answer:
        """What the user should get for a valid document."""
        result = execute_sync(
            self.schema,
            parse(text),
            variable_values=variables,
            operation_name=operation_name,
            context_value=Question(self.viewers[user_id], language),
            field_resolver=_resolve,
            type_resolver=lambda row, *_: row.type,
        )
        refused = {str(error.path[0]): _codes(error) for error in result.errors or () if error.path}
        return Answer(orjson.dumps(result.data), refused)


class Refusal(Exception):
    """A root field that is refused, for one of `codes`."""

    def __init__(self, codes: set[str]) -> None:
        super().__init__(codes)
        self.codes = codes


def _codes(error: GraphQLError) -> set[str]:
    if not isinstance(error.original_error, Refusal):
        raise error  # the oracle itself is wrong
    return error.original_error.codes


@dataclass(frozen=True)
class Question:
    """Who asks, and in which language."""

    viewer: Viewer
    language: str


def _schema(sdl: str) -> GraphQLSchema:
    schema = build_schema(sdl)
    for name, read in READERS.items():
        scalar = schema.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        scalar.parse_value = scalar.coerce_input_value = read  # type: ignore[method-assign]  # a schema of one's own
    return schema


def _resolve(source: Any, info: Info, **given: Any) -> Any:
    if source is None:
        return _root(info, given)
    if isinstance(source, Page):
        return source.field(info.field_name)
    if isinstance(source, Row):
        return _of_row(source, info, given)
    return source[info.field_name]


def _root(info: Info, given: dict[str, Any]) -> Any:
    if codes := refusals(info):
        raise Refusal(codes)
    viewer: Viewer = info.context.viewer
    name = info.field_name
    if name in LISTS:
        return page_of(viewer, LISTS[name], viewer.world.of(LISTS[name]), given)
    if name == "company":
        return {"currency": viewer.world.currency, "zone": viewer.world.zone}
    if name == "viewer":
        return viewer.user
    if name == "nodes":
        return [row_named(viewer, global_id) for global_id in given["ids"]]
    row = row_named(viewer, given["id"])
    return row if name == "node" or (row is not None and row.type == SINGLE[name]) else None


def _of_row(row: Row, info: Info, given: dict[str, Any]) -> Any:
    viewer: Viewer = info.context.viewer
    name = info.field_name
    of_type = named(info.return_type).name
    if (row.type, name) in CONNECTIONS:
        type_name, column = CONNECTIONS[row.type, name]
        return page_of(viewer, type_name, viewer.world.having(type_name, column, row.id), given)
    if name == "availableTransitions":
        return available(viewer, row, info.context.language)
    if name == "canClaim":
        return can_claim(viewer, row)
    if row.type == "BusinessCalendar" and name in OF_CALENDARS:
        return days_of(row, name, info.context.language)
    if name == "availableActions":
        return actions(viewer, row, info.context.language)
    if name == "returnable":
        return written(returnable(viewer.world, row))
    if name == "refundable":
        left = refundable(viewer, row)
        return None if left is None else money(left, row.columns["currency"])
    if (row.type, name) == ("Reminder", "subject"):
        return row_named(viewer, subject_of(row))
    if name == "identities":
        return viewer.value(row, name) or []
    if of_type == "UserSkills":
        return row.columns[name]
    if name == "customFields":
        return custom_values(viewer, row, given.get("keys"), info.context.language)
    if (row.type, name) in CHILDREN:
        return children(viewer, row, name)
    if of_type == "Money":
        return _money(viewer, row, snake(name))
    if of_type == "ContactDetails":
        contact = {part: row.columns[f"contact_{part}"] for part in ("name", "email", "phone")}
        return contact if any(value is not None for value in contact.values()) else None
    if of_type == "PostalAddress":
        address = row.columns[snake(name)]
        return address and dict.fromkeys(named(info.return_type).fields) | address
    if of_type == "Labels":
        return dict.fromkeys(named(info.return_type).fields) | row.columns["labels"]
    if parent_type(row, name) and not _is_leaf(info):
        return parent(viewer, row, name)
    return _leaf(row, info)


def _leaf(row: Row, info: Info) -> Any:
    match info.field_name:
        case "id":
            return row.global_id
        case "statusLabel":
            return STATUS_LABELS[OrderStatus(row.columns["status"])][info.context.language == "zh"]
        case "label":
            return label_in(row, info.context.language)
        case "message" if row.type == "OrderFinding":
            facts: Any = info.context.viewer.value(row, "facts")
            return finding_texts([(row.columns["kind"], facts)], info.context.language)[0]
        case "message" if row.type == "Reminder":
            of = row.columns
            told = (of["kind"], of["subject_kind"], moment(of["cause_at"]), of["facts"])
            return reminder_texts([told], info.context.language)[0]
        case "statusGroup":
            return status_group(row.columns["status"])
        case name:
            return written(value_of(info.context.viewer, row, name))


def subject_of(reminder: Row) -> str:
    """The global id of what it is about."""
    return f"{PREFIXES[reminder.columns['subject_kind']]}_{reminder.columns['subject_id']}"


def _money(viewer: Viewer, row: Row, column: str) -> dict[str, str] | None:
    amount = row.columns[column]
    if amount is None:
        return None
    if column in {"base_total", "credit_limit", "monetary", "expected_value", "head_start_value"}:
        return money(amount, viewer.world.currency)
    holder = viewer.world.rows["Order"][row.columns["order_id"]] if row.type in {"OrderLine", "Payment"} else row
    return money(amount, holder.columns["currency"])


def _is_leaf(info: Info) -> bool:
    of = info.return_type.of_type if is_non_null_type(info.return_type) else info.return_type
    return is_list_type(of) or not hasattr(named(of), "fields")

"""The filter language, condition by condition: logic is two-valued, a comparison with nothing is false."""

import unicodedata
from typing import Any

from tests.oracle.custom_fields import MEMBERS, field_named
from tests.oracle.values import snake
from tests.oracle.visibility import Viewer
from tests.oracle.world import PREFIXES, TREES, Row, custom_column

STATUS_GROUPS = {
    "PENDING": {"DRAFT", "PENDING_REVIEW", "NEEDS_INFO", "APPROVED", "REQUESTED"},
    "PROCESSED": {"PICKING", "BACKORDERED", "PACKED", "AUTHORISED", "RECEIVED"},
    "SHIPPED": {"SHIPPED"},
    "COMPLETED": {"COMPLETED", "REFUNDED", "EXCHANGED"},
    "CANCELLED": {"CANCELLED", "REJECTED", "DECLINED"},
}
CHILDREN = {
    ("Order", "lines"): ("OrderLine", "order_id", "position"),
    ("Order", "statusChanges"): ("OrderStatusChange", "order_id", "at"),
    ("Order", "ownerChanges"): ("OrderOwnerChange", "order_id", "at"),
    ("Order", "tierOverrides"): ("OrderTierOverride", "order_id", "at"),
    ("Order", "findings"): ("OrderFinding", "order_id", "id"),
    ("Order", "shipments"): ("Shipment", "order_id", "shipped_at"),
    ("Shipment", "lines"): ("ShipmentLine", "shipment_id", "id"),
    ("Order", "payments"): ("Payment", "order_id", "id"),
    ("Order", "complaints"): ("Complaint", "order_id", "id"),
    ("Complaint", "changes"): ("ComplaintChange", "complaint_id", "at"),
    ("Customer", "ownerChanges"): ("CustomerOwnerChange", "customer_id", "at"),
    ("Customer", "levelChanges"): ("CustomerLevelChange", "customer_id", "at"),
    ("Customer", "contacts"): ("CustomerContact", "customer_id", "id"),
    ("Customer", "addresses"): ("CustomerAddress", "customer_id", "id"),
    ("Lead", "followUps"): ("LeadFollowUp", "lead_id", "at"),
    ("Lead", "assignments"): ("LeadAssignment", "lead_id", "at"),
    ("Lead", "shares"): ("LeadShare", "lead_id", "id"),
    ("LeadPool", "members"): ("LeadPoolMember", "pool_id", "id"),
    ("CustomField", "choices"): ("CustomFieldChoice", "field_id", "position"),
    ("TierRuleSet", "rules"): ("TierRule", "rule_set_id", "rank"),
    ("Region", "children"): ("Region", "parent_id", "name"),
    ("Team", "children"): ("Team", "parent_id", "name"),
}
"""Plain lists below a row: the type, the column that refers to the row, and the column that orders them (then id)."""
CONNECTIONS = {
    ("Order", "returns"): ("Order", "original_order_id"),
    ("Order", "splitInto"): ("Order", "split_from_id"),
    ("Customer", "orders"): ("Order", "customer_id"),
    ("Region", "customers"): ("Customer", "region_id"),
    ("Team", "members"): ("User", "team_id"),
    ("Team", "orders"): ("Order", "team_id"),
    ("Team", "customers"): ("Customer", "team_id"),
    ("User", "orders"): ("Order", "owner_id"),
    ("User", "customers"): ("Customer", "owner_id"),
    ("User", "leaves"): ("Leave", "user_id"),
    ("Job", "report"): ("JobReportRow", "job_id"),
    ("Product", "stock"): ("StockLevel", "product_id"),
    ("Warehouse", "stock"): ("StockLevel", "warehouse_id"),
}
"""Lists that are read by pages below a row: the type, and the column that refers to the row."""
PARENTS = {
    "customer": "Customer",
    "channel": "Channel",
    "calendar": "BusinessCalendar",
    "enteredBy": "User",
    "region": "Region",
    "tier": "Tier",
    "owner": "User",
    "fromOwner": "User",
    "fromTeam": "Team",
    "toOwner": "User",
    "toTeam": "Team",
    "startedBy": "User",
    "actor": "User",
    "job": "Job",
    "download": "File",
    "reportDownload": "File",
    "user": "User",
    "createdBy": "User",
    "team": "Team",
    "originalOrder": "Order",
    "splitFrom": "Order",
    "delayReason": "Reason",
    "order": "Order",
    "product": "Product",
    "field": "CustomField",
    "indexJob": "Job",
    "warehouse": "Warehouse",
    "orderLine": "OrderLine",
    "line": "OrderLine",
    "otherOrder": "Order",
    "overriddenBy": "User",
    "shipment": "Shipment",
    "reverses": "Payment",
    "counterpart": "Payment",
    "feedback": "Feedback",
    "complaint": "Complaint",
    "returnReason": "Reason",
    "tierRule": "TierRule",
    "tierOverride": "OrderTierOverride",
    "endedBy": "User",
    "ruleSet": "TierRuleSet",
    "rule": "LevelRule",
    "proposal": "LevelProposal",
    "lead": "Lead",
    "source": "Channel",
    "pool": "LeadPool",
    "fromPool": "LeadPool",
    "toPool": "LeadPool",
    "duplicateOf": "Lead",
    "editedBy": "User",
    "publishedBy": "User",
}
COLUMNS = {
    ("Job", "download"): "result_file_id",
    ("Job", "reportDownload"): "report_file_id",
    **{
        (of, "actor"): "by_id"
        for of in (
            *("OrderStatusChange", "OrderOwnerChange", "OrderTierOverride", "CustomerOwnerChange", "StockMovement"),
            *("Shipment", "Payment", "Feedback", "Complaint", "ComplaintChange"),
            *("LevelProposal", "CustomerLevelChange", "LeadFollowUp", "LeadAssignment"),
        )
    },
}
"""The columns of relations that are not called like them."""


def status_group(status: str) -> str:
    """The group that people know a status by."""
    return next(group for group, statuses in STATUS_GROUPS.items() if status in statuses)


def parent_type(row: Row, relation: str) -> str | None:
    """The type of the row that `relation` leads to, if it leads to one."""
    if (row.type, relation) == ("JobReportRow", "line"):
        return None  # the number of one
    if (row.type, relation) == ("LeadAssignment", "rule"):
        return None  # what it is called
    if (row.type, relation) in {("Complaint", "reason"), ("Lead", "reason")}:  # elsewhere it is a text
        return "Reason"
    return row.type if relation == "parent" else PARENTS.get(relation)


def parent(viewer: Viewer, row: Row, relation: str) -> Row | None:
    """The row that `relation` leads to, if there is one and the viewer sees it."""
    type_name = parent_type(row, relation)
    if type_name is None:
        raise KeyError(relation)
    found = viewer.world.get(type_name, row.columns[COLUMNS.get((row.type, relation), f"{snake(relation)}_id")])
    return found if found is not None and viewer.sees(found) else None


def children(viewer: Viewer, row: Row, relation: str) -> list[Row]:
    """The rows in a plain list below `row` that the viewer sees, in their order."""
    type_name, column, order = CHILDREN[row.type, relation]
    found = filter(viewer.sees, viewer.world.having(type_name, column, row.id))
    return sorted(found, key=lambda child: (child.columns[order], child.id))


def holds(viewer: Viewer, row: Row, condition: dict[str, Any]) -> bool:
    """Whether every field of the filter input `condition` holds for `row`."""
    return all(_field_holds(viewer, row, name, asked) for name, asked in condition.items())


def _field_holds(viewer: Viewer, row: Row, name: str, asked: Any) -> bool:
    if name == "and":
        return all(holds(viewer, row, each) for each in asked)
    if name == "or":
        return any(holds(viewer, row, each) for each in asked)
    if name == "not":
        return not holds(viewer, row, asked)
    if name == "customField":
        field = field_named(viewer.world, row.type, asked["key"])
        member = MEMBERS[field.columns["type"]]
        return _compares(row.columns[custom_column(field)], asked[member], of_id=member == "person")
    if name == "frequency" and row.type == "Order":
        return _frequency_holds(viewer, row, asked)
    if name == "within" and row.type in TREES:
        return viewer.world.is_within(row, number_in(asked))
    if (row.type, name) in CONNECTIONS:
        type_name, column = CONNECTIONS[row.type, name]
        below = filter(viewer.sees, viewer.world.having(type_name, column, row.id))
        return any(holds(viewer, child, asked) for child in below)
    if (row.type, name) in CHILDREN:
        return any(holds(viewer, child, asked) for child in children(viewer, row, name))
    if parent_type(row, name):
        found = parent(viewer, row, name)
        return found is not None and holds(viewer, found, asked)
    return _compares(value_of(viewer, row, name), asked, of_id=name == "id")


def _frequency_holds(viewer: Viewer, order: Row, asked: dict[str, Any]) -> bool:
    """How many sales of the order's customer the viewer sees in the days up to its placement, with itself."""
    customer = viewer.world.get("Customer", order.columns["customer_id"])
    if customer is None or not viewer.sees(customer):
        return False
    end, wide = order.columns["placed_at"], asked["days"] * 86_400
    found = [
        other
        for other in viewer.world.having("Order", "customer_id", customer.id)
        if other.columns["type"] in {"NEW", "RENEWAL"}
        and other.columns["status"] not in {"DRAFT", "CANCELLED", "REJECTED"}
        and other.columns["split_from_id"] is None
        and 0 <= (end - other.columns["placed_at"]).total_seconds() < wide
        and (other is order or viewer.sees(other))
    ]
    return _compares(len(found), {name: value for name, value in asked.items() if name != "days"}, of_id=False)


def value_of(viewer: Viewer, row: Row, name: str) -> Any:
    """What a condition on the field `name` compares."""
    if (row.type, name) == ("Order", "statusGroup"):
        return status_group(row.columns["status"])
    return viewer.value(row, snake(name))


def number_in(global_id: str) -> int:
    """The number in a global id."""
    return int(global_id.partition("_")[2])


def _compares(value: Any, comparison: dict[str, Any], *, of_id: bool) -> bool:
    if of_id:
        comparison = {operator: _numbers(asked) for operator, asked in comparison.items()}
    return all(_operator_holds(value, operator, asked) for operator, asked in comparison.items())


def _numbers(asked: Any) -> Any:
    if isinstance(asked, list):
        return [number_in(each) for each in asked]
    return number_in(asked) if isinstance(asked, str) else asked


def _operator_holds(value: Any, operator: str, asked: Any) -> bool:
    if operator == "isNull":
        return bool((value is None) == asked)
    if value is None:
        return False
    match operator:
        case "eq":
            return bool(value == asked)
        case "in":
            return value in asked
        case "gt":
            return bool(value > asked)
        case "gte":
            return bool(value >= asked)
        case "lt":
            return bool(value < asked)
        case "lte":
            return bool(value <= asked)
        case "startsWith":
            return bool(value.startswith(asked))
        case "contains":
            return searched(asked) in searched(value)
        case "has":
            return bool(asked in value)
        case "hasAny":
            return any(each in value for each in asked)
        case "hasAll":
            return all(each in value for each in asked)
        case _:
            raise KeyError(operator)


def searched(text: str) -> str:
    """What counts of a text when it is searched: neither case nor width nor how a letter is composed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


TYPE_OF_PREFIX = {prefix: type_name for type_name, prefix in PREFIXES.items()}


def row_named(viewer: Viewer, global_id: str) -> Row | None:
    """The row that a global id names, if there is one and the viewer sees it; None for anything else."""
    prefix, _, digits = global_id.partition("_")
    type_name = TYPE_OF_PREFIX.get(prefix)
    if type_name is None or not digits.isdecimal() or not digits.isascii() or digits != str(int(digits[:30])):
        return None
    found = viewer.world.get(type_name, int(digits))
    return found if found is not None and viewer.sees(found) else None

"""All rows of a database, in memory, and what of them is stored how."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import orjson

from tests.oracle.values import moment

TABLES = {
    "Order": "sales_order",
    "OrderLine": "order_line",
    "OrderStatusChange": "order_status_change",
    "OrderOwnerChange": "order_owner_change",
    "OrderTierOverride": "order_tier_override",
    "Shipment": "shipment",
    "ShipmentLine": "shipment_line",
    "Payment": "payment",
    "Feedback": "feedback",
    "Complaint": "complaint",
    "ComplaintChange": "complaint_change",
    "Customer": "customer",
    "CustomerContact": "customer_contact",
    "CustomerAddress": "customer_address",
    "CustomerOwnerChange": "customer_owner_change",
    "Product": "product",
    "Region": "region",
    "Team": "team",
    "User": "app_user",
    "BusinessCalendar": "business_calendar",
    "Leave": "user_leave",
    "Reminder": "reminder",
    "Channel": "channel",
    "Job": "job",
    "JobReportRow": "job_report_row",
    "File": "stored_file",
    "AuditEntry": "audit_entry",
    "ExchangeRate": "exchange_rate",
    "Tier": "tier",
    "Reason": "reason",
    "Tag": "tag",
    "CustomField": "custom_field",
    "CustomFieldChoice": "custom_field_choice",
    "ApiToken": "api_token",
    "Segment": "segment",
    "Warehouse": "warehouse",
    "StockLevel": "stock_level",
    "StockMovement": "stock_movement",
    "TierRuleSet": "tier_rule_set",
    "TierRule": "tier_rule",
    "OrderFinding": "order_finding",
    "ChannelPrice": "channel_price",
    "ReviewPolicy": "review_policy",
    "AssignmentRule": "assignment_rule",
    "LevelRule": "level_rule",
    "LevelProposal": "level_proposal",
    "CustomerLevelChange": "customer_level_change",
    "Lead": "lead",
    "LeadFollowUp": "lead_follow_up",
    "LeadAssignment": "lead_assignment",
    "LeadShare": "lead_share",
    "LeadPool": "lead_pool",
    "LeadPoolMember": "lead_pool_member",
    "LeadForm": "lead_form",
}
PREFIXES = {
    "Order": "ord",
    "OrderLine": "oln",
    "OrderStatusChange": "osc",
    "OrderOwnerChange": "ooc",
    "OrderTierOverride": "oto",
    "Shipment": "shp",
    "ShipmentLine": "shl",
    "Payment": "pay",
    "Feedback": "fbk",
    "Complaint": "cpl",
    "ComplaintChange": "cpc",
    "Customer": "cus",
    "CustomerContact": "con",
    "CustomerAddress": "adr",
    "CustomerOwnerChange": "coc",
    "Product": "prd",
    "Region": "reg",
    "Team": "tem",
    "User": "usr",
    "BusinessCalendar": "bcl",
    "Leave": "lve",
    "Reminder": "rmd",
    "Channel": "chn",
    "Job": "job",
    "JobReportRow": "jrr",
    "File": "fil",
    "AuditEntry": "aud",
    "ExchangeRate": "rat",
    "Tier": "tie",
    "Reason": "rsn",
    "Tag": "tag",
    "CustomField": "cfd",
    "CustomFieldChoice": "cfc",
    "ApiToken": "tok",
    "Segment": "seg",
    "Warehouse": "whs",
    "StockLevel": "stk",
    "StockMovement": "smv",
    "TierRuleSet": "trs",
    "TierRule": "trl",
    "OrderFinding": "ofi",
    "ChannelPrice": "cpr",
    "ReviewPolicy": "rvp",
    "AssignmentRule": "asr",
    "LevelRule": "lvr",
    "LevelProposal": "lvp",
    "CustomerLevelChange": "clc",
    "Lead": "lea",
    "LeadFollowUp": "lfu",
    "LeadAssignment": "las",
    "LeadShare": "lsh",
    "LeadPool": "lpo",
    "LeadPoolMember": "lpm",
    "LeadForm": "lfm",
}
TREES = frozenset({"Region", "Team"})


@dataclass(frozen=True, eq=False)
class Row:
    """A row: its type's name, and its columns by their names in the database."""

    type: str
    columns: dict[str, Any]

    @property
    def id(self) -> int:
        """Its number."""
        number: int = self.columns["id"]
        return number

    @property
    def global_id(self) -> str:
        """Its id in the API."""
        return f"{PREFIXES[self.type]}_{self.id}"


@dataclass(frozen=True)
class World:
    """Rows by type and number, who shares what (row number, user number), and the company's currency and zone."""

    rows: dict[str, dict[int, Row]]
    order_shares: frozenset[tuple[int, int]]
    customer_shares: frozenset[tuple[int, int]]
    lead_shares: frozenset[tuple[int, int]]
    currency: str
    zone: str
    _children: dict[tuple[str, str], dict[int, list[Row]]] = field(default_factory=dict)

    def of(self, type_name: str) -> Iterator[Row]:
        """All rows of a type."""
        return iter(self.rows[type_name].values())

    def get(self, type_name: str, number: int | None) -> Row | None:
        """One row, if there is one."""
        return None if number is None else self.rows[type_name].get(number)

    def having(self, type_name: str, column: str, number: int) -> list[Row]:
        """The rows of a type that refer to `number` in `column`."""
        key = (type_name, column)
        if key not in self._children:
            found = self._children[key] = {}
            for row in self.of(type_name):
                found.setdefault(row.columns[column], []).append(row)
        return self._children[key].get(number, [])

    def is_within(self, row: Row | None, number: int) -> bool:
        """Whether `row` of a tree is node `number` or stands below it."""
        while row is not None:
            if row.id == number:
                return True
            row = self.get(row.type, row.columns["parent_id"])
        return False


async def load_world(connection: asyncpg.Connection, *, currency: str, zone: str) -> World:
    """Everything that is in the database of `connection`."""
    rows = {}
    for type_name, table in TABLES.items():
        records = await connection.fetch(f"SELECT * FROM {table}")
        rows[type_name] = {record["id"]: Row(type_name, _columns(record)) for record in records}
    for custom in rows["CustomField"].values():
        custom.columns["archived"] = custom.columns["archived_at"] is not None
        for row in rows[custom.columns["entity"].capitalize()].values():
            row.columns[custom_column(custom)] = _read(custom, row.columns["custom_fields"].get(custom.columns["key"]))
    _count_available(rows)
    _count_shipped(rows)
    _find_late(rows, zone)
    _count_days(rows, zone)
    _count_payments(rows)
    for job in rows["Job"].values():
        job.columns["succeeded"] = job.columns["done"] - job.columns["failed"] - job.columns["unchanged"]
    for refused in rows["JobReportRow"].values():
        refused.columns["problems"] = []  # as of those from before problems were data
    for told in rows["Reminder"].values():
        told.columns["snoozed_until"] = told.columns["due_at"] if told.columns["state"] == "SNOOZED" else None
    for user in rows["User"].values():
        user.columns["identities"] = []
        user.columns["skills"] = {"regionIds": [], "industries": [], "categories": []}
    for each in await connection.fetch("SELECT * FROM user_identity ORDER BY id"):
        facts = {"issuer": each["issuer"], "subject": each["subject"], "linkedAt": moment(each["created_at"])}
        rows["User"][each["user_id"]].columns["identities"].append(facts)
    for each in await connection.fetch("SELECT * FROM user_skill ORDER BY id"):
        skills = {"regionIds": each["region_id"], "industries": each["industry"], "categories": each["category"]}
        [(kind, skill)] = [(kind, skill) for kind, skill in skills.items() if skill is not None]
        named = f"reg_{skill}" if kind == "regionIds" else skill
        rows["User"][each["user_id"]].columns["skills"][kind].append(named)
    await _add_holidays(connection, rows["BusinessCalendar"])
    for change in rows["OrderStatusChange"].values():
        change.columns["kind"] = change.columns["kind"] or ("STEP" if change.columns["from_status"] else "ENTERED")
    _compare_prices(list(rows["ChannelPrice"].values()))
    order_shares = await connection.fetch("SELECT order_id, user_id FROM order_share")
    customer_shares = await connection.fetch("SELECT customer_id, user_id FROM customer_share")
    lead_shares = await connection.fetch("SELECT lead_id, user_id FROM lead_share")
    return World(
        rows,
        frozenset(map(tuple, order_shares)),
        frozenset(map(tuple, customer_shares)),
        frozenset(map(tuple, lead_shares)),
        currency=currency,
        zone=zone,
    )


async def _add_holidays(connection: asyncpg.Connection, calendars: dict[int, Row]) -> None:
    """What is known of public holidays where each calendar is of, and up to when."""
    sources = await connection.fetch("SELECT country, subdivision, known_until FROM holiday_source")
    known = {(country, part): until for country, part, until in sources}
    days = await connection.fetch("SELECT country, subdivision, date, worked, labels FROM public_holiday")
    for calendar in calendars.values():
        place = calendar.columns["country"], calendar.columns["subdivision"] or ""
        calendar.columns["company_default"] = bool(calendar.columns["company_default"])
        calendar.columns["holidays_known_until"] = known.get(place)
        calendar.columns["holidays"] = [_columns(day) for day in days if (day["country"], day["subdivision"]) == place]


def _count_available(rows: dict[str, dict[int, Row]]) -> None:
    """What nobody has reserved: of each stock, and of each product that is kept in stock, in all warehouses in use."""
    for product in rows["Product"].values():
        product.columns["available"] = Decimal(0) if product.columns["stocked"] else None
    with localcontext(prec=200):
        for level in rows["StockLevel"].values():
            left = level.columns["available"] = level.columns["on_hand"] - level.columns["reserved"]
            product = rows["Product"][level.columns["product_id"]]
            if product.columns["stocked"] and rows["Warehouse"][level.columns["warehouse_id"]].columns["active"]:
                product.columns["available"] += left


def _compare_prices(prices: list[Row]) -> None:
    """By how much each is above the lowest that another channel asks for the same product while both hold."""
    for price in prices:
        of = price.columns
        others = [
            other.columns["price"]
            for other in prices
            if other.columns["channel_id"] != of["channel_id"]
            and (other.columns["product_id"], other.columns["currency"]) == (of["product_id"], of["currency"])
            and other.columns["starts_on"] <= (of["ends_on"] or date.max)
            and (other.columns["ends_on"] or date.max) >= of["starts_on"]
        ]
        lowest = min(others, default=Decimal(0))
        with localcontext(prec=200):
            above = (of["price"] / lowest - 1).quantize(Decimal("0.0001"), ROUND_HALF_UP) if lowest else None
        of["deviation"] = above


def _count_shipped(rows: dict[str, dict[int, Row]]) -> None:
    """How many pieces of each line shipments have, all where the order was sent; and what that makes of the order."""
    sent = {"SHIPPED", "COMPLETED", "EXCHANGED"}
    for shipment in rows["Shipment"].values():
        shipment.columns["state"] = "DELIVERED" if shipment.columns["delivered_at"] else "IN_TRANSIT"
    parcels = {shipment.columns["order_id"] for shipment in rows["Shipment"].values()}
    for order in rows["Order"].values():
        partly = order.columns["status"] == "PACKED" and order.id in parcels
        order.columns["fulfilment"] = "FULL" if order.columns["status"] in sent else "PARTIAL" if partly else "NONE"
    with localcontext(prec=200):
        pieces: dict[int, Decimal] = {}
        for part in rows["ShipmentLine"].values():
            line_id = part.columns["order_line_id"]
            pieces[line_id] = pieces.get(line_id, Decimal(0)) + part.columns["quantity"]
        for line in rows["OrderLine"].values():
            ordered, shipped = line.columns["quantity"], pieces.get(line.id, Decimal(0))
            if rows["Order"][line.columns["order_id"]].columns["status"] in sent:
                shipped = ordered
            goods = line.columns["kind"] == "PRODUCT" and ordered > 0
            line.columns["shipped"] = shipped if goods else Decimal(0)
            said = "NONE" if not shipped else "PARTIAL" if shipped < ordered else "FULL"
            line.columns["fulfilment"] = said if goods else None


def _find_late(rows: dict[str, dict[int, Row]], zone: str) -> None:
    """Which orders came after the day by which they were needed, or have not come by today."""
    never = {"CANCELLED", "REJECTED", "REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"}
    today = datetime.now(ZoneInfo(zone)).date()
    for order in rows["Order"].values():
        came, by = order.columns["delivered_at"], order.columns["required_by"]
        day = came.astimezone(ZoneInfo(zone)).date() if came else None
        if day is None and order.columns["status"] != "COMPLETED":
            day = today
        late = order.columns["status"] not in never and by is not None and day is not None and day > by
        order.columns["late"] = late


def _count_days(rows: dict[str, dict[int, Row]], zone: str) -> None:
    """How many days ago each customer bought last."""
    today = datetime.now(ZoneInfo(zone)).date()
    for customer in rows["Customer"].values():
        last = customer.columns["last_order_at"]
        customer.columns["recency_days"] = last and (today - last.astimezone(ZoneInfo(zone)).date()).days


def _count_payments(rows: dict[str, dict[int, Row]]) -> None:
    """What each order was paid, entry by entry of its ledger, and how far that pays it."""
    undone = {row.columns["reverses_id"] for row in rows["Payment"].values()}
    for row in rows["Payment"].values():
        row.columns["reversed"] = row.id in undone
    moved: dict[int, dict[str, Decimal]] = {number: {} for number in rows["Order"]}
    with localcontext(prec=200):
        for row in rows["Payment"].values():
            of = moved[row.columns["order_id"]]
            if row.columns["kind"] != "REVERSAL" and not row.columns["reversed"]:
                kind = "REFUND" if row.columns["kind"] == "REFUND" else "PAYMENT"
                moves = -row.columns["amount"] if row.columns["kind"] == "TRANSFER_OUT" else row.columns["amount"]
                of[kind] = of.get(kind, Decimal(0)) + moves
        for order in rows["Order"].values():
            returns = [each.id for each in rows["Order"].values() if each.columns["original_order_id"] == order.id]
            came, went = (moved[order.id].get(kind, Decimal(0)) for kind in ("PAYMENT", "REFUND"))
            sums = [sum(moved[each].get(kind, Decimal(0)) for each in returns) for kind in ("PAYMENT", "REFUND")]
            _pay(order, came, went, sums[1] - sums[0])


def _pay(order: Row, came: Decimal, went: Decimal, for_returns: Decimal) -> None:
    off = order.columns["status"] in {"CANCELLED", "REJECTED", "DECLINED"}
    owed = Decimal(0) if off else order.columns["total"]
    order.columns.update({"paid": came - went, "due": owed - (came - went), "received": came})
    order.columns["kept"] = came - went - for_returns
    order.columns["refunded"] = went + max(for_returns, Decimal(0))
    back, kept = went + max(for_returns, Decimal(0)), came - went - max(for_returns, Decimal(0))
    if not came and not went and not for_returns:
        state = "UNPAID" if order.columns["total"] else "PAID"
    elif owed < 0:
        out = went - came
        state = "OVERPAID" if out < 0 else "REFUNDED" if out >= -owed else "PARTLY_REFUNDED" if out else "UNPAID"
    elif back and back >= came:
        state = "REFUNDED"
    elif kept < owed and back:
        state = "PARTLY_REFUNDED"
    elif kept >= owed:
        state = "PAID" if kept == owed else "OVERPAID"
    else:
        state = "PARTLY_PAID" if came else "UNPAID"
    order.columns["payment_state"] = state


def custom_column(field: Row) -> str:
    """The name under which rows have their value of a custom field."""
    return f"custom {field.columns['key']}"


def _read(field: Row, stored: Any) -> Any:
    """A value out of JSON, as what it is."""
    readers: dict[str, Any] = {"NUMBER": Decimal, "MONEY": Decimal, "DATE": date.fromisoformat}
    return None if stored is None else readers.get(field.columns["type"], lambda value: value)(stored)


def _columns(record: asyncpg.Record) -> dict[str, Any]:
    columns = dict(record.items())
    columns |= {"filter": orjson.Fragment(columns["condition"])} if "condition" in columns else {}
    if columns.get("entry_filter") is not None:
        columns["entry_filter"] = orjson.Fragment(columns["entry_filter"])
    columns |= {name: columns[name].hex() for name in {"sha256"} & set(columns) if columns[name] is not None}
    return columns | {
        name: json.loads(columns[name])
        for name in {"ship_to", "bill_to", "facts", "labels", "custom_fields", "week", "exceptions"} & set(columns)
        if columns[name]
    }

"""What customers say of orders that were delivered."""

import models
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Entity, Sort, ToMany, ToOne, columns_of

FEEDBACK = Entity(
    name="Feedback",
    prefix="fbk",
    table="feedback",
    scope=visibility.with_order,
    token_scope=TokenScope.ORDERS_READ,
    columns=columns_of(models.Feedback, "score", "comment", "at"),
    to_one={"order": ToOne("Order", "order_id"), "actor": ToOne("User", "by_id")},
    sorts={"at": Sort("at", descending=True)},
)

COMPLAINT = Entity(
    name="Complaint",
    prefix="cpl",
    table="complaint",
    scope=visibility.with_order,
    token_scope=TokenScope.ORDERS_READ,
    columns=columns_of(
        models.Complaint,
        *("version", "description", "state", "respond_by", "created_at", "updated_at", "closed_at"),
        unfiltered=("version", "description"),
    ),
    to_one={
        "order": ToOne("Order", "order_id"),
        "reason": ToOne("Reason", "reason_id"),
        "actor": ToOne("User", "by_id"),
    },
    to_many={"changes": ToMany("ComplaintChange", "complaint_id", inverse="complaint", order="{t}.at, {t}.id")},
    sorts={"respond_by": Sort("respond_by"), "created_at": Sort("created_at", descending=True)},
)

COMPLAINT_CHANGE = Entity(
    name="ComplaintChange",
    prefix="cpc",
    table="complaint_change",
    scope=visibility.with_order,
    token_scope=TokenScope.ORDERS_READ,
    columns=columns_of(models.ComplaintChange, "from_state", "to_state", "respond_by", "note", "at"),
    to_one={
        "complaint": ToOne("Complaint", "complaint_id"),
        "order": ToOne("Order", "order_id"),
        "actor": ToOne("User", "by_id"),
    },
)

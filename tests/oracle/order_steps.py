"""The steps that lead on from where an order stands, from the drawing of its life and the table of who may do what."""

from typing import Any

from tests.oracle.visibility import Viewer
from tests.oracle.world import Row

# From, step, to, who on own rows, who on the team's, who everywhere; whether a reason is needed.
LIFE = """
DRAFT                                SUBMIT          PENDING_REVIEW REP|MANAGER|INTEGRATION -
NEEDS_INFO                           SUBMIT          PENDING_REVIEW REP|MANAGER|INTEGRATION -
PENDING_REVIEW                       APPROVE         APPROVED       |MANAGER|REVIEWER       -
PENDING_REVIEW                       REQUEST_INFO    NEEDS_INFO     |MANAGER|REVIEWER       why
PENDING_REVIEW                       REJECT          REJECTED       |MANAGER|REVIEWER       why
APPROVED                             START_PICKING   PICKING        ||FULFILMENT            -
APPROVED                             BACKORDER       BACKORDERED    ||FULFILMENT            why
PICKING                              BACKORDER       BACKORDERED    ||FULFILMENT            why
BACKORDERED                          RESUME_PICKING  PICKING        ||FULFILMENT            -
PICKING                              PACK            PACKED         ||FULFILMENT            -
PACKED                               SHIP            SHIPPED        ||FULFILMENT            -
SHIPPED                              COMPLETE        COMPLETED      ||SERVICE               -
DRAFT                                CANCEL          CANCELLED      REP|MANAGER|INTEGRATION why
PENDING_REVIEW                       CANCEL          CANCELLED      REP|MANAGER|INTEGRATION why
NEEDS_INFO                           CANCEL          CANCELLED      REP|MANAGER|INTEGRATION why
APPROVED                             CANCEL          CANCELLED      REP|MANAGER|INTEGRATION why
PICKING                              CANCEL          CANCELLED      ||FULFILMENT            why
BACKORDERED                          CANCEL          CANCELLED      ||FULFILMENT            why
PACKED                               CANCEL          CANCELLED      ||FULFILMENT            why
REQUESTED                            AUTHORISE       AUTHORISED     ||SERVICE               -
REQUESTED                            DECLINE         DECLINED       ||SERVICE               why
AUTHORISED                           RECEIVE         RECEIVED       ||FULFILMENT            -
RECEIVED                             REFUND          REFUNDED       ||FINANCE               -
RECEIVED                             EXCHANGE        EXCHANGED      ||FULFILMENT            -
"""
ONLY_FOR = {"REFUND": "RETURN", "EXCHANGE": "EXCHANGE"}
LABELS = {
    "SUBMIT": ("Submit", "提交审核"),
    "APPROVE": ("Approve", "审核通过"),
    "REQUEST_INFO": ("Ask for information", "要求补充"),
    "REJECT": ("Reject", "驳回"),
    "START_PICKING": ("Start picking", "开始拣货"),
    "BACKORDER": ("Wait for goods", "转缺货"),
    "RESUME_PICKING": ("Resume picking", "继续拣货"),
    "PACK": ("Pack", "打包"),
    "SHIP": ("Ship", "发货"),
    "COMPLETE": ("Complete", "完成"),
    "CANCEL": ("Cancel", "取消"),
    "AUTHORISE": ("Authorise the return", "同意退换货"),
    "DECLINE": ("Decline the return", "拒绝退换货"),
    "RECEIVE": ("Receive the goods", "收到退货"),
    "REFUND": ("Refund", "退款"),
    "EXCHANGE": ("Send the exchange", "换货发出"),
}


def steps() -> list[list[str]]:
    """The rows of the table: from, step, to, who, why."""
    return [line.split() for line in LIFE.strip().splitlines()]


def may(viewer: Viewer, row: Row, who: str) -> bool:
    """Whether one of `who` is true of the viewer and this order."""
    own, team, everywhere = who.split("|")
    return (
        "ADMIN" in viewer.roles
        or (everywhere in viewer.roles and everywhere != "INTEGRATION")  # that role counts for API tokens alone
        or (team in viewer.roles and viewer.manages(row))
        or (own in viewer.roles and row.columns["owner_id"] == viewer.user.id)
    )


def available(viewer: Viewer, row: Row, language: str) -> list[dict[str, Any]]:
    """What the order's `availableTransitions` are."""
    found = []
    for status, step, _, who, why in sorted(steps(), key=lambda line: list(LABELS).index(line[1])):
        if status != row.columns["status"] or ONLY_FOR.get(step, row.columns["type"]) != row.columns["type"]:
            continue
        if step == "CANCEL" and row.columns["fulfilment"] == "PARTIAL":
            continue
        findings = viewer.world.having("OrderFinding", "order_id", row.id)
        if step == "AUTHORISE" and any(each.columns["overridden_at"] is None for each in findings):
            who = "|MANAGER|REVIEWER"
        allowed = may(viewer, row, who)
        found.append(
            {
                "transition": step,
                "label": LABELS[step][language == "zh"],
                "allowed": allowed,
                "blockedBy": None if allowed else "NOT_PERMITTED",
                "reasonNeeded": why == "why",
            }
        )
    return found

"""The steps that lead on from where an order stands, from the drawing of its life and the table of who may do what."""

from decimal import Decimal
from typing import Any

from tests.oracle.remainders import short
from tests.oracle.values import written
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


NOT_ALLOWED = ("Your role does not allow this.", "您的角色不允许此操作。")
PARTLY_SHIPPED = (
    "The order is partly shipped: cancel the lines that are left instead.",
    "订单已部分发货，请改为取消剩余明细。",
)
FOUND = ("The order has findings, so that it is for who reviews orders.", "订单有未处理的审核发现，须由审核人员处理。")


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
        blockers = _blockers(viewer, row, step, who, language == "zh")
        found.append(
            {
                "transition": step,
                "label": LABELS[step][language == "zh"],
                "allowed": not blockers,
                "blockedBy": blockers,
                "reasonNeeded": why == "why",
            }
        )
    return found


def _blockers(viewer: Viewer, row: Row, step: str, who: str, chinese: bool) -> list[dict[str, Any]]:
    if step == "CANCEL" and row.columns["fulfilment"] == "PARTIAL":
        return [blocker("INVALID_INPUT", PARTLY_SHIPPED[chinese], problem="partly_shipped")]
    findings = viewer.world.having("OrderFinding", "order_id", row.id)
    if step == "AUTHORISE" and any(each.columns["overridden_at"] is None for each in findings):
        if may(viewer, row, "|MANAGER|REVIEWER"):
            return []
        if may(viewer, row, who):
            return [blocker("NOT_PERMITTED", f"{NOT_ALLOWED[chinese]} {FOUND[chinese]}", problem="findings_open")]
    if not may(viewer, row, who):
        return [blocker("NOT_PERMITTED", NOT_ALLOWED[chinese])]
    if step not in {"START_PICKING", "RESUME_PICKING", "EXCHANGE"}:
        return []
    products = viewer.world.rows["Product"]
    return [
        _short(products[line.columns["product_id"]], line, there, chinese) for line, there in short(viewer.world, row)
    ]


def _short(product: Row, line: Row, there: Decimal, chinese: bool) -> dict[str, Any]:
    asked, left, sku = written(line.columns["quantity"]), written(there), product.columns["sku"]
    told = (
        f"There are only {left} of the {asked} of {sku} that are asked for.",
        f"{sku} 需要 {asked}，可用库存只有 {left}。",
    )[chinese]
    return blocker("STOCK_SHORT", told, lineId=line.global_id, sku=sku, requested=asked, available=left)


def blocker(code: str, message: str, **facts: Any) -> dict[str, Any]:
    """Something in the way, of which only `facts` are more than nothing."""
    nothing = dict.fromkeys(("problem", "lineId", "sku", "requested", "available"))
    return nothing | {"code": code, "message": message} | facts

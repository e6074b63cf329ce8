"""What can be done with an order beside its steps, from the table of who may do what."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import Any

from domain.orders.labels import STATUS_LABELS
from domain.orders.life_cycle import OrderStatus
from tests.oracle.order_steps import NOT_ALLOWED, blocker, may
from tests.oracle.remainders import anything_back, refundable
from tests.oracle.values import CURRENCY_DIGITS
from tests.oracle.visibility import Viewer
from tests.oracle.world import Row

# Action, mutation, who on own rows, who on the team's, who everywhere, where the order stands (- is anywhere), labels.
DEEDS = """
UPDATE            orderUpdate          REP|MANAGER|          EDITABLE    Edit/编辑信息
UPDATE_LINES      orderUpdate          REP|MANAGER|          UNREVIEWED  Edit_lines/编辑明细
ASSIGN            orderAssign          |MANAGER|             -           Assign/分配
OVERRIDE_TIER     orderTierOverride    |MANAGER|             OPEN        Override_the_tier/调整分层
END_TIER_OVERRIDE orderTierOverrideEnd |MANAGER|             -           Let_rules_give_the_tier/恢复分层
SET_DELAY_REASON  orderDelayReasonSet  REP|MANAGER|FULFILMENT,SERVICE -  Say_why_it_is_late/说明逾期原因
CANCEL_LINES      orderLinesCancel     ||FULFILMENT          TO_SEND     Cancel_lines/取消明细
SUBSTITUTE_LINE   orderLineSubstitute  |MANAGER|FULFILMENT,REVIEWER TO_PICK     Substitute_a_product/替换商品
SPLIT             orderSplit           ||FULFILMENT          TO_PICK     Split/拆单
CREATE_SHIPMENT   shipmentCreate       ||FULFILMENT          -           Ship_a_part/分批发货
RECORD_PAYMENT    paymentRecord        ||FINANCE             -           Record_a_payment/登记收款
RECORD_REFUND     refundRecord         ||FINANCE             -           Record_a_refund/登记退款
TRANSFER_PAYMENT  paymentTransfer      ||FINANCE             -           Transfer_a_payment/转款
CREATE_RETURN     orderCreate          ||REP,MANAGER,SERVICE -           Enter_a_return/登记退货
CREATE_EXCHANGE   orderCreate          ||REP,MANAGER,SERVICE -           Enter_an_exchange/登记换货
RECORD_FEEDBACK   feedbackRecord       ||SERVICE             -           Record_feedback/登记评价
OPEN_COMPLAINT    complaintOpen        ||SERVICE             -           Open_a_complaint/登记投诉
"""
_UNREVIEWED, _TO_PICK = {"DRAFT", "NEEDS_INFO"}, {"APPROVED", "BACKORDERED"}
_OVER = {"COMPLETED", "REFUNDED", "EXCHANGED", "CANCELLED", "REJECTED", "DECLINED"}
PLACES = {
    "UNREVIEWED": _UNREVIEWED,
    "EDITABLE": _UNREVIEWED | _TO_PICK | {"PENDING_REVIEW", "PICKING", "PACKED"},
    "TO_PICK": _TO_PICK,
    "TO_SEND": _TO_PICK | {"PACKED"},
}
_RETURNS = {"RETURN", "EXCHANGE"}
_STEP = ("The order is {}; this is possible only from {}.", "订单处于“{}”状态，只有“{}”状态才能执行此操作。")
_TOO_FAR = ("This can no longer be changed: the order is {}.", "订单已处于“{}”状态，不能再修改。")
_TAKEN = ("This is taken already.", "已存在。")
_PROBLEMS = {
    "not_late": ("is not late", "未逾期"),
    "is_return": ("is a return or exchange: set its money off", "是退换货单，请用抵账方式处理"),
    "original_not_shipped": ("must be an order that was shipped", "必须是已发货的订单"),
    "return_beyond_sold": ("is more than the 0 that can still come back", "超出可退数量 0"),
}
_EXCEEDS = (
    "{asked} {currency} is more than is left of the {paid} that was paid: {left}.",
    "{asked} {currency} 超出可退余额：已收 {paid}，剩余 {left}。",
)


def actions(viewer: Viewer, row: Row, language: str) -> list[dict[str, Any]]:
    """What the order's `availableActions` are."""
    found, chinese = [], language == "zh"
    for line in DEEDS.strip().splitlines():
        action, mutation, who, place, labels = line.split()
        if action == "END_TIER_OVERRIDE" and row.columns["tier_override_id"] is None:
            continue
        blockers = list(_blockers(viewer, row, action, who, place, chinese))
        label = labels.split("/")[chinese].replace("_", " ")
        told = {"action": action, "mutation": mutation, "label": label, "allowed": not blockers}
        found.append(told | {"blockedBy": blockers})
    return found


def _blockers(viewer: Viewer, row: Row, action: str, who: str, place: str, chinese: bool) -> Iterator[dict[str, Any]]:
    own, team, everywhere = who.split("|")
    if not any(may(viewer, row, f"{own}|{team}|{each}") for each in everywhere.split(",")):
        yield blocker("NOT_PERMITTED", NOT_ALLOWED[chinese])
        return
    status = row.columns["status"]
    if (place == "OPEN" and status in _OVER) or status not in PLACES.get(place, {status}):
        yield blocker("NOT_EDITABLE", _TOO_FAR[chinese].format(_named(status, chinese)))
    match action:
        case "CREATE_SHIPMENT" if status != "PACKED":
            yield blocker("STEP_NOT_POSSIBLE", _step_at(status, "PACKED", chinese))
        case "SET_DELAY_REASON" if not row.columns["late"]:
            yield _problem("not_late", chinese)
        case "TRANSFER_PAYMENT" if row.columns["type"] in _RETURNS:
            yield _problem("is_return", chinese)
        case "RECORD_REFUND" | "TRANSFER_PAYMENT":
            yield from _nothing_left(viewer, row, chinese, own=action == "TRANSFER_PAYMENT")
        case "CREATE_RETURN" | "CREATE_EXCHANGE":
            if status not in {"SHIPPED", "COMPLETED"}:
                yield _problem("original_not_shipped", chinese)
            pieces, worth = anything_back(viewer.world, row)
            if not pieces and (action == "CREATE_EXCHANGE" or not worth):
                yield _problem("return_beyond_sold", chinese)
        case "RECORD_FEEDBACK" if row.columns["feedback_id"] is not None:
            yield blocker("ALREADY_EXISTS", _TAKEN[chinese])
        case "RECORD_FEEDBACK" if status != "COMPLETED":
            yield blocker("STEP_NOT_POSSIBLE", _step_at(status, "COMPLETED", chinese))


def _step_at(status: str, begins: str, chinese: bool) -> str:
    return _STEP[chinese].format(_named(status, chinese), _named(begins, chinese))


def _named(status: str, chinese: bool) -> str:
    return STATUS_LABELS[OrderStatus(status)][1] if chinese else status


def _problem(problem: str, chinese: bool) -> dict[str, Any]:
    told = _PROBLEMS[problem][chinese]
    return blocker("INVALID_INPUT", f"订单{told}。" if chinese else f"The order {told}.", problem=problem)


def _nothing_left(viewer: Viewer, row: Row, chinese: bool, *, own: bool) -> Iterator[dict[str, Any]]:
    """To refund, or of its own to transfer."""
    left = refundable(viewer, row)
    if left is not None and own:
        left = max(min(left, row.columns["paid"]), Decimal(0))
    if left is None or left > 0:
        return
    currency, source = row.columns["currency"], row
    if row.columns["type"] in _RETURNS and row.columns["status"] not in {"CANCELLED", "REJECTED", "DECLINED"}:
        source = viewer.world.rows["Order"][row.columns["original_order_id"]]
    digits = CURRENCY_DIGITS[currency]
    facts = {"asked": Decimal(1).scaleb(-digits), "paid": source.columns["received"], "left": left}
    with localcontext(prec=200):  # the largest amounts have more digits than decimals keep by themselves
        told = {name: format(round(amount, digits), "f") for name, amount in facts.items()}
    yield blocker("REFUND_EXCEEDS_PAID", _EXCEEDS[chinese].format(**told, currency=currency))

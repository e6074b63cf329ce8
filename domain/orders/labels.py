"""What people call the statuses of orders, the steps between them, and what else is done, in English and Chinese."""

from collections.abc import Sequence

from domain.orders.actions import OrderAction
from domain.orders.life_cycle import OrderStatus
from domain.orders.transitions import Transition

_S = OrderStatus

STATUS_LABELS: dict[OrderStatus, tuple[str, str]] = {
    _S.DRAFT: ("Draft", "草稿"),
    _S.PENDING_REVIEW: ("Pending review", "待审核"),
    _S.NEEDS_INFO: ("Needs information", "待补充"),
    _S.APPROVED: ("Approved", "已审核"),
    _S.PICKING: ("Picking", "拣货中"),
    _S.BACKORDERED: ("Backordered", "缺货"),
    _S.PACKED: ("Packed", "已打包"),
    _S.SHIPPED: ("Shipped", "已发货"),
    _S.COMPLETED: ("Completed", "已完成"),
    _S.CANCELLED: ("Cancelled", "已取消"),
    _S.REJECTED: ("Rejected", "已驳回"),
    _S.REQUESTED: ("Return requested", "退货申请"),
    _S.AUTHORISED: ("Return authorised", "已同意退货"),
    _S.RECEIVED: ("Return received", "已收到退货"),
    _S.REFUNDED: ("Refunded", "已退款"),
    _S.EXCHANGED: ("Exchanged", "已换货"),
    _S.DECLINED: ("Return declined", "已拒绝退货"),
}

_T = Transition

TRANSITION_LABELS: dict[Transition, tuple[str, str]] = {
    _T.SUBMIT: ("Submit", "提交审核"),
    _T.APPROVE: ("Approve", "审核通过"),
    _T.REQUEST_INFO: ("Ask for information", "要求补充"),
    _T.REJECT: ("Reject", "驳回"),
    _T.START_PICKING: ("Start picking", "开始拣货"),
    _T.BACKORDER: ("Wait for goods", "转缺货"),
    _T.RESUME_PICKING: ("Resume picking", "继续拣货"),
    _T.PACK: ("Pack", "打包"),
    _T.SHIP: ("Ship", "发货"),
    _T.COMPLETE: ("Complete", "完成"),
    _T.CANCEL: ("Cancel", "取消"),
    _T.AUTHORISE: ("Authorise the return", "同意退换货"),
    _T.DECLINE: ("Decline the return", "拒绝退换货"),
    _T.RECEIVE: ("Receive the goods", "收到退货"),
    _T.REFUND: ("Refund", "退款"),
    _T.EXCHANGE: ("Send the exchange", "换货发出"),
}


_A = OrderAction

ACTION_LABELS: dict[OrderAction, tuple[str, str]] = {
    _A.UPDATE: ("Edit", "编辑信息"),
    _A.UPDATE_LINES: ("Edit lines", "编辑明细"),
    _A.ASSIGN: ("Assign", "分配"),
    _A.OVERRIDE_TIER: ("Override the tier", "调整分层"),
    _A.END_TIER_OVERRIDE: ("Let rules give the tier", "恢复分层"),
    _A.SET_DELAY_REASON: ("Say why it is late", "说明逾期原因"),
    _A.CANCEL_LINES: ("Cancel lines", "取消明细"),
    _A.SUBSTITUTE_LINE: ("Substitute a product", "替换商品"),
    _A.SPLIT: ("Split", "拆单"),
    _A.CREATE_SHIPMENT: ("Ship a part", "分批发货"),
    _A.RECORD_PAYMENT: ("Record a payment", "登记收款"),
    _A.RECORD_REFUND: ("Record a refund", "登记退款"),
    _A.TRANSFER_PAYMENT: ("Transfer a payment", "转款"),
    _A.CREATE_RETURN: ("Enter a return", "登记退货"),
    _A.CREATE_EXCHANGE: ("Enter an exchange", "登记换货"),
    _A.RECORD_FEEDBACK: ("Record feedback", "登记评价"),
    _A.OPEN_COMPLAINT: ("Open a complaint", "登记投诉"),
}


def status_labels(rows: Sequence[tuple[str]], language: str) -> list[str]:
    """The label of each (status,) in `language`: "zh" or, for anything else, English."""
    index = 1 if language == "zh" else 0
    return [STATUS_LABELS[OrderStatus(status)][index] for (status,) in rows]

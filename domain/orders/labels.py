"""What people call the statuses of orders, and the steps between them, in English and Chinese."""

from collections.abc import Sequence

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


def status_labels(rows: Sequence[tuple[str]], language: str) -> list[str]:
    """The label of each (status,) in `language`: "zh" or, for anything else, English."""
    index = 1 if language == "zh" else 0
    return [STATUS_LABELS[OrderStatus(status)][index] for (status,) in rows]

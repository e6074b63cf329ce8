"""Enums of orders."""

from domain.orders.actions import OrderAction
from domain.orders.dimensions import OrderDimension
from domain.orders.life_cycle import Fulfilment, HistoryKind, LineKind, OrderStatus, OrderType, StatusGroup, Urgency
from domain.orders.shipments import ShipmentState
from domain.orders.transitions import Transition
from domain.orders.work import WorkReason
from schema.describe import enum

enum(
    OrderType,
    {
        "NEW": "A new order (新订单).",
        "RENEWAL": "A renewal or replenishment of what was bought before (续订/补货).",
        "RETURN": "Goods that come back; its lines have negative quantities (退货).",
        "EXCHANGE": "Goods that are exchanged for others (换货).",
    },
)
enum(
    OrderDimension,
    {
        "STATUS": "By status.",
        "STATUS_GROUP": "By group of statuses.",
        "TYPE": "By type.",
        "CHANNEL": "By channel.",
        "REGION": "By region.",
        "TIER": "By tier.",
        "LEVEL": "By the customer's level.",
        "TEAM": "By team; what is of teams below it does not count.",
    },
)
enum(
    OrderStatus,
    {
        "DRAFT": "Being entered.",
        "PENDING_REVIEW": "Waits for a reviewer.",
        "NEEDS_INFO": "Asked back: the reviewer needs more information.",
        "APPROVED": "Checked and ready to be picked.",
        "PICKING": "Goods are being collected.",
        "BACKORDERED": "Waits for goods that are short.",
        "PACKED": "Ready for the carrier.",
        "SHIPPED": "With the carrier.",
        "COMPLETED": "Delivered and done.",
        "CANCELLED": "Called off before it was shipped.",
        "REJECTED": "Turned down in review.",
        "REQUESTED": "A return or exchange was asked for.",
        "AUTHORISED": "The return or exchange was agreed to.",
        "RECEIVED": "The goods came back.",
        "REFUNDED": "The money was paid back.",
        "EXCHANGED": "The exchange was sent.",
        "DECLINED": "The return or exchange was turned down.",
    },
)
enum(
    Transition,
    {
        "SUBMIT": "提交审核: DRAFT or NEEDS_INFO to PENDING_REVIEW.",
        "APPROVE": "审核通过: PENDING_REVIEW to APPROVED.",
        "REQUEST_INFO": "要求补充: PENDING_REVIEW to NEEDS_INFO.",
        "REJECT": "驳回: PENDING_REVIEW to REJECTED.",
        "START_PICKING": "开始拣货: APPROVED to PICKING.",
        "BACKORDER": "转缺货: APPROVED or PICKING to BACKORDERED.",
        "RESUME_PICKING": "继续拣货: BACKORDERED to PICKING.",
        "PACK": "打包: PICKING to PACKED.",
        "SHIP": "发货: PACKED to SHIPPED.",
        "COMPLETE": "完成: SHIPPED to COMPLETED.",
        "CANCEL": "取消: anything before SHIPPED to CANCELLED.",
        "AUTHORISE": "同意退换货: REQUESTED to AUTHORISED.",
        "DECLINE": "拒绝退换货: REQUESTED to DECLINED.",
        "RECEIVE": "收到退货: AUTHORISED to RECEIVED.",
        "REFUND": "退款: RECEIVED to REFUNDED, for returns.",
        "EXCHANGE": "换货发出: RECEIVED to EXCHANGED, for exchanges.",
    },
)
enum(
    OrderAction,
    {
        "UPDATE": "编辑信息: change its notes, tags, required day or custom fields.",
        "UPDATE_LINES": "编辑明细: change its lines, customer, addresses or prices.",
        "ASSIGN": "分配: give it to somebody else.",
        "OVERRIDE_TIER": "调整分层: give it another tier than rules do.",
        "END_TIER_OVERRIDE": "恢复分层: let rules give its tier again.",
        "SET_DELAY_REASON": "说明逾期: say why it is late.",
        "CANCEL_LINES": "取消明细: take off lines that cannot be had.",
        "SUBSTITUTE_LINE": "替换商品: put another product on a line.",
        "SPLIT": "拆单: make an order of its own of some lines.",
        "CREATE_SHIPMENT": "分批发货: send some of it.",
        "RECORD_PAYMENT": "登记收款: book what came in.",
        "RECORD_REFUND": "登记退款: book what went back.",
        "TRANSFER_PAYMENT": "转款: put its money to another order.",
        "CREATE_RETURN": "退货: enter a return of it.",
        "CREATE_EXCHANGE": "换货: enter an exchange of it.",
        "RECORD_FEEDBACK": "登记评价: keep what the customer thinks of it.",
        "OPEN_COMPLAINT": "登记投诉: keep what the customer complains of.",
    },
)
enum(
    StatusGroup,
    {
        "PENDING": "待处理: DRAFT, PENDING_REVIEW, NEEDS_INFO, APPROVED, REQUESTED.",
        "PROCESSED": "已处理: PICKING, BACKORDERED, PACKED, AUTHORISED, RECEIVED.",
        "SHIPPED": "已发货: SHIPPED.",
        "COMPLETED": "已完成: COMPLETED, REFUNDED, EXCHANGED.",
        "CANCELLED": "已取消: CANCELLED, REJECTED, DECLINED.",
    },
)
enum(
    ShipmentState,
    {
        "IN_TRANSIT": "运输中: it is on its way, or nobody said that it arrived.",
        "DELIVERED": "已送达: it has arrived.",
    },
)
enum(
    Fulfilment,
    {
        "NONE": "Nothing of it has gone.",
        "PARTIAL": "Something has gone, and something is left.",
        "FULL": "All of it has gone.",
    },
)
enum(
    Urgency,
    {
        "LOW": "Can wait.",
        "NORMAL": "As usual.",
        "HIGH": "Sooner than usual.",
        "CRITICAL": "Before everything else.",
    },
)
enum(
    HistoryKind,
    {
        "ENTERED": "录入: it was entered.",
        "STEP": "流转: a step of its life.",
        "LINES_CANCELLED": "取消明细: lines were taken off it.",
        "LINE_SUBSTITUTED": "替换商品: another product was put on a line.",
        "SPLIT": "拆单: some of its lines became another order.",
        "SPLIT_OFF": "拆出: it was made of lines of another order.",
    },
)
enum(LineKind, {"PRODUCT": "Goods.", "SHIPPING": "Freight and handling."})
enum(
    WorkReason,
    {
        "FINISH": "待提交: it was begun and is to be handed in.",
        "ANSWER": "待补充: it was asked back.",
        "REVIEW": "待审核: it waits for a reviewer.",
        "PICK": "待拣货: it is to be picked.",
        "RESUME": "缺货待拣: what it waited for should be there.",
        "PACK": "待打包: it is to be packed.",
        "SHIP": "待发货: it is to be shipped.",
        "COMPLETE": "待完成: it was shipped and is to be completed.",
        "AUTHORISE": "退换货待同意: somebody wants to send goods back.",
        "RECEIVE": "退货待收: goods are on their way back.",
        "REFUND": "待退款: goods came back and are to be paid for.",
        "EXCHANGE": "待换货: goods came back and others are to be sent.",
    },
)

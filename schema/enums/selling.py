"""Enums of assignment and review."""

from domain.assignment import AssignmentGround, AssignmentStrategy, CandidateStanding
from domain.orders.review import FindingKind, FindingSeverity
from schema.describe import enum

enum(
    AssignmentStrategy,
    {
        "LEAST_LOADED": "Who has the fewest orders that are not over.",
        "ROUND_ROBIN": "One after the other, by turns.",
        "EXPERTISE": "Who has most skills for it (its region, the customer's industry, categories of its products),"
        " then the fewest orders that are not over; nobody without any.",
    },
)
enum(
    AssignmentGround,
    {
        "CUSTOMERS_OWNER": "They owned the customer when it was entered.",
        "RULE": "A rule of assignment gave it to them.",
        "PERSON": "Somebody entered it for them, or gave it to them or to their team.",
        "NOBODY": "It is nobody's.",
    },
)
enum(
    CandidateStanding,
    {
        "CHOSEN": "They got the order.",
        "ELIGIBLE": "They could have had it.",
        "AT_CAPACITY": "They had as many orders as the rule lets anybody have.",
        "OFF_DUTY": "They were on leave.",
        "UNSKILLED": "They had no skill that the order asked for.",
    },
)
enum(
    FindingKind,
    {
        "ADDRESS_MISSING": "缺少收货地址: there is no address to ship to.",
        "CONTACT_MISSING": "缺少联系方式: there is neither a phone nor an email.",
        "UNKNOWN_SKU": "商品未知或停售: the product of a line is not, or no longer, sold.",
        "QUANTITY_BEYOND_POLICY": "数量超限: a line has more than the policy lets pass.",
        "PRICE_DEVIATES": "价格偏离: a price is further from the list than the policy tolerates.",
        "CREDIT_EXCEEDED": "超信用额度: with this order the customer owes more than its limit.",
        "POSSIBLE_DUPLICATE": "疑似重复: the customer placed the same order shortly before or after.",
        "TOTAL_MISMATCH": "金额不符: a partner's total differs from that of the lines.",
        "PLACED_EARLIER": "补录订单: it was placed longer before it was handed in than the policy lets pass.",
        "CUSTOMER_MISSING": "未指定客户: no customer is named, for more than the policy lets pass without one.",
        "LIST_PRICE_MISSING": "缺少价目: the product has a list price in a currency only for which there is no rate.",
        "RETURN_BEYOND_PAID": "退款超额: a partner's line brings back more money than was paid for it.",
    },
)
enum(
    FindingSeverity,
    {
        "WARNING": "It may be meant so.",
        "ERROR": "It can hardly be meant so.",
    },
)

"""What findings say to people, in English and Chinese."""

from collections.abc import Mapping, Sequence

from domain.orders.review import FindingKind

_K = FindingKind

MESSAGES: Mapping[FindingKind, tuple[str, str]] = {
    _K.ADDRESS_MISSING: ("There is no address to ship to.", "缺少收货地址。"),
    _K.CONTACT_MISSING: ("There is neither a phone nor an email to ask at.", "缺少联系电话和邮箱。"),
    _K.UNKNOWN_SKU: ("{sku} is not sold any more.", "{sku} 已停售。"),
    _K.QUANTITY_BEYOND_POLICY: (
        "{quantity} of {sku}: more than {most} on one line are for a person to decide.",
        "{sku} 数量 {quantity} 超过单行上限 {most},需人工审核。",
    ),
    _K.PRICE_DEVIATES: (
        "{price} {currency} for {sku}, less {discount} of discounts: the list says {listPrice}, and up to {tolerance}"
        " of that it may differ.",
        "{sku} 单价 {price} {currency}(折扣 {discount})偏离价目表 {listPrice},允许偏差比例为 {tolerance}。",
    ),
    _K.CREDIT_EXCEEDED: (
        "With this order the customer owes {exposure} {currency}, and its limit is {limit}.",
        "含本单客户欠款 {exposure} {currency},超过客户信用额度 {limit}。",
    ),
    _K.POSSIBLE_DUPLICATE: (
        "The customer placed the same lines for the same amount within {hours} hours.",
        "该客户在 {hours} 小时内有相同明细和金额的订单。",
    ),
    _K.PLACED_EARLIER: (
        "It was placed {days} days before it was handed in: after more than {within} a person looks at it.",
        "下单时间比提交早 {days} 天,超过 {within} 天需人工审核。",
    ),
    _K.CUSTOMER_MISSING: (
        "It comes to {amount} {currency} and names no customer: beyond {most} one is needed, for its credit.",
        "订单金额 {amount} {currency} 未指定客户,超过 {most} 须指定客户以核对信用。",
    ),
    _K.LIST_PRICE_MISSING: (
        "{sku} has a list price in another currency only, and no rate leads from it to {currency}.",
        "{sku} 仅有其他币种的价目,且无法折算为 {currency}。",
    ),
    _K.TOTAL_MISMATCH: (
        "The partner says {stated} {currency}, and the lines come to {computed}.",
        "合作方金额 {stated} {currency} 与明细合计 {computed} 不符。",
    ),
    _K.RETURN_BEYOND_PAID: (
        "{amount} {currency} come back for {what}, and {most} is left of what was paid for it.",
        "{what} 退回金额 {amount} {currency} 超过其可退的已付金额 {most}。",
    ),
}
WITHOUT_FACTS = ("The customer's credit limit is exceeded.", "超过客户信用额度。")
"""Of credit, for those who may not see how much a customer owes."""


def finding_texts(rows: Sequence[tuple[str, Mapping[str, str] | None]], language: str) -> list[str | None]:
    """The message of each (kind, facts) in `language`: "zh" or, for anything else, English."""
    place = 1 if language == "zh" else 0
    return [
        MESSAGES[FindingKind(kind)][place].format(**(facts or {}))
        if facts or kind != FindingKind.CREDIT_EXCEEDED
        else WITHOUT_FACTS[place]
        for kind, facts in rows
    ]

"""Enums of payments."""

from domain.payments import PaymentKind, PaymentMethod, PaymentState
from schema.describe import enum

enum(
    PaymentKind,
    {
        "PAYMENT": "Money came in (收款).",
        "REFUND": "Money went back (退款).",
        "REVERSAL": "An entry was a mistake and is undone (冲销).",
        "TRANSFER_OUT": "What was paid for this order went to another one (转出).",
        "TRANSFER_IN": "What was paid for another order came to this one (转入).",
    },
)
enum(
    PaymentMethod,
    {
        "BANK_TRANSFER": "银行转账: by transfer between banks.",
        "CARD": "银行卡: by credit or debit card.",
        "CASH": "现金: in cash.",
        "CHEQUE": "支票: by cheque.",
        "DIRECT_DEBIT": "代扣: drawn from the customer's account.",
        "WALLET": "电子钱包: by a wallet such as Alipay, WeChat Pay or PayPal.",
        "MARKETPLACE": "平台结算: by the marketplace that sold it.",
        "OFFSET": "抵账: no money moved, another order's credit was set off.",
        "OTHER": "其他: in another way.",
    },
)
enum(
    PaymentState,
    {
        "UNPAID": "未付款: nothing came in, or of a return nothing went back.",
        "PARTLY_PAID": "部分付款: less came in than it comes to.",
        "PAID": "已付清: as much came in as it comes to.",
        "OVERPAID": "超付: more came in than it comes to.",
        "PARTLY_REFUNDED": "部分退款: part of it went back, with a return or without.",
        "REFUNDED": "已退款: all that came in went back; of a return, all that it comes to.",
    },
)

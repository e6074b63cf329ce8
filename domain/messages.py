"""What people are told when something is refused, in English and Chinese. {names} are the error's facts."""

from dataclasses import asdict
from typing import Any

from domain import errors
from domain.after_sales import ComplaintState
from domain.errors import DomainError, InvalidInput
from domain.jobs import JobState
from domain.orders.labels import STATUS_LABELS
from domain.paths import INPUT
from domain.problems import Problem

Texts = tuple[str, str]

ERRORS: dict[type[DomainError], Texts] = {
    errors.NotFound: ("There is no such thing, or none that you may see.", "不存在，或您无权查看。"),
    errors.NotPermitted: ("Your role does not allow this.", "您的角色不允许此操作。"),
    errors.NotEditable: (
        "This can no longer be changed: the order is {status}.",
        "订单已处于“{status}”状态，不能再修改。",
    ),
    errors.StepNotPossible: (
        "The order is {status}; this is possible only from {allowed_from}.",
        "订单处于“{status}”状态，只有“{allowed_from}”状态才能执行此操作。",
    ),
    errors.StockShort: (
        "There are only {available} of the {requested} of {sku} that are asked for.",
        "{sku} 需要 {requested}，可用库存只有 {available}。",
    ),
    errors.RefundExceedsPaid: (
        "{asked} {currency} is more than is left of the {paid} that was paid: {left}.",
        "{asked} {currency} 超出可退余额：已收 {paid}，剩余 {left}。",
    ),
    errors.AlreadyExists: ("This is taken already.", "已存在。"),
    errors.VersionConflict: (
        "Somebody else changed it first; its version is now {current_version}.",
        "已被他人修改，当前版本为 {current_version}。",
    ),
    errors.IdempotencyKeyReused: (
        "This idempotency key was used before with another input.",
        "该幂等键已用于其他请求内容。",
    ),
    errors.InUse: ("Something still refers to this.", "仍被引用，不能删除。"),
    errors.LastAdmin: ("There would be no active administrator left.", "将不再有任何在职的管理员。"),
    errors.RateMissing: (
        "There is no exchange rate for {currency} on or before {date}.",
        "{date} 及之前没有 {currency} 的汇率。",
    ),
    errors.TotalMismatch: (
        "The total {given} is not the sum of the lines, {computed} {currency}.",
        "总额 {given} 与明细合计 {computed} {currency} 不符。",
    ),
    errors.InvalidCredentials: ("No active user has this email and password.", "邮箱或密码不正确。"),
    errors.AlreadyClaimed: ("Somebody else was first: the lead is theirs.", "已被他人抢先，该线索已有负责人。"),
    errors.QuotaExceeded: (
        "You have claimed {quota} leads of this pool today; the next day begins at {retry_at:%Y-%m-%d %H:%M} UTC.",
        "今天已从该线索池领取 {quota} 条线索，UTC 时间 {retry_at:%Y-%m-%d %H:%M} 起可再领取。",
    ),
    errors.HoldLimitReached: (
        "Nobody holds more than {hold_limit} open leads of this pool.",
        "该线索池每人最多持有 {hold_limit} 条未结线索。",
    ),
    errors.CoolingDown: (
        "A deadline of this lead was missed; it can be claimed again from {retry_at:%Y-%m-%d %H:%M} UTC on.",
        "该线索曾逾期被回收，UTC 时间 {retry_at:%Y-%m-%d %H:%M} 起可再领取。",
    ),
    errors.NotEligible: ("This lead cannot be had: {reason}.", "不能获得该线索：{reason}。"),
    errors.HeadStart: (
        "This lead is offered to the best performers until {retry_at:%Y-%m-%d %H:%M:%S} UTC.",
        "该线索在 UTC 时间 {retry_at:%Y-%m-%d %H:%M:%S} 前只提供给业绩最佳者。",
    ),
    errors.NothingToClaim: ("No lead is waiting there.", "没有等待领取的线索。"),
    errors.TooManyAttempts: (
        "Too many attempts. Try again after {retry_at:%Y-%m-%d %H:%M:%S} UTC.",
        "尝试次数过多，请在 UTC 时间 {retry_at:%Y-%m-%d %H:%M:%S} 后重试。",
    ),
    errors.TooManyJobs: (
        "{most} of your jobs are waiting or running: let one of them end first.",
        "您已有 {most} 个任务在等待或执行，请等其中之一结束。",
    ),
    errors.JobEnded: ("The job is over: it is {state}.", "任务已结束，状态为 {state}。"),
    errors.SessionEnded: ("Your session is over. Please sign in again.", "会话已结束，请重新登录。"),
}

PROBLEMS: dict[Problem, Texts] = {
    Problem.MISSING: ("is needed", "必填"),
    Problem.BLANK: ("must not be blank", "不能为空白"),
    Problem.TOO_SHORT: ("is shorter than {limit} characters", "少于 {limit} 个字符"),
    Problem.TOO_LONG: ("is longer than {limit} characters", "超过 {limit} 个字符"),
    Problem.TOO_MANY: ("has more than {limit} items", "超过 {limit} 项"),
    Problem.TOO_COMMON: ("is guessed too easily", "过于常见，容易被猜到"),
    Problem.BAD_ID_TOKEN: ("is not good here: {limit}", "无效：{limit}"),
    Problem.FORBIDDEN_CHARACTER: ("contains a character that is not allowed", "含有不允许的字符"),
    Problem.SURROUNDED_BY_SPACE: ("must not begin or end with a space", "首尾不能有空格"),
    Problem.DUPLICATE: ("is there twice", "重复"),
    Problem.NOT_AN_EMAIL: ("is not an email address", "不是有效的邮箱地址"),
    Problem.UNKNOWN_COUNTRY: ("is not an ISO 3166 country code", "不是 ISO 3166 国家代码"),
    Problem.UNKNOWN_CURRENCY: ("is not an ISO 4217 currency code", "不是 ISO 4217 货币代码"),
    Problem.UNKNOWN_ZONE: ("is not a time zone such as Asia/Shanghai", "不是 Asia/Shanghai 形式的时区"),
    Problem.NO_WORKING_HOURS: ("must have hours on one day at least", "至少一天须有工作时间"),
    Problem.NOT_HOURS: ("is not an interval such as 09:00-17:30", "不是 09:00-17:30 形式的时段"),
    Problem.HOURS_OVERLAP: ("begins before the one ahead of it has ended", "与前一时段重叠或顺序颠倒"),
    Problem.CONFIRMATION_NEEDED: ("must be true: this cannot be undone", "必须为 true：此操作无法撤销"),
    Problem.SUCCESSOR_NEEDED: (
        "is needed: somebody else for the customers and open orders",
        "必填：须有他人接手其客户和未完成订单",
    ),
    Problem.TOKEN_SPENT: ("is not good, or not any more", "无效或已失效"),
    Problem.WITHIN_ITSELF: ("must not be the same or below it", "不能是自身或其下级"),
    Problem.NOT_AN_ORIGIN: ("is not an origin like https://www.example.com", "不是 https://www.example.com 形式的来源"),
    Problem.NOT_A_COLOUR: ("is not a colour such as #d4380d", "不是 #d4380d 形式的颜色"),
    Problem.OWN_CURRENCY: ("is the company's own currency", "是公司的本位币"),
    Problem.NOT_STOPPABLE: ("has to come to its end: it is owed to somebody", "必须执行完毕，不能停止"),
    Problem.NOT_A_NUMBER: ("is not a number", "不是数字"),
    Problem.TOO_LARGE: ("is beyond {limit}", "超出 {limit}"),
    Problem.TOO_MANY_DECIMALS: ("has more than {limit} digits after the point", "小数位数超过 {limit} 位"),
    Problem.TOO_SMALL: ("is less than {limit}", "小于 {limit}"),
    Problem.NEGATIVE: ("must not be negative", "不能为负"),
    Problem.ZERO: ("must not be zero", "不能为零"),
    Problem.NOT_NEGATIVE: ("must be negative, since goods come back", "退货时必须为负数"),
    Problem.DISCOUNT_BEYOND_AMOUNT: ("must lie between zero and {limit}", "必须介于零和 {limit} 之间"),
    Problem.REASON_INACTIVE: ("is no longer chosen", "已停用"),
    Problem.RETURN_REASON_NOT_EXPECTED: ("is only for returns and exchanges", "仅用于退换货"),
    Problem.NOT_A_STATE_NEXT: ("is not possible from here, only {limit}", "当前状态只能变为 {limit}"),
    Problem.IS_REVERSAL: ("undoes another entry: book that one anew", "是冲销记录，请重新登记原款项"),
    Problem.IS_TRANSFER: ("moved money between orders: transfer it back", "是订单间转款记录，请转回"),
    Problem.IS_RETURN: ("is a return or exchange: set its money off", "是退换货单，请用抵账方式处理"),
    Problem.OTHER_CURRENCY: ("must be in {limit}", "币种必须是 {limit}"),
    Problem.OTHER_CUSTOMER: ("is of another customer", "属于其他客户"),
    Problem.DELIVERED: ("has arrived already", "已送达"),
    Problem.TOO_EARLY: ("must not be before {limit}", "不能早于 {limit}"),
    Problem.TOO_LATE: ("must not be after {limit}", "不能晚于 {limit}"),
    Problem.CHANNEL_NEEDED: ("is needed with an external id", "有外部编号时必填"),
    Problem.ORIGINAL_NEEDED: ("is needed for a return or exchange", "退换货时必填"),
    Problem.ORIGINAL_NOT_EXPECTED: ("is only for returns and exchanges", "仅用于退换货"),
    Problem.ORIGINAL_NOT_SHIPPED: ("must be an order that was shipped", "必须是已发货的订单"),
    Problem.ORIGINAL_CURRENCY_DIFFERS: ("must be {limit}, as in the original order", "必须与原订单相同：{limit}"),
    Problem.ORIGINAL_CUSTOMER_DIFFERS: ("must be the customer of the original order", "必须是原订单的客户"),
    Problem.NOT_IN_ORIGINAL: ("was not sold by the original order", "不在原订单中"),
    Problem.RETURN_BEYOND_SOLD: ("is more than the {limit} that can still come back", "超出可退数量 {limit}"),
    Problem.RETURNED_LINE_NEEDED: ("needs a line of a product that comes back", "换货单至少要有一行退回的商品"),
    Problem.RETURN_BEYOND_PAID: ("is more than the {limit} that can still be refunded", "超出可退金额 {limit}"),
    Problem.NOT_LATE: ("is not late", "未逾期"),
    Problem.FINDINGS_OPEN: (
        "has findings, so that it is for who reviews orders",
        "有未处理的审核发现，须由审核人员处理",
    ),
    Problem.PARTLY_SHIPPED: (
        "is partly shipped: cancel the lines that are left instead",
        "已部分发货，请改为取消剩余明细",
    ),
    Problem.LINE_NEEDED: ("must have at least one line", "至少需要一行明细"),
    Problem.PRODUCT_NEEDED: ("is needed, or a sku", "必填，或填写 SKU"),
    Problem.PRODUCT_NAMED_TWICE: ("must not be given beside productId", "不能与 productId 同时填写"),
    Problem.PRODUCT_NOT_STOCKED: ("is a product of which no stock is kept", "是不管理库存的商品"),
    Problem.POOL_INACTIVE: ("is a pool that takes no leads any more", "是已停用的线索池"),
    Problem.WAREHOUSE_INACTIVE: ("is a warehouse that takes nothing in any more", "是已停用的仓库"),
    Problem.PRODUCT_INACTIVE: ("is no longer sold", "已停售"),
    Problem.PRICE_DEVIATES: (
        "is further from the list price, {limit}, than goes without somebody who reviews orders",
        "偏离价目表 {limit} 超出允许范围，须由有审核权限的人员操作",
    ),
    Problem.LIST_PRICE_MISSING: (
        "has no list price to compare with, and needs somebody who reviews orders",
        "没有可比较的价目，须由有审核权限的人员操作",
    ),
    Problem.CREDIT_EXCEEDED: (
        "exceeds the customer's credit limit, and needs somebody who reviews orders",
        "超过客户信用额度，须由有审核权限的人员操作",
    ),
    Problem.CUSTOMER_MISSING: (
        "is too much without a customer, and needs somebody who reviews orders",
        "未指定客户且金额过大，须由有审核权限的人员操作",
    ),
    Problem.PRICE_NEEDED: ("is needed: there is no list price in this currency", "必填：没有该货币的标价"),
    Problem.CURRENCY_NEEDED: ("is needed with a price", "有价格时必填"),
    Problem.PRICE_OF_CURRENCY_NEEDED: ("is needed with a currency", "有货币时必填"),
    Problem.OWNER_INACTIVE: ("is not active", "已停用"),
    Problem.OWNER_WITHOUT_TEAM: ("has no team", "没有所属团队"),
    Problem.USER_INACTIVE: ("is a user who was deactivated", "该用户已停用"),
    Problem.NOT_A_KEY: (
        "must be lower-case letters, digits and _, beginning with a letter, 40 characters at most",
        "只能含小写字母、数字和 _，以字母开头，最多 40 个字符",
    ),
    Problem.NOT_FOR_TYPE: ("is not for fields of type {limit}", "不适用于 {limit} 类型的字段"),
    Problem.WRONG_TYPE: ("is of another type: use {limit}", "类型不符，请使用 {limit}"),
    Problem.NOT_A_CHOICE: ("is none of the choices", "不在可选项中"),
    Problem.NOT_A_DATE: ("is not a day such as 2026-01-31", "不是 2026-01-31 这样的日期"),
    Problem.NOT_YES_OR_NO: ("is neither yes nor no", "既不是“是”也不是“否”"),
    Problem.PERSON_INACTIVE: ("is not active", "已停用"),
    Problem.CUSTOM_FIELD_NEEDED: ("must have a value for {limit}", "必须填写 {limit}"),
    Problem.UNDER_WAY: ("has to wait: a job that does the opposite is under way", "须等待：相反的任务正在进行"),
    Problem.NOT_INDEXED: ("has no index to sort by", "没有可用于排序的索引"),
    Problem.NO_SEGMENT: ("is no segment, or none that you may see", "细分不存在，或您无权查看"),
    Problem.TIER_INACTIVE: ("is a tier that is not given any more", "是已停用的层级"),
    Problem.NOT_IN_STATE: ("is not {limit}", "状态不是 {limit}"),
    Problem.NOT_IN_RULES: ("cannot be used in tier rules", "不能用于分层规则"),
    Problem.OTHER_SEGMENT: ("does not go with a segment of {limit}", "与 {limit} 类型的细分不符"),
    Problem.NULL: ("must not be null; leave it out instead", "不能为 null，请省略该项"),
    Problem.UNKNOWN: ("is unknown", "未知"),
    Problem.EMPTY_COMPARISON: ("compares with nothing", "缺少比较条件"),
    Problem.TOO_DEEP: ("is nested deeper than {limit}", "嵌套超过 {limit} 层"),
    Problem.NOT_AN_ID: ("is not the id of a {limit}", "不是 {limit} 的编号"),
    Problem.OUT_OF_RANGE: ("must be within {limit}", "必须在 {limit} 之内"),
    Problem.MALFORMED: ("is no value of its type", "不是该类型的值"),
    Problem.NOT_TOGETHER: ("must not be given beside {limit}", "不能与 {limit} 同时填写"),
    Problem.UNSET_VARIABLE: ("is the variable {limit}, which has no value", "变量 {limit} 没有值"),
}


_IN_CHINESE = {status.value: labels[1] for status, labels in STATUS_LABELS.items()} | {
    ComplaintState.OPEN.value: "未处理",
    ComplaintState.IN_PROGRESS.value: "处理中",
    ComplaintState.RESOLVED.value: "已解决",
    ComplaintState.REJECTED.value: "已驳回",
    JobState.SUCCEEDED.value: "成功",
    JobState.FAILED.value: "失败",
    JobState.CANCELLED.value: "已取消",
}
"""Statuses of orders, and states of complaints and jobs, as messages name them."""


_STANDINGS = frozenset({"status", "allowed_from", "state"})


def message_of(error: DomainError, language: str) -> str:
    """The message of `error` in `language`: "zh", or English for anything else."""
    index = 1 if language == "zh" else 0
    if isinstance(error, errors.NotPermitted) and error.because:
        return f"{ERRORS[errors.NotPermitted][index]} {_of_order(error.because, '', index)}"
    if not isinstance(error, InvalidInput):
        facts = {name: _told(fact, index) if name in _STANDINGS else fact for name, fact in asdict(error).items()}
        return ERRORS[type(error)][index].format(**facts)
    field = ".".join(error.path[1:] if error.path[:1] == INPUT else error.path)
    problem = PROBLEMS[Problem(error.problem)][index].format(limit=_limit(error, index))
    return f"{field} {problem}"


def _told(fact: Any, index: int) -> Any:
    """A fact as people say it: in Chinese, statuses and states by their names."""
    if isinstance(fact, tuple):
        return (", ", "、")[index].join(_told(each, index) for each in fact)
    return _IN_CHINESE.get(fact, fact) if index else fact


def _limit(error: InvalidInput, index: int) -> str:
    states = error.problem == Problem.NOT_A_STATE_NEXT
    return str(_told(tuple(error.limit.split(", ")), index)) if states else error.limit


def blocker_message(error: DomainError, language: str) -> str:
    """The message of `error` where nothing was typed: why something cannot be done with an order now."""
    index = 1 if language == "zh" else 0
    if isinstance(error, InvalidInput):
        return _of_order(error.problem, error.limit, index)
    return message_of(error, language)


def _of_order(problem: str, limit: str, index: int) -> str:
    told = PROBLEMS[Problem(problem)][index].format(limit=limit)
    return ("The order {}.", "订单{}。")[index].format(told)

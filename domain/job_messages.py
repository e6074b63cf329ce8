"""What people are told of jobs, in English and Chinese. {names} are the facts that a message comes with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.jobs import DEADLINES, JobKind, JobState

Texts = tuple[str, str]


class JobMessageCode(StrEnum):
    """What became of a job, or why it failed."""

    ORDERS_IMPORTED = "ORDERS_IMPORTED"
    ORDERS_CHECKED = "ORDERS_CHECKED"
    RECORDS_IMPORTED = "RECORDS_IMPORTED"
    RECORDS_CHECKED = "RECORDS_CHECKED"
    ROWS_EXPORTED = "ROWS_EXPORTED"
    PERSON_COLLECTED = "PERSON_COLLECTED"
    PERSON_SOUGHT = "PERSON_SOUGHT"
    ORDERS_CLASSIFIED = "ORDERS_CLASSIFIED"
    DEADLINES_MADE = "DEADLINES_MADE"
    INDEX_BUILT = "INDEX_BUILT"
    INDEX_DROPPED = "INDEX_DROPPED"
    NOT_BEGUN = "NOT_BEGUN"
    STOPPED = "STOPPED"

    FAULT = "FAULT"
    GIVEN_UP = "GIVEN_UP"
    TOOK_TOO_LONG = "TOOK_TOO_LONG"
    STARTER_INACTIVE = "STARTER_INACTIVE"
    STARTER_NO_ADMIN = "STARTER_NO_ADMIN"
    HOLIDAYS_UNKNOWN = "HOLIDAYS_UNKNOWN"
    FIELD_GONE = "FIELD_GONE"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"

    FILE_GONE = "FILE_GONE"
    FILE_EMPTY = "FILE_EMPTY"
    COLUMNS_MISSING = "COLUMNS_MISSING"
    COLUMNS_TWICE = "COLUMNS_TWICE"
    CUSTOM_FIELDS_UNKNOWN = "CUSTOM_FIELDS_UNKNOWN"
    WRONG_ENCODING = "WRONG_ENCODING"
    DAMAGED_GZIP = "DAMAGED_GZIP"
    QUOTE_NOT_CLOSED = "QUOTE_NOT_CLOSED"
    LINE_TOO_LONG = "LINE_TOO_LONG"
    TOO_MANY_CELLS = "TOO_MANY_CELLS"
    FILE_TOO_LONG = "FILE_TOO_LONG"
    NO_SPREADSHEET = "NO_SPREADSHEET"
    SPREADSHEET_UNSAFE = "SPREADSHEET_UNSAFE"
    SPREADSHEET_TOO_LARGE = "SPREADSHEET_TOO_LARGE"
    SPREADSHEET_DAMAGED = "SPREADSHEET_DAMAGED"
    SPREADSHEET_TOO_SLOW = "SPREADSHEET_TOO_SLOW"


_C = JobMessageCode
_PARTLY = ("Cancelled before its end; what was done by then stays. ", "已在完成前取消，此前完成的部分保留。")

JOB_MESSAGES: Mapping[JobMessageCode, Texts] = {
    _C.ORDERS_IMPORTED: (
        "Orders made: {orders:,}; returns made: {returns:,}; there already: {known:,};"
        " lines not imported: {refused:,}.",
        "新建订单：{orders:,}；新建退货单：{returns:,}；已存在：{known:,}；未导入的行：{refused:,}。",
    ),
    _C.ORDERS_CHECKED: (
        "Checked, and nothing was made; it would be: orders: {orders:,}; returns: {returns:,};"
        " there already: {known:,}; lines not imported: {refused:,}.",
        "仅检查，未写入任何数据；若导入，将新建订单：{orders:,}；退货单：{returns:,}；已存在：{known:,}；"
        "不导入的行：{refused:,}。",
    ),
    _C.RECORDS_IMPORTED: (
        "Rows read: {rows:,}; made: {made:,}; changed: {changed:,}; not imported: {refused:,}.",
        "读取行数：{rows:,}；新建：{made:,}；修改：{changed:,}；未导入：{refused:,}。",
    ),
    _C.RECORDS_CHECKED: (
        "Checked, and nothing was written. Rows read: {rows:,}; refused: {refused:,}.",
        "仅检查，未写入任何数据。读取行数：{rows:,}；不合格：{refused:,}。",
    ),
    _C.ROWS_EXPORTED: ("Rows exported: {rows:,}.", "已导出行数：{rows:,}。"),
    _C.PERSON_COLLECTED: ("Rows found: {rows:,}.", "找到的记录：{rows:,}。"),
    _C.PERSON_SOUGHT: (
        "Files looked at: {looked_at:,}; removed: {files:,};"
        " rows of reports, histories and the audit blanked: {rows:,}.",
        "检查的文件：{looked_at:,}；删除：{files:,}；清空的报告、历史和审计记录：{rows:,}。",
    ),
    _C.ORDERS_CLASSIFIED: (
        "Open orders classified: {orders:,}; of another tier, priority or deadline: {moved:,}.",
        "已分层的未完成订单：{orders:,}；层级、优先级或期限有变：{moved:,}。",
    ),
    _C.DEADLINES_MADE: (
        "Open deadlines in working time looked at: {deadlines:,}; moved: {moved:,}.",
        "检查的未完成期限（按工作时间）：{deadlines:,}；有变动：{moved:,}。",
    ),
    _C.INDEX_BUILT: ("The index is built.", "索引已建立。"),
    _C.INDEX_DROPPED: ("The index is dropped.", "索引已删除。"),
    _C.NOT_BEGUN: ("Cancelled before it began.", "在开始前已取消。"),
    _C.STOPPED: ("Cancelled; {done:,} rows were done by then.", "已取消；此前处理了 {done:,} 行。"),
    _C.FAULT: (
        "The job failed because of a fault in Sluice, which has been logged.",
        "任务因系统故障而失败，故障已记录。",
    ),
    _C.GIVEN_UP: (
        "The job was begun {attempts} times and never came to an end.",
        "任务启动了 {attempts} 次仍未完成，已放弃。",
    ),
    _C.TOOK_TOO_LONG: ("The job took longer than {hours} hours.", "任务耗时超过 {hours} 小时。"),
    _C.STARTER_INACTIVE: ("Whoever asked for it is not active any more.", "发起人已停用。"),
    _C.STARTER_NO_ADMIN: ("Whoever asked for it is no administrator any more.", "发起人已不再是管理员。"),
    _C.HOLIDAYS_UNKNOWN: (
        "No public holidays are known of {places}: enter them as exceptions of the calendar.",
        "没有 {places} 的公共假日数据，请在日历的例外日期中填写。",
    ),
    _C.FIELD_GONE: ("A field that it names is not there any more.", "所用的某个字段已不存在。"),
    _C.TOO_MANY_ROWS: (
        "{format} holds at most {limit:,} rows: export CSV or NDJSON.",
        "{format} 最多容纳 {limit:,} 行，请导出为 CSV 或 NDJSON。",
    ),
    _C.FILE_GONE: ("{file} is not there", "{file}：文件不存在"),
    _C.FILE_EMPTY: ("{file} is empty", "{file}：文件为空"),
    _C.COLUMNS_MISSING: ("{file}: no column {columns}; there are {found}", "{file}：缺少列 {columns}；现有列 {found}"),
    _C.COLUMNS_TWICE: ("{file}: more than one column {columns}", "{file}：列 {columns} 出现多次"),
    _C.CUSTOM_FIELDS_UNKNOWN: ("orders have no custom field {fields}", "订单没有自定义字段 {fields}"),
    _C.WRONG_ENCODING: ("{file}: not {encoding} after line {line}", "{file}：第 {line} 行之后不是 {encoding} 编码"),
    _C.DAMAGED_GZIP: ("{file}: damaged gzip after line {line}", "{file}：第 {line} 行之后 gzip 数据损坏"),
    _C.QUOTE_NOT_CLOSED: (
        "{file}: a quoted cell that begins on line {line} does not end well",
        "{file}：从第 {line} 行开始的带引号单元格没有正确结束",
    ),
    _C.LINE_TOO_LONG: (
        "{file}: line {line} is longer than {limit:,} characters",
        "{file}：第 {line} 行超过 {limit:,} 个字符",
    ),
    _C.TOO_MANY_CELLS: (
        "{file}: line {line} has more than {limit:,} cells",
        "{file}：第 {line} 行超过 {limit:,} 个单元格",
    ),
    _C.FILE_TOO_LONG: ("{file}: there are more than {limit:,} characters", "{file}：超过 {limit:,} 个字符"),
    _C.NO_SPREADSHEET: ("{file}: no XLSX", "{file}：不是 XLSX 文件"),
    _C.SPREADSHEET_UNSAFE: (
        "{file}: it is packed or written as no spreadsheet is",
        "{file}：其压缩或内容方式不是正常的电子表格",
    ),
    _C.SPREADSHEET_TOO_LARGE: (
        "{file}: more than {limit:,} bytes when unpacked",
        "{file}：解压后超过 {limit:,} 字节",
    ),
    _C.SPREADSHEET_DAMAGED: ("{file}: damaged, or too large to be read", "{file}：已损坏，或过大而无法读取"),
    _C.SPREADSHEET_TOO_SLOW: ("{file}: takes too long to be read", "{file}：读取耗时过长"),
}


# These are about the stop itself; the others tell of a part where the job was stopped.
_OF_STOPS = frozenset({_C.NOT_BEGUN, _C.STOPPED})


@dataclass(frozen=True)
class JobMessage:
    """A message and its facts."""

    code: JobMessageCode
    facts: Mapping[str, int | str]


def said(code: JobMessageCode, **facts: int | str) -> JobMessage:
    """A message with its facts."""
    return JobMessage(code, facts)


def took_too_long(kind: JobKind) -> JobMessage:
    """That a job of this kind has taken longer than it may."""
    return said(JobMessageCode.TOOK_TOO_LONG, hours=int(DEADLINES[kind].total_seconds() // 3600))


def job_text(state: str, message: JobMessage, language: str) -> str:
    """The message of a job in `state`, in `language`: "zh", or English for anything else."""
    index = 1 if language == "zh" else 0
    begin = _PARTLY[index] if state == JobState.CANCELLED and message.code not in _OF_STOPS else ""
    return begin + JOB_MESSAGES[message.code][index].format(**message.facts)


def job_texts(rows: Sequence[tuple[Any, ...]], language: str) -> list[str | None]:
    """The message of each job by its state, code and facts. One that ended before there were codes has a text."""
    return [
        job_text(state, JobMessage(JobMessageCode(code), facts or {}), language) if code else text
        for state, code, facts, text in rows
    ]

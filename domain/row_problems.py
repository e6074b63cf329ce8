"""Why a row of a file was not taken: as data, and in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from domain.errors import InvalidInput
from domain.messages import PROBLEMS, Texts
from domain.problems import Problem

LONGEST_QUOTE = 40


class RowFault(StrEnum):
    """What can be wrong with a row, beside the problems of single values."""

    NOT_CSV = "not_csv"
    WRONG_WIDTH = "wrong_width"
    """More or fewer cells than the header's `limit`."""
    NOT_A_TIME = "not_a_time"
    """Not written as `limit`, a format of strptime, says."""
    NOT_ONE_OF = "not_one_of"
    """None of `limit`."""
    NOBODY = "nobody"
    """No active user has this email."""
    OVERTAKEN = "overtaken"
    """Line `limit` says something newer of the same record."""
    NAME_NEEDED = "name_needed"
    NOT_YOURS = "not_yours"
    NO_REGION = "no_region"
    NO_PRODUCT = "no_product"
    PRICE_NEEDED = "new_price_needed"
    END_NEEDED = "end_needed"
    CUSTOMERS_DIFFER = "customers_differ"
    REGIONS_DIFFER = "regions_differ"
    AMOUNT_BEYOND = "amount_beyond"
    """An amount beyond `limit`."""
    RATE_MISSING = "rate_missing"
    """There is no exchange rate of `limit`, a currency and a day."""
    EXISTS_ALREADY = "exists_already"
    DIFFERS = "differs"
    ERASED = "erased"
    """It told of a person who was erased."""


ROW_FAULTS: Mapping[RowFault, Texts] = {
    RowFault.NOT_CSV: ("not CSV", "不是 CSV"),
    RowFault.WRONG_WIDTH: ("more or fewer cells than the header's {limit}", "单元格数与标题行的 {limit} 个不一致"),
    RowFault.NOT_A_TIME: ("is not a time like {limit}", "不是 {limit} 形式的时间"),
    RowFault.NOT_ONE_OF: ("is not one of {limit}", "不是 {limit} 之一"),
    RowFault.NOBODY: ("is the email of no active user", "没有使用该邮箱的在职用户"),
    RowFault.OVERTAKEN: ("line {limit} says something newer of the same one", "第 {limit} 行对同一记录有更新的内容"),
    RowFault.NAME_NEEDED: ("a new one needs a name", "新记录必须有名称"),
    RowFault.NOT_YOURS: ("is a customer that is not yours to change", "该客户不归您修改"),
    RowFault.NO_REGION: ("is the code or name of no region", "没有此编码或名称的地区"),
    RowFault.NO_PRODUCT: ("there is no product of this sku", "没有此 SKU 的产品"),
    RowFault.PRICE_NEEDED: ("a new one needs a price", "新记录必须有价格"),
    RowFault.END_NEEDED: ("a new promotion needs its last day", "新促销必须有结束日期"),
    RowFault.CUSTOMERS_DIFFER: ("the lines of this invoice name different customers", "该单据各行的客户不一致"),
    RowFault.REGIONS_DIFFER: ("the lines of this invoice name different regions", "该单据各行的地区不一致"),
    RowFault.AMOUNT_BEYOND: ("an amount beyond {limit}", "金额超出 {limit}"),
    RowFault.RATE_MISSING: ("there is no exchange rate for {limit}", "没有 {limit} 的汇率"),
    RowFault.EXISTS_ALREADY: (
        "exists already, and was not imported: left as it is",
        "已存在且并非导入而来，保持不变",
    ),
    RowFault.DIFFERS: ("differs from what was imported before: left as it is", "与此前导入的内容不同，保持不变"),
    RowFault.ERASED: ("(erased)", "（已删除）"),
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: the key of a message, `limit` what would be allowed.

    `column` and `cell` are the file's, where it is about one cell; long ones are cut.
    """

    problem: str
    column: str = ""
    cell: str = ""
    limit: str = ""


def cell_problems(column: str, cell: str, errors: Iterable[InvalidInput]) -> tuple[RowProblem, ...]:
    """What is wrong with a cell of the column that the file calls `column`."""
    return tuple(RowProblem(error.problem, column, shown(cell), error.limit) for error in errors)


def shown(cell: str) -> str:
    """A cell as a report shows it: cut, without control characters."""
    cut = cell if len(cell) <= LONGEST_QUOTE else cell[:LONGEST_QUOTE] + "…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)


def stored(problems: Iterable[RowProblem]) -> str:
    """The problems as JSON: what is empty is left out."""
    facts = [{name: value for name, value in asdict(problem).items() if value} for problem in problems]
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def row_text(problems: Sequence[Mapping[str, str]], language: str) -> str:
    """All that is wrong with a row, in `language`."""
    return ("；" if language == "zh" else "; ").join(_text(problem, language) for problem in problems)


def row_texts(rows: Sequence[tuple[Any, ...]], language: str) -> list[str]:
    """What is wrong with each row by its problems. One that was reported before there were codes has a text."""
    return [row_text(problems, language) if problems is not None else text or "" for problems, text in rows]


def row_problems(rows: Sequence[tuple[Any, ...]], language: str) -> list[list[dict[str, Any]]]:
    """The problems of each row as the API has them."""
    return [[_told(problem, language) for problem in problems or ()] for (problems,) in rows]


def _told(problem: Mapping[str, str], language: str) -> dict[str, Any]:
    facts = {name: problem.get(name) for name in ("problem", "column", "cell", "limit")}
    return {**facts, "message": _text(problem, language)}


def _text(problem: Mapping[str, str], language: str) -> str:
    index = 1 if language == "zh" else 0
    key = problem["problem"]
    texts = ROW_FAULTS[RowFault(key)] if key in _FAULTS else PROBLEMS[Problem(key)]
    said = texts[index].format(limit=problem.get("limit", ""))
    cell = f"'{problem['cell']}'" if problem.get("cell") else ""
    return " ".join(filter(None, (problem.get("column"), cell, said)))


_FAULTS = frozenset(RowFault)

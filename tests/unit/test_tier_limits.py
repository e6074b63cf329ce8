"""What a set of tier rules may ask of an order, and how often its customer's orders are counted for it."""

from typing import Any
from uuid import UUID

from domain.tiers import MOST_COMPARED, MOST_COMPARISONS, MOST_RULES, MOST_WINDOWS
from rows.entities import ORDER
from rows.tier_limits import beyond_limits
from rows.tier_rules import RulesCompiler, compiler_behind, first_met, joined, parse_rule
from services.jobs.walking import FIRST_CHUNK, MOST, next_size
from services.tiers.rules import InForce


def frequency(days: int, **sizes: int) -> dict[str, Any]:
    return {"frequency": {"days": days, **(sizes or {"gte": 1})}}


def told(*raws: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(place, ".".join(problem.path), problem.limit) for place, problem in beyond_limits(ORDER, raws)]


def test_all_rules_together_have_so_many_comparisons_windows_and_values() -> None:
    few = {"or": [{"tags": {"has": "x"}}, {"baseTotal": {"gte": "1", "lt": "2"}}, {"customer": {"id": {"eq": "1"}}}]}
    assert told(*[few] * MOST_RULES) == []
    more = {"and": [few, {"not": {"customer": {}}}]}
    assert told(*[few] * (MOST_RULES - 1), more) == [
        (MOST_RULES - 1, "and.1.not.customer", str(MOST_COMPARISONS)),
    ]
    windows = [frequency(days) for days in range(1, MOST_WINDOWS + 1)]
    assert told({"or": windows}, {"not": {"or": windows}}) == []
    assert told({"or": windows}, {"not": {"and": [windows[0], frequency(99)]}}) == [
        (1, "not.and.1.frequency.days", str(MOST_WINDOWS)),
    ]
    lists = [{"tags": {"hasAny": ["x"] * 1_000}}] * (MOST_COMPARED // 1_000)
    assert told(*lists) == []
    assert told(*lists, few) == [(len(lists), "or.0.tags.has", str(MOST_COMPARED))]


def compiled(*raws: dict[str, Any]) -> tuple[str, RulesCompiler]:
    rules = joined([parse_rule(raw) for raw in raws])
    compiler = compiler_behind(0, rules)
    return compiler.once(first_met(compiler, rules, ORDER, "t"), "t"), compiler


def test_the_orders_of_a_customer_are_read_once_however_many_windows_and_comparisons_there_are() -> None:
    many = [{"or": [frequency(days, gte=3, lt=9) for days in (90, 365)]} for _ in range(40)]
    sql, compiler = compiled(*many)
    assert sql.count("FROM sales_order") == 1
    assert sql.count("FILTER") == 2
    assert len(compiler.parameters.sources) == 2 + 160  # two widths, and each number
    sql, _ = compiled({"baseTotal": {"gte": "1"}})
    assert "sales_order" not in sql


def test_a_chunk_has_as_many_orders_as_take_about_a_second() -> None:
    assert next_size(FIRST_CHUNK, 0.01) == 2 * FIRST_CHUNK
    assert next_size(MOST, 0.0) == MOST
    assert next_size(MOST, 20.0) == MOST // 20
    assert next_size(1, 500.0) == 1


def test_rules_in_force_are_compiled_once_for_a_statement() -> None:
    rules = joined([parse_rule(frequency(90, gte=3))])
    known = InForce(UUID(int=1), 1, rules, [1], [1], [1], [60])
    sql, values = known.compiled("SELECT {place} FROM sales_order t", own=6)
    assert sql.count("FROM sales_order") == 2
    assert sorted(values) == [3, 90]
    assert known.compiled("SELECT {place} FROM sales_order t", own=6)[0] is sql

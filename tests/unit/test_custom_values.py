"""Values of custom fields: what is allowed, and that what is stored says what was typed."""

import datetime
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.currencies import DIGITS
from domain.custom_fields.kinds import CustomFieldType
from domain.custom_fields.texts import entry_of
from domain.custom_fields.values import (
    MEMBERS,
    Choice,
    CustomFieldEntry,
    Definition,
    Stored,
    entry_problems,
    values_after,
)
from domain.errors import InvalidInput
from domain.labels import Labels
from domain.problems import Problem
from rows.custom_fields import CustomField

T = CustomFieldType
CHOICES = {
    code: Choice(labels=Labels(en=f"Label {code}", zh=f"标签{code}"), active=code != "old")
    for code in ("a", "b", "old")
}
VALUES: dict[CustomFieldType, st.SearchStrategy[Any]] = {
    T.TEXT: st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=255),
    T.NUMBER: st.decimals(-(10**15), 10**15, places=6),
    T.MONEY: st.integers(-(10**15), 10**15).map(Decimal),
    T.DATE: st.dates(),
    T.YES_NO: st.booleans(),
    T.CHOICE: st.sampled_from(["a", "b"]),
    T.PERSON: st.integers(1, 2**63 - 1),
}


def definition(of: CustomFieldType, **bounds: Any) -> Definition:
    return Definition(key="k", type=of, currency="GBP" if of is T.MONEY else None, choices=CHOICES, **bounds)


def entry(of: CustomFieldType, value: Any) -> CustomFieldEntry:
    return CustomFieldEntry(key="k", **{MEMBERS[of]: value})


def problems(
    of: Definition, *entries: CustomFieldEntry, before: dict[str, Stored] | None = None
) -> list[tuple[str, str]]:
    found = entry_problems(entries, {"k": of}, before or {})
    return [(".".join(problem.path[2:]), problem.problem) for problem in found]


@pytest.mark.parametrize("of", T)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_stored_says_what_was_typed_and_survives_json(of: CustomFieldType, data: st.DataObject) -> None:
    value = data.draw(VALUES[of])
    assert problems(definition(of), entry(of, value)) == []
    stored = json.loads(json.dumps(values_after([entry(of, value)], {"k": definition(of)}, {})))["k"]
    match of:
        case T.NUMBER | T.MONEY:
            assert Decimal(stored) == value
            assert stored == stored.rstrip("0").rstrip(".") or of is T.MONEY or "." not in stored
        case T.DATE:
            assert datetime.date.fromisoformat(stored) == value
        case _:
            assert stored == value


@pytest.mark.parametrize("of", [of for of in T if of is not T.PERSON])
@settings(max_examples=20)
@given(data=st.data())
def test_the_text_of_a_value_is_read_as_that_value(of: CustomFieldType, data: st.DataObject) -> None:
    made = values_after([entry(of, data.draw(VALUES[of]))], {"k": definition(of)}, {})
    read = entry_of(definition(of), str(made["k"]))
    assert isinstance(read, CustomFieldEntry)
    assert values_after([read], {"k": definition(of)}, {}) == made


@pytest.mark.parametrize("of", T)
@pytest.mark.parametrize("other", T)
def test_a_value_of_another_type_is_refused(of: CustomFieldType, other: CustomFieldType) -> None:
    found = problems(definition(of), entry(other, _sample(other)))
    assert (Problem.WRONG_TYPE in {problem for _, problem in found}) == (of is not other)


@pytest.mark.parametrize(
    ("of", "value", "bounds", "problem"),
    [
        (T.TEXT, "x" * 256, {}, "too_long"),
        (T.TEXT, "xx", {"longest": 1}, "too_long"),
        (T.TEXT, " ", {}, "blank"),
        (T.TEXT, "a\nb", {}, "forbidden_character"),
        (T.NUMBER, Decimal("NaN"), {}, "not_a_number"),
        (T.NUMBER, Decimal("1e16"), {}, "too_large"),
        (T.NUMBER, Decimal("0.1"), {"decimals": 0}, "too_many_decimals"),
        (T.NUMBER, Decimal("0.9"), {"minimum": Decimal(1)}, "too_small"),
        (T.NUMBER, Decimal("1.1"), {"maximum": Decimal(1)}, "too_large"),
        (T.MONEY, Decimal("0.001"), {}, "too_many_decimals"),
        (T.CHOICE, "old", {}, "not_a_choice"),
        (T.CHOICE, "A", {}, "not_a_choice"),
    ],
)
def test_a_value_beyond_its_definition_is_refused(of: CustomFieldType, value: Any, bounds: Any, problem: str) -> None:
    assert problems(definition(of, **bounds), entry(of, value)) == [(f"0.{MEMBERS[of]}", problem)]


def test_what_was_chosen_before_may_stay_and_what_is_required_may_not_go() -> None:
    assert problems(definition(T.CHOICE), entry(T.CHOICE, "old"), before={"k": "old"}) == []
    assert problems(replace(definition(T.DATE), required=True), CustomFieldEntry(key="k")) == [("0.date", "missing")]
    assert values_after([CustomFieldEntry(key="k")], {"k": definition(T.DATE)}, {"k": "x", "other": 1}) == {"other": 1}


@pytest.mark.parametrize(
    ("of", "text", "member", "value"),
    [
        (T.YES_NO, "Yes", "yes_no", True),
        (T.YES_NO, "否", "yes_no", False),
        (T.CHOICE, "Label b", "choice", "b"),
        (T.CHOICE, "标签a", "choice", "a"),
        (T.NUMBER, " 1,234.50 ", "number", Problem.NOT_A_NUMBER),
        (T.NUMBER, "+12.50", "number", Decimal("12.50")),
        (T.DATE, "2026-02-30", "date", Problem.NOT_A_DATE),
        (T.YES_NO, "perhaps", "yes_no", Problem.NOT_YES_OR_NO),
        (T.CHOICE, "Label c", "choice", Problem.NOT_A_CHOICE),
    ],
)
def test_cells_are_read_as_people_write_them(of: CustomFieldType, text: str, member: str, value: Any) -> None:
    read = entry_of(definition(of), text)
    assert (read.problem if isinstance(read, InvalidInput) else getattr(read, member)) == value


def test_an_empty_cell_has_no_value() -> None:
    read = entry_of(definition(T.TEXT), "  ")
    assert isinstance(read, CustomFieldEntry)
    assert read.members == {}


@pytest.mark.parametrize("key", ["a'b", "A", "", "a" * 41, "a-b", "1a", "a\n"])
def test_a_key_that_is_none_never_becomes_sql(key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        _ = CustomField(1, key, T.TEXT).column


def _sample(of: CustomFieldType) -> Any:
    return {
        T.TEXT: "x",
        T.NUMBER: Decimal(1),
        T.MONEY: Decimal(10 ** DIGITS["GBP"]),
        T.DATE: datetime.date(2026, 1, 1),
        T.YES_NO: True,
        T.CHOICE: "a",
        T.PERSON: 1,
    }[of]

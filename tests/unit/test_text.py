"""What text is allowed."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import text
from domain.countries import COUNTRIES
from domain.errors import InvalidInput
from domain.problems import Problem
from domain.unset import UNSET

AT = ("input", "name")


def keys(found: Iterator[InvalidInput]) -> list[str]:
    return [error.problem for error in found]


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=text.NAME))
def test_any_printable_text_is_allowed(name: str) -> None:
    assert keys(text.one_line(AT, name)) == ([] if name.strip() else ["blank"])


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "tail\udfff", "tab\there", "line\nbreak", "\x7f", "a\x85b"])
def test_control_characters_and_lone_surrogates_are_not(bad: str) -> None:
    assert keys(text.one_line(AT, bad)) == ["forbidden_character"]


def test_texts_of_several_lines_have_line_breaks_but_nothing_else() -> None:
    assert keys(text.many_lines(AT, "one\r\n\ttwo")) == []
    assert keys(text.many_lines(AT, "one\0two")) == ["forbidden_character"]


def test_the_longest_text_is_allowed_and_one_more_is_not() -> None:
    assert keys(text.one_line(AT, "名" * 200)) == []
    assert list(text.one_line(AT, "名" * 201)) == [InvalidInput(path=AT, problem=Problem.TOO_LONG, limit="200")]
    assert keys(text.many_lines(AT, "n" * 10_001)) == ["too_long"]


def test_what_is_absent_or_empty_by_intention_is_fine() -> None:
    for check in (text.one_line, text.many_lines, text.code, text.email, text.country):
        assert keys(check(AT, None)) == keys(check(AT, UNSET)) == []


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_a_blank_is_no_text(blank: str) -> None:
    assert keys(text.one_line(AT, blank)) == ["blank"]


def test_a_code_has_no_space_around_it() -> None:
    assert keys(text.code(AT, "A 1")) == []
    assert keys(text.code(AT, " A1")) == keys(text.code(AT, "A1\u00a0")) == ["surrounded_by_space"]


@pytest.mark.parametrize("good", ["a@b.example", "wang.wei+erp@mail.公司.cn", "o'brien@x-y.ie"])
def test_plausible_emails_are_allowed(good: str) -> None:
    assert keys(text.email(AT, good)) == []


@pytest.mark.parametrize("bad", ["a", "a@b", "@b.example", "a@b..c", "a b@c.de", "a@b@c.de", "a@.de", "a@b.de."])
def test_other_emails_are_not(bad: str) -> None:
    assert keys(text.email(AT, bad)) == ["not_an_email"]


def test_an_email_that_is_too_long_is_told_once() -> None:
    assert keys(text.email(AT, "a" * 260)) == ["too_long"]


def test_tags_are_few_short_and_different() -> None:
    assert list(text.tags(("input", "tags"), ["a", "b", "a", "t" * 65])) == [
        InvalidInput(path=("input", "tags", "2"), problem=Problem.DUPLICATE),
        InvalidInput(path=("input", "tags", "3"), problem=Problem.TOO_LONG, limit="64"),
    ]
    assert keys(text.tags(AT, [str(i) for i in range(50)])) == []
    assert keys(text.tags(AT, [str(i) for i in range(51)])) == ["too_many"]


def test_countries_are_those_of_iso_3166() -> None:
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text()
    assert {line[:2] for line in table.splitlines() if not line.startswith("#")} == COUNTRIES
    assert keys(text.country(AT, "GB")) == []
    assert keys(text.country(AT, "gb")) == keys(text.country(AT, "UK")) == ["unknown_country"]


@pytest.mark.parametrize(("value", "storable"), [("ok\n", True), ("a\0", False), ("\udc80", False), ("😀", True)])
def test_what_the_database_cannot_hold_is_known(value: str, storable: bool) -> None:
    assert text.is_storable(value) is storable

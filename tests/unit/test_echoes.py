"""Messages about wrong values repeat them as the client wrote them."""

import pytest
from graphql import GraphQLEnumType, GraphQLError, GraphQLInt, GraphQLString

from domain.errors import InvalidInput
from domain.messages import message_of
from reads.echoes import LONGEST, as_json, repeat_values_as_json


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "null"),
        (True, "true"),
        ("it's 华东", '"it\'s 华东"'),
        ({"a": [None, 1.5, "x"]}, '{"a": [null, 1.5, "x"]}'),
        ("x" * 1_000, '"' + "x" * (LONGEST - 1) + "…"),
        ([1] * 1_000_000, ("[" + "1, " * LONGEST)[:LONGEST] + "…"),
    ],
)
def test_values_are_json_and_short(value: object, told: str) -> None:
    assert as_json(value) == told


def test_what_graphql_core_says_of_values_is_json() -> None:
    repeat_values_as_json()
    kind = GraphQLEnumType("Kind", {"A": None})
    for of, value, told in ((GraphQLInt, True, "true"), (GraphQLString, {"a": None}, '{"a": null}'), (kind, 1, "1")):
        with pytest.raises(GraphQLError, match=r": ") as refused:
            of.coerce_input_value(value)  # type: ignore[attr-defined]  # all three have it
        assert f": {told}" in refused.value.message


def test_a_range_is_told_in_no_other_language() -> None:
    wrong = InvalidInput(path=("first",), problem="out_of_range", limit="0..250")
    assert message_of(wrong, "en") == "first must be within 0..250"
    assert message_of(wrong, "zh") == "first 必须在 0..250 之内"

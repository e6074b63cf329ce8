"""Segments: kept, shared, read by, counted, and told when they mean nothing any more."""

from typing import Any

import pytest

from models import CustomField, User
from schema.root import schema
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.api.writing import ERRORS, refused, told, written
from tests.factories import make_order
from tests.oracle.prices import price_of

SEGMENT = "segment { id version entity name shared filter owner { name } }"
CREATE = f"mutation($input: SegmentCreateInput!) {{ segmentCreate(input: $input) {{ {SEGMENT} {ERRORS} }} }}"
UPDATE = f"mutation($input: SegmentUpdateInput!) {{ segmentUpdate(input: $input) {{ {SEGMENT} {ERRORS} }} }}"
DELETE = f"mutation($input: SegmentDeleteInput!) {{ segmentDelete(input: $input) {{ deletedId {ERRORS} }} }}"
BY = "query($id: ID) { orders(segment: $id) { totalCount totalAmount { amount } nodes { number } } }"
TOTALS = """query($ids: [ID!]!) { segmentTotals(ids: $ids) {
    segment { name } count amount { amount currency } problem { path problem message } } }"""
BIG = {"or": [{"baseTotal": {"gte": "50"}}, {"tags": {"has": "gift"}}], "not": {"channel": {}}}


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


async def keep(client: Client, as_: User, name: str = "Big", **given: Any) -> dict[str, Any]:
    filters = {} if {"orderFilter", "customerFilter"} & set(given) else {"orderFilter": BIG}
    return await written(client, CREATE, {"name": name, **filters, **given}, as_=as_)


async def numbers(client: Client, as_: User, query: str, variables: dict[str, Any]) -> Any:
    answer = await client.data(query, variables, as_=as_)
    return answer["orders"]


async def test_a_segment_means_the_rows_of_its_filter_for_each_viewer(client: Client, company: Company) -> None:
    segment = await keep(client, company.ann, shared=True)
    by_filter = "query($f: OrderFilter) { orders(filter: $f) { totalCount totalAmount { amount } nodes { number } } }"
    for viewer in (company.ann, company.bob, company.mia, company.ada):
        found = await numbers(client, viewer, BY, {"id": segment["id"]})
        assert found == await numbers(client, viewer, by_filter, {"f": BIG})
        [total] = (await client.data(TOTALS, {"ids": [segment["id"]]}, as_=viewer))["segmentTotals"]
        assert total["count"] == found["totalCount"] == len(found["nodes"])
        assert total["amount"] == {"amount": found["totalAmount"]["amount"], "currency": "GBP"}
    assert found["totalCount"] > 0


async def test_a_segment_and_a_filter_must_both_hold_with_the_values_of_each(client: Client, company: Company) -> None:
    small = await make_order(owner=company.ann, tags=["gift"])
    segment = await keep(client, company.ann)
    both = """query($id: ID!, $n: String!) { orders(segment: $id, filter: {number: {eq: $n}, not: {tags: {has: "x"}}})
        { nodes { number } } mine: viewer { orders(segment: $id) { totalCount } }
        orderCounts(groupBy: [], segment: $id) { count } }"""
    answer = await client.data(both, {"id": segment["id"], "n": small.number}, as_=company.ann)
    assert answer["orders"]["nodes"] == [{"number": small.number}]
    found = await numbers(client, company.ann, BY, {"id": segment["id"]})
    assert answer["orderCounts"] == [{"count": found["totalCount"]}]
    neither = await client.data(both, {"id": segment["id"], "n": "no such"}, as_=company.ann)
    assert neither["orders"]["nodes"] == []


async def test_customers_have_segments_too(client: Client, company: Company) -> None:
    kept = await keep(client, company.ada, customerFilter={"level": {"eq": "KEY_ACCOUNT"}})
    query = "query($id: ID) { customers(segment: $id) { totalCount nodes { name } } }"
    answer = await client.data(query, {"id": kept["id"]}, as_=company.ada)
    assert answer["customers"] == {"totalCount": 1, "nodes": [{"name": "Bob's customer"}]}
    [total] = (await client.data(TOTALS, {"ids": [kept["id"]]}, as_=company.ada))["segmentTotals"]
    assert total == {"segment": {"name": "Big"}, "count": 1, "amount": None, "problem": None}
    error = await refused_read(client, company.ada, BY, {"id": kept["id"]})
    assert error["extensions"]["path"] == ["segment"]
    assert "CUSTOMER" in error["message"]


async def refused_read(client: Client, as_: User, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    [error] = (await client.query(query, variables, as_=as_))["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    found: dict[str, Any] = error
    return found


async def test_what_somebody_keeps_for_themselves_is_not_there_for_others(client: Client, company: Company) -> None:
    mine = await keep(client, company.ann)
    error = await refused_read(client, company.bob, BY, {"id": mine["id"]})
    unknown = await refused_read(client, company.bob, BY, {"id": "seg_999999"})
    assert (error["message"], error["extensions"]) == (unknown["message"], unknown["extensions"])
    answer = await client.data(TOTALS, {"ids": [mine["id"], "seg_999999", "x"]}, as_=company.bob)
    assert [total["segment"] for total in answer["segmentTotals"]] == [None] * 3
    answer = await refused(client, DELETE, {"id": mine["id"]}, as_=company.bob)
    assert told(answer) == [("input.id", "NOT_FOUND")]
    await written(client, UPDATE, {"id": mine["id"], "expectedVersion": 1, "shared": True}, as_=company.ann)
    answer = await refused(client, UPDATE, {"id": mine["id"], "expectedVersion": 2, "name": "x"}, as_=company.bob)
    assert told(answer) == [("input.id", "NOT_PERMITTED")]


async def test_a_segment_is_renamed_changed_and_deleted(client: Client, company: Company) -> None:
    segment = await keep(client, company.ann)
    given = {"id": segment["id"], "expectedVersion": 1, "name": "Few", "orderFilter": {"number": {"eq": "none"}}}
    changed = await written(client, UPDATE, given, as_=company.ann)
    assert changed == segment | {"name": "Few", "version": 2, "filter": {"number": {"eq": "none"}}}
    same = await written(client, UPDATE, given | {"expectedVersion": 2}, as_=company.ann)
    assert same["version"] == 2
    late = await refused(client, UPDATE, given, as_=company.ann)
    assert told(late) == [("input.expectedVersion", "VERSION_CONFLICT")]
    assert (await numbers(client, company.ann, BY, {"id": segment["id"]}))["totalCount"] == 0
    assert (await client.data(DELETE, {"input": {"id": segment["id"]}}, as_=company.ann))["segmentDelete"] == {
        "deletedId": segment["id"],
        "errors": [],
    }
    await refused_read(client, company.ann, BY, {"id": segment["id"]})


@pytest.mark.parametrize(
    ("given", "problem", "path"),
    [
        ({"orderFilter": {"number": {}}}, "empty_comparison", "orderFilter.number"),
        ({"orderFilter": {"id": {"eq": "cus_1"}}}, "not_an_id", "orderFilter.id.eq"),
        (
            {"orderFilter": {"customField": {"key": "gone", "text": {"eq": "x"}}}},
            "unknown",
            "orderFilter.customField.key",
        ),
        ({"customerFilter": {}}, "not_together", "customerFilter"),
        ({"orderFilter": None}, "missing", "orderFilter"),
        ({"name": " "}, "blank", "name"),
        ({"name": "Taken"}, "ALREADY_EXISTS", "name"),
    ],
)
async def test_what_is_wrong_with_a_segment_is_told_by_its_path(
    client: Client, company: Company, given: dict[str, Any], problem: str, path: str
) -> None:
    await keep(client, company.ann, "Taken")
    answer = await refused(client, CREATE, {"name": "New", "orderFilter": BIG, **given}, as_=company.ann)
    assert told(answer) == [(f"input.{path}", problem)]
    await keep(client, company.bob, "Taken")


async def test_a_filter_of_another_kind_does_not_go_with_it(client: Client, company: Company) -> None:
    segment = await keep(client, company.ann)
    given = {"id": segment["id"], "expectedVersion": 1, "customerFilter": {"name": {"eq": "x"}}}
    answer = await refused(client, UPDATE, given, as_=company.ann)
    assert told(answer) == [("input.customerFilter", "other_segment")]


async def known(client: Client, company: Company) -> None:
    """Have the process look at custom fields again, as it does when one is defined."""
    define = "mutation($input: CustomFieldCreateInput!) { customFieldCreate(input: $input) { errors { message } } }"
    await client.data(define, {"input": {"entity": "ORDER", "key": "", "type": "TEXT", "labels": {}}}, as_=company.ada)


async def test_a_segment_whose_custom_field_is_gone_says_so(client: Client, company: Company) -> None:
    field = await CustomField.create(entity="ORDER", key="po", type="TEXT", labels={"en": "PO"})
    await known(client, company)
    broken = await keep(client, company.ann, orderFilter={"customField": {"key": "po", "text": {"eq": "1"}}})
    sound = await keep(client, company.ann, "Sound")
    await CustomField.filter(id=field.id).update(archived_at=field.created_at)
    await known(client, company)
    error = await refused_read(client, company.ann, BY, {"id": broken["id"]})
    assert error["extensions"]["path"] == ["segment", "customField", "key"]
    totals = await client.data(TOTALS, {"ids": [broken["id"], sound["id"]]}, as_=company.ann)
    first, second = totals["segmentTotals"]
    assert (first["segment"], first["count"], first["amount"]) == ({"name": "Big"}, None, None)
    assert first["problem"] == {
        "path": ["customField", "key"],
        "problem": "unknown",
        "message": "customField.key is unknown",
    }
    assert second["problem"] is None


async def test_at_most_fifty_segments_are_counted_at_once(client: Client, company: Company) -> None:
    error = await refused_read(client, company.ann, TOTALS, {"ids": ["seg_1"] * 51})
    assert error["extensions"]["path"] == ["ids"]


HEAVY = {
    "or": [
        {"frequency": {"days": 30, "gte": 2}},
        {"customer": {"name": {"contains": "x"}}},
        {"not": {"tags": {"has": "x"}}},
    ]
}
HEAVY_POINTS = 20 + 10 + 20


async def cost(client: Client, as_: User, document: str, variables: dict[str, Any]) -> int:
    answer = await client.query(document, variables, as_=as_, extensions={"cost": True})
    points: int = answer["extensions"]["cost"]["requested"]
    return points


async def test_a_segment_costs_what_its_filter_costs_to_whoever_sees_it(client: Client, company: Company) -> None:
    segment = (await keep(client, company.ann, orderFilter=HEAVY))["id"]
    light = (await keep(client, company.ann, "Light", orderFilter={}))["id"]
    kept = {segment: ("OrderFilter", HEAVY), light: ("OrderFilter", {})}
    nested = """query($s: ID, $n: Int) { customers(first: $n) { nodes { orders(first: 2, segment: $s) {
        nodes { id } } } } orders(segment: "%s", first: 3) { totalCount } }"""
    for document, variables in [(BY, {"id": segment}), (nested % segment, {"s": light, "n": 7})]:
        for viewer, seen in [(company.ann, kept), (company.bob, {})]:
            expected = price_of(schema._schema, document, variables, None, seen)
            assert await cost(client, viewer, document, variables) == expected
    below = await cost(client, company.ann, TOTALS, {"ids": [light]})
    assert (
        await cost(client, company.ann, TOTALS, {"ids": [light, segment, segment]}) == 3 * below - 2 + 2 * HEAVY_POINTS
    )
    one = TOTALS.replace("ids: $ids", f'ids: "{segment}"').replace("($ids: [ID!]!)", "")
    assert await cost(client, company.ann, one, {}) == below + HEAVY_POINTS
    await written(client, UPDATE, {"id": segment, "expectedVersion": 1, "orderFilter": {}}, as_=company.ann)
    assert await cost(client, company.ann, TOTALS, {"ids": [segment]}) == below


async def test_values_of_segments_that_are_counted_together_add_up(client: Client, company: Company) -> None:
    many = {"or": [{"tags": {"has": str(number)}} for number in range(50)]}
    ids = [(await keep(client, company.ann, f"{number}", orderFilter=many))["id"] for number in range(21)]
    assert len((await client.data(TOTALS, {"ids": ids[:20]}, as_=company.ann))["segmentTotals"]) == 20
    error = await client.error(TOTALS, {"ids": ids}, as_=company.ann)
    assert (error["exceeded"], error["got"]) == ("ARGUMENT_VALUES", 1_050)


async def test_a_segment_that_makes_an_operation_too_dear_is_told_so(client: Client, company: Company) -> None:
    many = {"or": [{"frequency": {"days": days, "gt": 1}} for days in range(1, 51)]}
    segment = (await keep(client, company.ann, orderFilter=many))["id"]
    deep = """query($s: ID, $n: Int = 50) { customers(first: $n) {
        nodes { orders(first: 0, segment: $s) { totalCount } } } }"""
    variables = {"s": segment, "n": 250}
    error = await client.error(deep, variables, as_=company.ann)
    price = price_of(schema._schema, deep, variables, None, {segment: ("OrderFilter", many)})
    assert (error["exceeded"], error["got"]) == ("OPERATION_POINTS", price)
    answer = await client.query(deep, {"s": segment}, as_=company.ann, extensions={"cost": True})
    account = answer["extensions"]["cost"]
    assert account["requested"] > 50_000
    assert account["maximum"] - account["remaining"] > 30_000  # what comes back in a second is 10,000

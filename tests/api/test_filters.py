"""The filter language: what each operator means, what a filter may not be, and where an error points to."""

from typing import Any

import pytest

from domain.customers import CustomerLevel
from domain.orders.life_cycle import OrderStatus, Urgency
from domain.people import Role
from models import User
from tests.api.conftest import Client
from tests.factories import make_channel, make_customer, make_order, make_product, make_region, make_user

pytestmark = pytest.mark.usefixtures("database")

DOCUMENT = "query Q($filter: OrderFilter) { orders(filter: $filter, first: 250) { totalCount nodes { number } } }"


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


@pytest.fixture
async def three(database: str) -> None:
    """Orders A, B and C. C has next to nothing."""
    assert database
    china = await make_region("cn")
    shanghai = await make_region("sh", parent=china)
    key = await make_customer(name="Key", level=CustomerLevel.KEY_ACCOUNT, region=shanghai, tags=["x"])
    plain = await make_customer(name="Plain", region=china)
    product = await make_product("TEA")
    await make_order(
        OrderStatus.SHIPPED,
        number="A",
        customer=key,
        channel=await make_channel("shop"),
        lines=[(product, "1"), (product, "7")],
        tags=["x", "y"],
        required_by="2026-05-01",
        region=shanghai,
    )
    await make_order(number="B", customer=plain, lines=[(product, "10")], tags=["x"], region=china)
    await make_order(number="C", urgency=Urgency.HIGH)


async def found(client: Client, as_: User, condition: dict[str, Any]) -> str:
    """The numbers of the orders that the filter selects, such as "AB"; its count agrees."""
    page = (await client.data(DOCUMENT, {"filter": condition}, as_=as_))["orders"]
    assert page["totalCount"] == len(page["nodes"])
    return "".join(sorted(node["number"] for node in page["nodes"]))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, "ABC"),
        ({"number": {"eq": "A"}}, "A"),
        ({"number": {"in": ["A", "C", "Z"]}}, "AC"),
        ({"number": {"in": []}}, ""),
        ({"number": {"startsWith": ""}}, "ABC"),
        ({"number": {"startsWith": "%"}}, ""),
        ({"customerName": {"contains": "ey"}}, "A"),
        ({"customerName": {"contains": "LAI"}}, "B"),
        ({"customerName": {"contains": "ｌａｉｎ"}}, "B"),
        ({"customerName": {"contains": "l_in"}}, ""),
        ({"customerName": {"contains": "%"}}, ""),
        ({"customerName": {"contains": ""}}, "AB"),
        ({"not": {"customerName": {"contains": "Key"}}}, "BC"),
        ({"customer": {"name": {"contains": "KEY"}}}, "A"),
        ({"status": {"eq": "SHIPPED"}}, "A"),
        ({"statusGroup": {"in": ["SHIPPED", "COMPLETED"]}}, "A"),
        ({"statusGroup": {"eq": "PENDING"}}, "BC"),
        ({"urgency": {"eq": "HIGH"}}, "C"),
        ({"baseTotal": {"gt": "96.00"}}, "B"),
        ({"baseTotal": {"gte": "96"}}, "AB"),
        ({"baseTotal": {"gte": "96.000", "lt": 100}}, "A"),
        ({"baseTotal": {"lte": "0"}}, "C"),
        ({"requiredBy": {"eq": "2026-05-01"}}, "A"),
        ({"requiredBy": {"lt": "2026-06-01"}}, "A"),
        ({"requiredBy": {"isNull": True}}, "BC"),
        ({"requiredBy": {"isNull": False}}, "A"),
        ({"placedAt": {"gte": "2026-03-02T09:30:00.000Z"}}, "ABC"),
        ({"placedAt": {"gt": "2026-03-02T09:30:00.000Z"}}, ""),
        ({"taxIncluded": {"eq": False}}, "ABC"),
        ({"tags": {"has": "x"}}, "AB"),
        ({"tags": {"hasAny": ["y", "z"]}}, "A"),
        ({"tags": {"hasAny": []}}, ""),
        ({"tags": {"hasAll": ["x", "y"]}}, "A"),
        ({"tags": {"hasAll": []}}, "ABC"),
    ],
)
@pytest.mark.usefixtures("three")
async def test_a_comparison_selects_what_it_says(
    client: Client, ada: User, condition: dict[str, Any], expected: str
) -> None:
    assert await found(client, ada, condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"and": []}, "ABC"),
        ({"or": []}, ""),
        ({"not": {}}, ""),
        ({"not": {"and": []}}, ""),
        ({"not": {"or": []}}, "ABC"),
        ({"and": [{}, {"number": {"eq": "A"}}]}, "A"),
        ({"or": [{"number": {"eq": "A"}}, {"number": {"eq": "B"}}]}, "AB"),
        ({"or": [{}, {"number": {"eq": "A"}}]}, "ABC"),
        ({"number": {"eq": "A"}, "or": [{"status": {"eq": "SHIPPED"}}, {"status": {"eq": "DRAFT"}}]}, "A"),
        ({"not": {"number": {"eq": "A"}, "status": {"eq": "SHIPPED"}}}, "BC"),
        ({"not": {"number": {"eq": "A"}, "status": {"eq": "DRAFT"}}}, "ABC"),
    ],
)
@pytest.mark.usefixtures("three")
async def test_and_or_and_not_are_those_of_logic(
    client: Client, ada: User, condition: dict[str, Any], expected: str
) -> None:
    assert await found(client, ada, condition) == expected


async def test_chinese_names_are_found_by_two_characters(client: Client, ada: User) -> None:
    for number, name in (("A", "上海恒通贸易有限公司"), ("B", "恒大通讯"), ("C", "Straße 恒通")):
        await make_order(number=number, customer_name=name)
    assert await found(client, ada, {"customerName": {"contains": "恒通"}}) == "AC"
    assert await found(client, ada, {"customerName": {"contains": "有限"}}) == "A"
    assert await found(client, ada, {"customerName": {"contains": "通有"}}) == ""
    assert await found(client, ada, {"customerName": {"contains": "STRASSE　恒"}}) == "C"


@pytest.mark.parametrize("comparison", [{"eq": "2026-05-01"}, {"in": ["2026-05-01"]}, {"lte": "2026-05-01"}])
@pytest.mark.usefixtures("three")
async def test_a_comparison_with_nothing_is_false_and_its_not_is_true(
    client: Client, ada: User, comparison: dict[str, Any]
) -> None:
    condition = {"requiredBy": comparison}
    assert await found(client, ada, condition) == "A"
    assert await found(client, ada, {"not": condition}) == "BC"
    assert await found(client, ada, {"not": {"not": condition}}) == "A"
    assert await found(client, ada, {"not": {**condition, "number": {"in": ["A", "B"]}}}) == "BC"
    assert await found(client, ada, {"not": {"or": [condition, {"number": {"eq": "B"}}]}}) == "C"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"customer": {}}, "AB"),
        ({"customer": {"name": {"eq": "Key"}}}, "A"),
        ({"customer": {"level": {"eq": "KEY_ACCOUNT"}}}, "A"),
        ({"customer": {"level": {"eq": "KEY_ACCOUNT"}, "name": {"eq": "Plain"}}}, ""),
        ({"not": {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}}, "BC"),
        ({"customer": {"not": {"level": {"eq": "KEY_ACCOUNT"}}}}, "B"),
        ({"customer": {"email": {"isNull": True}}}, "AB"),
        ({"customer": {"tags": {"has": "x"}}}, "A"),
        ({"customer": {"region": {"code": {"eq": "cn"}}}}, "B"),
        ({"customer": {"region": {"parent": {"code": {"eq": "cn"}}}}}, "A"),
        ({"channel": {}}, "A"),
        ({"channel": {"id": {"isNull": False}}}, "A"),
        ({"channel": {"id": {"isNull": True}}}, ""),
        ({"not": {"channel": {"id": {"isNull": True}}}}, "ABC"),
        ({"customer": {"id": {"isNull": True}}}, ""),
        ({"owner": {}}, ""),
    ],
)
@pytest.mark.usefixtures("three")
async def test_a_condition_on_a_related_row_asks_for_the_row(
    client: Client, ada: User, condition: dict[str, Any], expected: str
) -> None:
    assert await found(client, ada, condition) == expected


@pytest.mark.usefixtures("three")
async def test_a_condition_on_many_rows_holds_if_one_of_them_meets_all_of_it(client: Client, ada: User) -> None:
    one, seven = {"quantity": {"eq": "1"}}, {"quantity": {"gte": "7"}}
    assert await found(client, ada, {"lines": {}}) == "AB"
    assert await found(client, ada, {"lines": seven}) == "AB"
    assert await found(client, ada, {"lines": {"quantity": {"eq": "1", "gte": "7"}}}) == ""
    assert await found(client, ada, {"and": [{"lines": one}, {"lines": seven}]}) == "A"
    assert await found(client, ada, {"not": {"lines": one}}) == "BC"
    assert await found(client, ada, {"lines": {"not": one}}) == "AB"
    assert await found(client, ada, {"lines": {"product": {"sku": {"eq": "TEA"}}, **one}}) == "A"


@pytest.mark.usefixtures("three")
async def test_within_takes_a_node_of_a_tree_and_all_below_it(client: Client, ada: User) -> None:
    regions = (await client.data("{ regions { nodes { id code } } }", as_=ada))["regions"]["nodes"]
    china, shanghai = (next(node["id"] for node in regions if node["code"] == code) for code in ("cn", "sh"))
    assert await found(client, ada, {"region": {"within": china}}) == "AB"
    assert await found(client, ada, {"region": {"within": shanghai}}) == "A"
    assert await found(client, ada, {"customer": {"region": {"within": china}}}) == "AB"
    assert await found(client, ada, {"not": {"region": {"within": shanghai}}}) == "BC"
    assert await found(client, ada, {"region": {"within": "reg_424242"}}) == ""


@pytest.mark.usefixtures("three")
async def test_an_id_that_names_nothing_selects_nothing(client: Client, ada: User) -> None:
    assert await found(client, ada, {"id": {"eq": "ord_424242"}}) == ""
    assert await found(client, ada, {"customer": {"id": {"in": ["cus_424242"]}}}) == ""


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"number": None}, ["number"]),
        ({"number": {}}, ["number"]),
        ({"number": {"eq": None}}, ["number", "eq"]),
        ({"number": {"eq": "A", "in": None}}, ["number", "in"]),
        ({"requiredBy": {"isNull": None}}, ["requiredBy", "isNull"]),
        ({"customer": None}, ["customer"]),
        ({"customer": {"level": None}}, ["customer", "level"]),
        ({"and": None}, ["and"]),
        ({"not": None}, ["not"]),
        ({"or": [{"number": {"eq": "A"}}, {"not": {"tags": {"has": None}}}]}, ["or", "1", "not", "tags", "has"]),
        ({"region": {"within": None}}, ["region", "within"]),
        ({"id": {"eq": ""}}, ["id", "eq"]),
        ({"id": {"eq": "cus_1"}}, ["id", "eq"]),
        ({"id": {"in": ["ord_1", "ord_0"]}}, ["id", "in"]),
        ({"customer": {"id": {"eq": "ord_1"}}}, ["customer", "id", "eq"]),
        ({"region": {"within": "tem_1"}}, ["region", "within"]),
    ],
)
async def test_what_a_filter_may_not_be_is_refused_with_its_path(
    client: Client, ada: User, condition: dict[str, Any], path: list[str]
) -> None:
    error = await client.error(DOCUMENT, {"filter": condition}, as_=ada)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["filter", *path])


@pytest.mark.parametrize(
    ("literal", "path"),
    [
        ("{number: {eq: $unset}}", ["number", "eq"]),
        ("{or: [{number: {eq: $unset}}]}", ["or", "0", "number", "eq"]),
        ("{not: {number: {eq: $unset}, status: {eq: DRAFT}}}", ["not", "number", "eq"]),
    ],
)
async def test_a_variable_without_a_value_is_refused_where_a_condition_should_stand(
    client: Client, ada: User, literal: str, path: list[str]
) -> None:
    document = f"query Q($unset: String) {{ orders(filter: {literal}) {{ totalCount }} }}"
    for variables in ({}, {"unset": None}):
        error = await client.error(document, variables, as_=ada)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["filter", *path])


async def test_a_filter_that_is_not_given_selects_everything(client: Client, ada: User) -> None:
    for variables in ({}, {"filter": None}):
        assert (await client.query(DOCUMENT, variables, as_=ada)) == {
            "data": {"orders": {"totalCount": 0, "nodes": []}}
        }


@pytest.mark.parametrize(
    ("fifty", "more"),
    [
        ({"and": [{"number": {"eq": "A"}}] * 50}, {"and": [{"number": {"eq": "A"}}] * 51}),
        ({"and": [{"number": {"eq": "A", "isNull": False}}] * 25}, {"number": {"eq": "A"}}),
        ({"and": [{"customer": {}}] * 50}, {"and": [{"customer": {}}] * 51}),
        ({"or": [{}] * 50}, {"or": [{}] * 51}),
        ({"or": [{"and": []}] * 50}, {"or": [{"and": []}] * 51}),
    ],
)
@pytest.mark.usefixtures("three")
async def test_a_filter_has_at_most_fifty_conditions(
    client: Client, ada: User, fifty: dict[str, Any], more: dict[str, Any]
) -> None:
    await found(client, ada, fifty)
    over = more if len(more) == len(fifty) and set(more) == set(fifty) else fifty | more
    assert (await client.error(DOCUMENT, {"filter": over}, as_=ada))["code"] == "INVALID_INPUT"


@pytest.mark.parametrize("wrap", [lambda inner: {"not": inner}, lambda inner: {"and": [inner]}])
@pytest.mark.usefixtures("three")
async def test_a_filter_is_at_most_five_deep(client: Client, ada: User, wrap: Any) -> None:
    deep: dict[str, Any] = {"number": {"eq": "A"}}
    for _ in range(4):
        deep = wrap(deep)
    assert await found(client, ada, deep) == "A"
    error = await client.error(DOCUMENT, {"filter": wrap(deep)}, as_=ada)
    assert error["code"] == "INVALID_INPUT"
    assert error["path"][0] == "filter"


async def test_relations_count_in_the_depth(client: Client, ada: User) -> None:
    deep: dict[str, Any] = {"code": {"eq": "cn"}}
    for _ in range(2):
        deep = {"parent": deep}
    assert await found(client, ada, {"customer": {"region": deep}}) == ""
    error = await client.error(DOCUMENT, {"filter": {"customer": {"region": {"parent": deep}}}}, as_=ada)
    assert error["code"] == "INVALID_INPUT"


async def test_a_hundred_thousand_empty_conditions_are_refused_at_once(client: Client, ada: User) -> None:
    many: dict[str, Any] = {"and": [{"customer": {}}] * 50_000}
    assert (await client.error(DOCUMENT, {"filter": many}, as_=ada))["code"] == "QUERY_TOO_COMPLEX"


async def test_an_unknown_field_or_operator_is_refused(client: Client, ada: User) -> None:
    for condition in ({"colour": {"eq": "red"}}, {"number": {"like": "A"}}, {"notes": {"eq": "a"}}):
        error = await client.error(DOCUMENT, {"filter": condition}, as_=ada)
        assert error["code"] == "INVALID_INPUT"
        assert error["path"][0] == "filter"


async def test_a_value_never_becomes_sql(client: Client, ada: User) -> None:
    for text in ("'", "'; DROP TABLE sales_order; --", "$1", "%s", "{t}", "\\", '"', "\x01\x02\x03", "/*"):
        await make_order(number=text)
        page = (await client.data(DOCUMENT, {"filter": {"number": {"eq": text}}}, as_=ada))["orders"]
        assert page == {"totalCount": 1, "nodes": [{"number": text}]}

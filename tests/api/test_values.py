"""Values in documents and variables: what is no value of its type is refused with its path, all else comes back."""

from typing import Any

import pytest

from domain.people import Role
from models import User
from tests.api.conftest import Client
from tests.factories import make_order, make_product, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")
FORBIDDEN = {"code": "INVALID_INPUT", "problem": "forbidden_character"}


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada", team=await make_team("Company"))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ('{ orders(first: "1") { totalCount } }', ["first"]),
        ("{ orders(first: 1.5) { totalCount } }", ["first"]),
        ("{ orders(first: 99999999999) { totalCount } }", ["first"]),
        ("{ orders(filter: {status: {eq: LOST}}) { totalCount } }", ["filter", "status", "eq"]),
        ("{ orders(filter: {status: {in: [DRAFT, LOST]}}) { totalCount } }", ["filter", "status", "in", "1"]),
        ('{ orders(filter: {baseTotal: {gt: "NaN"}}) { totalCount } }', ["filter", "baseTotal", "gt"]),
        ('{ orders(filter: {baseTotal: {gt: "Infinity"}}) { totalCount } }', ["filter", "baseTotal", "gt"]),
        ('{ orders(filter: {baseTotal: {gt: "1e5"}}) { totalCount } }', ["filter", "baseTotal", "gt"]),
        ("{ orders(filter: {baseTotal: {gt: 0.5}}) { totalCount } }", ["filter", "baseTotal", "gt"]),
        (f"{{ orders(filter: {{baseTotal: {{gt: {'9' * 29}}}}}) {{ totalCount }} }}", ["filter", "baseTotal", "gt"]),
        (f"{{ orders(filter: {{baseTotal: {{gt: {'9' * 9000}}}}}) {{ totalCount }} }}", ["filter", "baseTotal", "gt"]),
        ('{ orders(filter: {placedAt: {gt: "2026-03-02"}}) { totalCount } }', ["filter", "placedAt", "gt"]),
        ('{ orders(filter: {placedAt: {gt: "2026-13-02T00:00:00Z"}}) { totalCount } }', ["filter", "placedAt", "gt"]),
        ('{ orders(filter: {requiredBy: {gt: "2026-02-30"}}) { totalCount } }', ["filter", "requiredBy", "gt"]),
        ('{ orders(filter: {requiredBy: {eq: "0000-01-01"}}) { totalCount } }', ["filter", "requiredBy", "eq"]),
        ("{ orders(sort: {field: 1}) { totalCount } }", ["sort", "field"]),
        ("query($n: Int = 1.5) { orders(first: $n) { totalCount } }", ["n"]),
    ],
)
async def test_a_literal_that_is_no_value_of_its_type_is_refused_with_its_path(
    client: Client, ada: User, document: str, path: list[str]
) -> None:
    answer = await client.query(document, as_=ada)
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "INVALID_INPUT", "path": path, "problem": "malformed"}
    assert error["message"].startswith(f"{'.'.join(path)}: ")


@pytest.mark.parametrize(
    ("of", "value", "path"),
    [
        ("Int", "1", ["v"]),
        ("Int", 2**31, ["v"]),
        ("Int", 10**400, ["v"]),
        ("OrderFilter", {"status": {"in": ["DRAFT", "LOST"]}}, ["v", "status", "in", "1"]),
        ("OrderFilter", {"baseTotal": {"gt": "NaN"}}, ["v", "baseTotal", "gt"]),
        ("OrderFilter", {"baseTotal": {"gt": 0.5}}, ["v", "baseTotal", "gt"]),
        ("OrderFilter", {"baseTotal": {"gt": float("nan")}}, ["v", "baseTotal", "gt"]),
        ("OrderFilter", {"baseTotal": {"gt": 10**28}}, ["v", "baseTotal", "gt"]),
        ("OrderFilter", {"baseTotal": {"gt": "9" * 29}}, ["v", "baseTotal", "gt"]),
        ("OrderFilter", {"baseTotal": {"gt": True}}, ["v", "baseTotal", "gt"]),
        ("OrderFilter", {"placedAt": {"lt": "9999-12-31T23:59:59Z"}}, ["v", "placedAt", "lt"]),
        ("OrderFilter", {"placedAt": {"lt": "2026-03-02T09:30:00.1234Z"}}, ["v", "placedAt", "lt"]),
        ("OrderFilter", {"requiredBy": {"lt": "9999-12-31"}}, ["v", "requiredBy", "lt"]),
        ("OrderFilter", {"requiredBy": {"gt": "0001-01-01"}}, ["v", "requiredBy", "gt"]),
        ("OrderFilter!", None, ["v"]),
        ("OrderFilter", {"nothing": {}}, ["v"]),
        ("OrderFilter", [], ["v"]),
    ],
)
async def test_a_variable_of_another_type_is_refused_with_its_path(
    client: Client, ada: User, of: str, value: Any, path: list[str]
) -> None:
    argument = "first" if of == "Int" else "filter"
    document = f"query Q($v: {of}) {{ orders({argument}: $v) {{ totalCount }} }}"
    error = await client.error(document, {"v": value}, as_=ada)
    assert error["code"] == "INVALID_INPUT"
    assert error["path"][: len(path)] == path


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfff"])
@pytest.mark.parametrize(
    ("of", "wrap", "path"),
    [
        ("ID!", lambda text: text, ["v"]),
        ("[ID!]!", lambda text: ["ord_1", text], ["v", "1"]),
        ("String", lambda text: text, ["v"]),
        (
            "OrderFilter",
            lambda text: {"or": [{}, {"number": {"in": ["a", text]}}]},
            ["v", "or", "1", "number", "in", "1"],
        ),
        ("OrderFilter", lambda text: {"number": {text: "a"}}, ["v", "number"]),
    ],
)
async def test_a_forbidden_character_in_a_variable_is_refused_with_its_path(
    client: Client, ada: User, text: str, of: str, wrap: Any, path: list[str]
) -> None:
    uses = {
        "ID!": "node(id: $v) { id }",
        "[ID!]!": "nodes(ids: $v) { id }",
        "String": "orders(after: $v) { totalCount }",
    }
    document = f"query Q($v: {of}) {{ {uses.get(of, 'orders(filter: $v) { totalCount }')} }}"
    assert await client.error(document, {"v": wrap(text)}, as_=ada) == FORBIDDEN | {"path": path}


@pytest.mark.parametrize("text", ['"\\u0000"', '"a\\u0000b"', '"\\u{0}"', '"""\0"""', '"""a\0"""'])
@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("{ node(id: %s) { id } }", ["id"]),
        ('{ nodes(ids: ["ord_1", %s]) { id } }', ["ids", "1"]),
        ("{ orders(after: %s) { totalCount } }", ["after"]),
        ("{ orders(filter: {not: {number: {eq: %s}}}) { totalCount } }", ["filter", "not", "number", "eq"]),
        ("query($v: String = %s) { orders(after: $v) { totalCount } }", ["v"]),
        ("{ viewer { ...F } } fragment F on User { orders(after: %s) { totalCount } }", ["after"]),
    ],
)
async def test_a_forbidden_character_in_a_literal_is_refused_with_its_path(
    client: Client, ada: User, text: str, document: str, path: list[str]
) -> None:
    assert await client.error(document % text, as_=ada) == FORBIDDEN | {"path": path}


@pytest.mark.parametrize("text", ['"\\ud800"', '"\ud800"', "#\ud800\n", '"\\u{D800}"'])
async def test_a_lone_surrogate_in_a_document_is_a_syntax_error(client: Client, ada: User, text: str) -> None:
    answer = await client.query(f"{{ node(id: {text}) {{ id }} }}", as_=ada)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_text_with_every_other_character_comes_back_as_it_is(client: Client, ada: User) -> None:
    odd = "".join(map(chr, range(1, 0x500))) + "\u2028\u2029\ufeff\ufffe\uffff\U0001f600\U0010ffff"
    made = await make_product(odd, name=odd)
    document = "query Q($sku: String) { products(filter: {sku: {eq: $sku}}) { nodes { id name sku } } }"
    found = (await client.data(document, {"sku": odd}, as_=ada))["products"]["nodes"]
    assert found == [{"id": f"prd_{made.id}", "name": odd, "sku": odd}]


async def test_marks_of_the_engine_in_a_text_mean_nothing(client: Client, ada: User) -> None:
    for text in ("\x01", '\x010\x02["COMPLETED"]\x03', "\x03", "\\u00010\\u0002[]\\u0003"):
        made = await make_order(number=text, notes=text, customer_name=text, tags=[text], ship_to={"city": text})
        fields = "statusLabel number notes customerName tags shipTo { city }"
        document = f'{{ node(id: "ord_{made.id}") {{ ... on Order {{ {fields} }} }} }}'
        expected = {"number": text, "notes": text, "customerName": text, "tags": [text], "shipTo": {"city": text}}
        assert (await client.data(document, as_=ada))["node"] == {"statusLabel": "Draft", **expected}


@pytest.mark.parametrize(
    ("document", "variables", "path"),
    [
        ("mutation($i: OrderUpdateInput!) { orderUpdate(input: $i) { errors { code } } }", {"i": {"id": "a"}}, "i."),
        ('mutation { orderUpdate(input: {id: "a"}) { errors { code } } }', {}, "input."),
    ],
)
async def test_a_field_that_is_needed_and_not_given_is_named(
    client: Client, ada: User, document: str, variables: dict[str, Any], path: str
) -> None:
    for language, words in (("en", "is needed"), ("zh", "必填")):
        answer = await client.query(document, variables, as_=ada, headers={"accept-language": language})
        [error] = answer["errors"]
        field = f"{path}expectedVersion"
        assert error["extensions"] == {"code": "INVALID_INPUT", "path": field.split("."), "problem": "missing"}
        assert error["message"].removeprefix("input.") in {f"{field} {words}", f"expectedVersion {words}"}

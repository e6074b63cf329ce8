"""Values of custom fields: written, read, filtered by, imported. Documents in, JSON out."""

from typing import Any

import pytest

from domain.people import Role
from models import Order, User
from tests.api.conftest import Client
from tests.api.custom_fields import (
    CUSTOMER_CREATE,
    CUSTOMER_UPDATE,
    FIELDS,
    ORDER_UPDATE,
    PRODUCT_UPSERT,
    define,
    define_all,
    filled,
)
from tests.api.selling import Company, make_company
from tests.api.working import look, mutate, run_job, sent
from tests.api.writing import refused, told, written
from tests.factories import make_user


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


NOTHING = {
    "text": None,
    "number": None,
    "money": None,
    "date": None,
    "yesNo": None,
    "choice": None,
    "choiceLabel": None,
    "person": None,
}


async def test_every_type_is_written_and_read_back(client: Client, company: Company) -> None:
    await define_all(client, company, "PRODUCT")
    given = {"sku": "TEA", "name": "Tea", "customFields": filled(company)}
    made = await written(client, PRODUCT_UPSERT, given, as_=company.mia)
    assert made["customFields"] == [
        NOTHING | {"key": "po_number", "type": "TEXT", "label": "PO_NUMBER", "text": "PO '1' \\ \" {t} 漢"},
        NOTHING | {"key": "weight", "type": "NUMBER", "label": "WEIGHT", "number": "12.5"},
        NOTHING
        | {"key": "deposit", "type": "MONEY", "label": "DEPOSIT", "money": {"amount": "1000", "currency": "JPY"}},
        NOTHING | {"key": "visit", "type": "DATE", "label": "VISIT", "date": "0987-06-05"},
        NOTHING | {"key": "gift", "type": "YES_NO", "label": "GIFT", "yesNo": False},
        NOTHING | {"key": "rating", "type": "CHOICE", "label": "RATING", "choice": "A", "choiceLabel": "Good"},
        NOTHING | {"key": "buddy", "type": "PERSON", "label": "BUDDY", "person": {"id": f"usr_{company.bob.id}"}},
    ]
    some = 'customFields(keys: ["gift", "rating", "no"]) { key label choiceLabel field { description } }'
    document = f'{{ products(filter: {{sku: {{eq: "TEA"}}}}) {{ nodes {{ {some} }} }} }}'
    chinese = await client.data(document, as_=company.ann, **{"accept-language": "zh"})
    assert chinese["products"]["nodes"][0]["customFields"] == [
        {"key": "gift", "label": "字段 gift", "choiceLabel": None, "field": {"description": None}},
        {"key": "rating", "label": "字段 rating", "choiceLabel": "好", "field": {"description": None}},
    ]


async def test_of_a_change_what_is_left_out_stays_and_what_has_no_value_is_emptied(
    client: Client, company: Company
) -> None:
    await define_all(client, company, "ORDER")
    order = f"ord_{company.anns.id}"

    async def change(version: int, *entries: dict[str, Any]) -> dict[str, Any]:
        given = {"id": order, "expectedVersion": version, "customFields": list(entries)}
        after = await written(client, ORDER_UPDATE, given, as_=company.ann)
        return after | {"customFields": [value["key"] for value in after["customFields"]]}

    assert await change(1, *filled(company)) == {"id": order, "version": 2, "customFields": list(FIELDS)}
    assert await change(2, {"key": "weight", "number": "12.5"}) == {
        "id": order,
        "version": 2,
        "customFields": [*FIELDS],
    }
    left = [key for key in FIELDS if key not in {"gift", "buddy"}]
    after = await change(2, {"key": "gift", "yesNo": None}, {"key": "buddy"}, {"key": "weight", "number": "13"})
    assert after == {"id": order, "version": 3, "customFields": left}


async def test_everything_that_is_wrong_is_told_with_its_place(client: Client, company: Company) -> None:
    await define_all(client, company, "CUSTOMER")
    await define(client, company.ada, "CUSTOMER", "must", type="DATE", required=True)
    gone = await make_user(Role.REP, active=False)
    entries = [
        {"key": "nothing", "text": "x"},
        {"key": "weight", "text": "12"},
        {"key": "po_number", "text": "x" * 21},
        {"key": "weight", "number": "1"},
        {"key": "rating", "choice": "C"},
        {"key": "deposit", "money": "0.5"},
        {"key": "buddy", "person": "usr_424242"},
        {"key": "visit", "date": "2026-01-01", "text": "both"},
        {"key": "a\x7f", "text": "x"},
    ]
    errors = await refused(client, CUSTOMER_CREATE, {"name": "C", "customFields": entries}, as_=company.ann)
    assert told(errors) == [
        ("input.customFields.0.key", "unknown"),
        ("input.customFields.1.text", "wrong_type"),
        ("input.customFields.2.text", "too_long"),
        ("input.customFields.3.key", "duplicate"),
        ("input.customFields.4.choice", "not_a_choice"),
        ("input.customFields.5.money", "too_many_decimals"),
        ("input.customFields.7.text", "wrong_type"),
        ("input.customFields.8.key", "unknown"),
        ("input.customFields.6.person", "NOT_FOUND"),
        ("input.customFields", "custom_field_needed"),
    ]
    assert [error["limit"] for error in errors if error.get("problem") in {"wrong_type", "custom_field_needed"}] == [
        *("number", "date", "must"),
    ]
    bounds = [
        {"key": "weight", "number": "1000.001"},
        {"key": "deposit", "money": "-1"},
        {"key": "buddy", "person": f"usr_{gone.id}"},
        {"key": "must"},
    ]
    assert told(await refused(client, CUSTOMER_CREATE, {"name": "C", "customFields": bounds}, as_=company.ann)) == [
        ("input.customFields.0.number", "too_large"),
        ("input.customFields.1.money", "too_small"),
        ("input.customFields.3.date", "missing"),
        ("input.customFields.2.person", "person_inactive"),
    ]


async def test_who_reads_a_person_out_of_a_field_sees_of_them_what_they_see_elsewhere(
    client: Client, company: Company
) -> None:
    await define(client, company.ada, "ORDER", "buddy")
    entry = {"key": "buddy", "person": f"usr_{company.bob.id}"}
    given = {"id": f"ord_{company.anns.id}", "expectedVersion": 1, "customFields": [entry]}
    await written(client, ORDER_UPDATE, given, as_=company.ann)
    read = f'{{ order(id: "ord_{company.anns.id}") {{ customFields {{ person {{ name email }} }} }} }}'
    assert (await client.data(read, as_=company.ann))["order"]["customFields"] == [
        {"person": {"name": "Bob", "email": None}}
    ]
    [seen] = (await client.data(read, as_=company.ada))["order"]["customFields"]
    assert seen["person"]["email"] == company.bob.email


async def test_filters_compare_by_type_and_with_two_values(client: Client, company: Company) -> None:
    await define_all(client, company, "CUSTOMER")
    given = {"id": f"cus_{company.anns_customer.id}", "expectedVersion": 1, "customFields": filled(company)}
    await written(client, CUSTOMER_UPDATE, given, as_=company.ann)

    async def count(condition: str) -> int:
        document = f"{{ customers(filter: {condition}) {{ totalCount nodes {{ id }} }} }}"
        return int((await client.data(document, as_=company.ada))["customers"]["totalCount"])

    for condition in (
        '{key: "po_number", text: {startsWith: "PO \'1"}}',
        '{key: "weight", number: {gt: "12.4999", lte: "12.5"}}',
        '{key: "deposit", money: {in: ["3", "1000"]}}',
        '{key: "visit", date: {lt: "0987-06-06", gte: "0987-06-05"}}',
        '{key: "gift", yesNo: {eq: false}}',
        '{key: "rating", choice: {in: ["A", "Z"]}}',
        f'{{key: "buddy", person: {{eq: "usr_{company.bob.id}"}}}}',
        '{key: "weight", number: {isNull: false}}',
    ):
        assert await count(f"{{customField: {condition}}}") == 1, condition
        assert await count(f"{{not: {{customField: {condition}}}}}") == 1, condition
    nested = '{customer: {customField: {key: "rating", choice: {eq: "A"}}}}'
    orders = f"{{ orders(filter: {{or: [{nested}, {{and: [{nested}]}}]}}) {{ nodes {{ id }} }} }}"
    assert (await client.data(orders, as_=company.ada))["orders"]["nodes"] == [{"id": f"ord_{company.anns.id}"}]


MEANINGLESS = [
    ('{key: "no", text: {eq: "x"}}', ["key"], "is unknown"),
    ('{key: "a\'); DROP TABLE customer; --", text: {eq: "x"}}', ["key"], "is unknown"),
    ('{key: "weight", text: {eq: "x"}}', ["text"], "is of another type: use number"),
    ('{key: "weight", number: {eq: "1"}, text: {eq: "x"}}', ["text"], "is of another type: use number"),
    ('{key: "weight"}', [], "compares with nothing"),
    ('{key: "weight", number: {}}', ["number"], "compares with nothing"),
    ('{key: "weight", number: null}', ["number"], "must not be null"),
    ('{key: "weight", number: {eq: null}}', ["number", "eq"], "must not be null"),
    ('{key: "buddy", person: {eq: "cus_1"}}', ["person", "eq"], "is not the id of a User"),
]


async def test_a_condition_that_means_nothing_is_refused_with_its_place(client: Client, company: Company) -> None:
    await define_all(client, company, "CUSTOMER")
    for condition, path, problem in MEANINGLESS:
        answer = await client.query(
            f"{{ customers(filter: {{customField: {condition}}}) {{ totalCount }} }}", as_=company.ann
        )
        [error] = answer["errors"]
        assert error["extensions"]["path"] == ["filter", "customField", *path], condition
        assert problem in error["message"], condition


async def test_an_import_by_a_mapping_takes_columns_of_custom_fields(client: Client, company: Company) -> None:
    for key in ("weight", "buddy"):
        await define(client, company.ada, "ORDER", key)
    bob = await User.get(id=company.bob.id)
    content = f"no,item,pcs,price,when,kilos,friend\n1,A,1,2.00,2026-03-02 09:30:00,12.50,{bob.email.upper()}\n"
    columns = {"invoice": "no", "sku": "item", "quantity": "pcs", "unitPrice": "price", "placedAt": "when"}
    mapping = {"channelCode": "shop", "columns": columns, "currency": "GBP", "zone": "UTC"}
    file = await sent(client, content.encode(), as_=company.ada)

    async def start(*custom: tuple[str, str]) -> dict[str, Any]:
        fields = [{"key": key, "column": column} for key, column in custom]
        given = {"files": [file], "mapping": {**mapping, "customFields": fields}}
        return await mutate(client, "orderImport", given, as_=company.ada)

    wrong = await start(("nothing", "kilos"), ("weight", "kilos"), ("weight", " "))
    assert told(wrong["errors"]) == [
        ("input.mapping.customFields.0.key", "unknown"),
        ("input.mapping.customFields.2.key", "duplicate"),
        ("input.mapping.customFields.2.column", "blank"),
    ]
    job = (await start(("weight", "kilos"), ("buddy", "friend")))["job"]["id"]
    await run_job(job)
    told_by = await look(client, job, "state message report { nodes { reason } }", as_=company.ada)
    assert (told_by["state"], told_by["report"]["nodes"]) == ("SUCCEEDED", [])
    order = await Order.get(external_id="1")
    assert order.custom_fields == {"weight": "12.5", "buddy": company.bob.id}

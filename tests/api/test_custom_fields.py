"""Custom fields are defined, changed and archived. Documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from services.custom_fields.definitions import CustomFieldsInUse
from tests.api.conftest import Client
from tests.api.custom_fields import (
    ARCHIVE,
    CHOICES,
    CREATE,
    CUSTOMER_CREATE,
    CUSTOMER_UPDATE,
    ORDER_CREATE,
    RESTORE,
    UPDATE,
    VALUES,
    define,
)
from tests.api.selling import Company, make_company
from tests.api.writing import payload, refused, told, written


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"key": "Upper"}, [("input.key", "not_a_key")]),
        ({"key": "x" * 41}, [("input.key", "not_a_key")]),
        ({"labels": {}}, [("input.labels", "missing")]),
        ({"longest": 256}, [("input.longest", "out_of_range")]),
        ({"decimals": 2, "currency": "GBP"}, [("input.currency", "not_for_type"), ("input.decimals", "not_for_type")]),
        ({"type": "MONEY", "currency": "XXQ"}, [("input.currency", "unknown_currency")]),
        ({"type": "MONEY", "minimum": "0.001"}, [("input.minimum", "too_many_decimals")]),
        ({"type": "NUMBER", "minimum": "2", "maximum": "1"}, [("input.maximum", "too_small")]),
        ({"type": "CHOICE"}, [("input.choices", "missing")]),
        ({"type": "CHOICE", "choices": [*CHOICES, CHOICES[0]]}, [("input.choices.2.code", "duplicate")]),
        (
            {"type": "CHOICE", "choices": [{"code": " ", "labels": {"en": ""}}]},
            [("input.choices.0.code", "blank"), ("input.choices.0.labels.en", "blank")],
        ),
    ],
)
async def test_a_definition_that_means_nothing_is_refused(
    client: Client, company: Company, given: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    whole = {"entity": "ORDER", "key": "x", "type": "TEXT", "labels": {"en": "X"}} | given
    assert told(await refused(client, CREATE, whole, as_=company.ada)) == expected


async def test_definitions_are_for_administrators_to_keep_and_for_all_to_read(client: Client, company: Company) -> None:
    field = await define(client, company.ada, "ORDER", "weight")
    given = {"entity": "ORDER", "key": "x", "type": "TEXT", "labels": {"en": "X"}}
    assert told(await refused(client, CREATE, given, as_=company.mia)) == [("", "NOT_PERMITTED")]
    for document in (ARCHIVE, RESTORE):
        assert told(await refused(client, document, {"id": field["id"]}, as_=company.mia)) == [
            ("input.id", "NOT_PERMITTED")
        ]
    stale = {"id": field["id"], "expectedVersion": 2, "required": True}
    assert told(await refused(client, UPDATE, stale, as_=company.ada)) == [
        ("input.expectedVersion", "VERSION_CONFLICT")
    ]
    changed = await written(client, UPDATE, stale | {"expectedVersion": 1, "maximum": None}, as_=company.ada)
    assert changed == field | {"version": 2, "required": True, "maximum": None}
    read = "{ customFields(filter: {entity: {eq: ORDER}}) { nodes { key label choices { code } } } }"
    assert (await client.data(read, as_=company.ann))["customFields"]["nodes"] == [
        {"key": "weight", "label": "WEIGHT", "choices": []}
    ]


async def test_a_choice_that_was_taken_back_stays_where_it_was_chosen(client: Client, company: Company) -> None:
    field = await define(client, company.ada, "CUSTOMER", "rating")
    customer = {"id": f"cus_{company.anns_customer.id}"}
    chosen = {**customer, "expectedVersion": 1, "customFields": [{"key": "rating", "choice": "A"}]}
    await written(client, CUSTOMER_UPDATE, chosen, as_=company.ann)
    given = {"id": field["id"], "expectedVersion": 1, "choices": [CHOICES[1], {"code": "C", "labels": {"zh": "新"}}]}
    changed = await written(client, UPDATE, given, as_=company.ada)
    assert [(each["code"], each["label"], each["active"]) for each in changed["choices"]] == [
        *(("B", "Bad", True), ("C", "新", True), ("A", "Good", False)),
    ]
    again = await written(client, CUSTOMER_UPDATE, chosen | {"expectedVersion": 2, "name": "New"}, as_=company.ann)
    assert again["customFields"][0]["choiceLabel"] == "Good"
    other = {"id": f"cus_{company.bobs_customer.id}", "expectedVersion": 1}
    errors = await refused(client, CUSTOMER_UPDATE, chosen | other, as_=company.bob)
    assert told(errors) == [("input.customFields.0.choice", "not_a_choice")]


async def test_an_archived_field_is_nowhere_until_it_is_restored(client: Client, company: Company) -> None:
    field = await define(client, company.ada, "CUSTOMER", "gift")
    customer = {"id": f"cus_{company.anns_customer.id}", "customFields": [{"key": "gift", "yesNo": True}]}
    await written(client, CUSTOMER_UPDATE, customer | {"expectedVersion": 1}, as_=company.ann)
    archived = await written(client, ARCHIVE, {"id": field["id"]}, as_=company.ada)
    assert archived == field | {"version": 2, "archived": True}
    assert await written(client, ARCHIVE, {"id": field["id"]}, as_=company.ada) == archived

    errors = await refused(client, CUSTOMER_UPDATE, customer | {"expectedVersion": 2}, as_=company.ann)
    assert told(errors) == [("input.customFields.0.key", "unknown")]
    read = f'{{ customer(id: "{customer["id"]}") {{ {VALUES} }} customFields {{ nodes {{ key }} }} }}'
    assert await client.data(read, as_=company.ann) == {"customer": {"customFields": []}, "customFields": {"nodes": []}}
    assert (await client.data(read, as_=company.ada))["customFields"]["nodes"] == [{"key": "gift"}]
    listed = '{ customers(filter: {customField: {key: "gift", yesNo: {eq: true}}}) { totalCount } }'
    assert (await client.error(listed, as_=company.ann))["path"] == ["filter", "customField", "key"]
    [taken] = await refused(
        client, CREATE, {"entity": "CUSTOMER", "key": "gift", "type": "TEXT", "labels": {"en": "G"}}, as_=company.ada
    )
    assert (taken["__typename"], taken["path"]) == ("AlreadyExists", ["input", "key"])

    await written(client, RESTORE, {"id": field["id"]}, as_=company.ada)
    assert (await client.data(read, as_=company.ann))["customer"]["customFields"][0]["yesNo"] is True
    assert (await client.data(listed, as_=company.ann))["customers"]["totalCount"] == 1


async def test_a_field_that_is_archived_meanwhile_gets_no_value(client: Client, company: Company) -> None:
    for number in range(4):
        field = await define(client, company.ada, "CUSTOMER", f"key{number}", type="TEXT")
        entries = [{"key": f"key{number}", "text": "x"}]
        writes = [
            payload(client, CUSTOMER_CREATE, {"name": "N", "customFields": entries}, as_=company.ann) for _ in range(3)
        ]
        *answers, archived = await asyncio.gather(
            *writes, payload(client, ARCHIVE, {"id": field["id"]}, as_=company.ada)
        )
        assert archived["errors"] == []
        for answer in answers:
            assert answer["customer"] or told(answer["errors"]) == [("input.customFields.0.key", "unknown")]


async def test_a_repeated_request_has_one_effect(client: Client, company: Company) -> None:
    given = {"entity": "ORDER", "key": "x", "type": "TEXT", "labels": {"en": "X"}, "idempotencyKey": "k"}
    first = await written(client, CREATE, given, as_=company.ada)
    assert await written(client, CREATE, given, as_=company.ada) == first
    order = {"currency": "GBP", "lines": [{"kind": "SHIPPING", "name": "S", "quantity": "1", "unitPrice": "1"}]}
    entered = order | {"customFields": [{"key": "x", "text": "1"}], "idempotencyKey": "k"}
    made = await written(client, ORDER_CREATE, entered, as_=company.ann)
    assert await written(client, ORDER_CREATE, entered, as_=company.ann) == made
    other = entered | {"customFields": [{"key": "x", "text": "2"}]}
    assert told((await payload(client, ORDER_CREATE, other, as_=company.ann))["errors"]) == [
        ("input.idempotencyKey", "IDEMPOTENCY_KEY_REUSED")
    ]


async def test_a_change_that_was_made_is_told_so_even_if_it_cannot_be_read_again_at_once(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_self: CustomFieldsInUse) -> None:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(CustomFieldsInUse, "refresh", away)
    assert (await define(client, company.ada, "ORDER", "x", type="TEXT"))["key"] == "x"

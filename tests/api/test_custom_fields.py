"""Custom fields: defined, written, read, filtered and sorted by. Documents in, JSON out."""

import asyncio
from typing import Any

import pytest

from domain.jobs import JobState
from domain.people import Role
from models import Job, Order, User
from models.connection import pool
from services.clock import now
from services.custom_fields.definitions import CustomFieldsInUse
from services.custom_fields.indexing import set_index
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.api.working import look, mutate, run_job, sent, started
from tests.api.writing import ERRORS, payload, refused, told, written
from tests.factories import make_user

VALUES = (
    "customFields { key type label text number money { amount currency } date yesNo choice choiceLabel person { id } }"
)
FIELD = """customField { id version entity key type label labels { en zh } required longest minimum maximum decimals
    currency choices { code label active } position archived indexState indexJob { kind state } }"""
CREATE = f"mutation($input: CustomFieldCreateInput!) {{ customFieldCreate(input: $input) {{ {FIELD} {ERRORS} }} }}"
UPDATE = f"mutation($input: CustomFieldUpdateInput!) {{ customFieldUpdate(input: $input) {{ {FIELD} {ERRORS} }} }}"
ARCHIVE = f"mutation($input: CustomFieldArchiveInput!) {{ customFieldArchive(input: $input) {{ {FIELD} {ERRORS} }} }}"
RESTORE = f"mutation($input: CustomFieldRestoreInput!) {{ customFieldRestore(input: $input) {{ {FIELD} {ERRORS} }} }}"
INDEX = f"mutation($input: CustomFieldIndexInput!) {{ customFieldIndex(input: $input) {{ {FIELD} {ERRORS} }} }}"


def writing(mutation: str, name: str) -> str:
    """A mutation of an entity, which answers with the custom fields."""
    of = mutation[0].upper() + mutation[1:]
    row = f"{name} {{ id version {VALUES} }}"
    return f"mutation($input: {of}Input!) {{ {mutation}(input: $input) {{ {row} {ERRORS} }} }}"


ORDER_CREATE = writing("orderCreate", "order")
ORDER_UPDATE = writing("orderUpdate", "order")
CUSTOMER_CREATE = writing("customerCreate", "customer")
CUSTOMER_UPDATE = writing("customerUpdate", "customer")
PRODUCT_UPSERT = writing("productUpsert", "product")
CHOICES = [
    {"code": "A", "labels": {"en": "Good", "zh": "好"}},
    {"code": "B", "labels": {"en": "Bad"}},
]
FIELDS: dict[str, dict[str, Any]] = {
    "po_number": {"type": "TEXT", "longest": 20},
    "weight": {"type": "NUMBER", "minimum": "0", "maximum": "1000", "decimals": 3},
    "deposit": {"type": "MONEY", "currency": "JPY", "minimum": "0"},
    "visit": {"type": "DATE"},
    "gift": {"type": "YES_NO"},
    "rating": {"type": "CHOICE", "choices": CHOICES},
    "buddy": {"type": "PERSON"},
}


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


async def define(client: Client, as_: User, entity: str, key: str, **given: Any) -> dict[str, Any]:
    labels = {"en": key.upper(), "zh": f"字段 {key}"}
    given = {"entity": entity, "key": key, "labels": labels, **FIELDS.get(key, {}), **given}
    return await written(client, CREATE, given, as_=as_)


async def define_all(client: Client, company: Company, entity: str) -> dict[str, dict[str, Any]]:
    return {
        key: await define(client, company.ada, entity, key, position=position) for position, key in enumerate(FIELDS)
    }


def filled(company: Company) -> list[dict[str, Any]]:
    return [
        {"key": "po_number", "text": "PO '1' \\ \" {t} 漢"},
        {"key": "weight", "number": "12.500"},
        {"key": "deposit", "money": "1000"},
        {"key": "visit", "date": "0987-06-05"},
        {"key": "gift", "yesNo": False},
        {"key": "rating", "choice": "A"},
        {"key": "buddy", "person": f"usr_{company.bob.id}"},
    ]


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


@pytest.mark.parametrize(
    ("condition", "path", "problem"),
    [
        ('{key: "no", text: {eq: "x"}}', ["key"], "is unknown"),
        ('{key: "a\'); DROP TABLE customer; --", text: {eq: "x"}}', ["key"], "is unknown"),
        ('{key: "weight", text: {eq: "x"}}', ["text"], "is of another type: use number"),
        ('{key: "weight", number: {eq: "1"}, text: {eq: "x"}}', ["text"], "is of another type: use number"),
        ('{key: "weight"}', [], "compares with nothing"),
        ('{key: "weight", number: {}}', ["number"], "compares with nothing"),
        ('{key: "weight", number: null}', ["number"], "must not be null"),
        ('{key: "weight", number: {eq: null}}', ["number", "eq"], "must not be null"),
        ('{key: "buddy", person: {eq: "cus_1"}}', ["person", "eq"], "is not the id of a User"),
    ],
)
async def test_a_condition_that_means_nothing_is_refused_with_its_place(
    client: Client, company: Company, condition: str, path: list[str], problem: str
) -> None:
    await define_all(client, company, "CUSTOMER")
    answer = await client.query(
        f"{{ customers(filter: {{customField: {condition}}}) {{ totalCount }} }}", as_=company.ann
    )
    [error] = answer["errors"]
    assert error["extensions"]["path"] == ["filter", "customField", *path]
    assert problem in error["message"]


async def test_an_export_is_sorted_by_a_field_of_any_type_with_or_without_its_index(
    client: Client, company: Company
) -> None:
    await define(client, company.ada, "CUSTOMER", "weight")
    for name, weight in (("C0", "9"), ("C1", "10"), ("C2", None)):
        entries = [{"key": "weight", "number": weight}] if weight else []
        await written(client, CUSTOMER_CREATE, {"name": name, "customFields": entries}, as_=company.bob)
    for direction, expected in (("ASC", ["C0", "C1", "C2"]), ("DESC", ["C1", "C0", "C2"])):
        given = {
            "format": "CSV",
            "columns": ["name"],
            "filter": {"name": {"startsWith": "C"}},
            "sort": {"customField": "weight", "direction": direction},
        }
        job = await started(client, "customerExport", given, as_=company.bob)
        await run_job(job)
        url = (await look(client, job, "download { url }", as_=company.bob))["download"]["url"]
        names = (await client.http.get(url)).content.decode("utf-8-sig").split()[1:]
        assert [name for name in names if len(name) == 2] == expected
    both = {"format": "CSV", "sort": {"customField": "weight", "field": "NAME"}}
    [error] = (await mutate(client, "customerExport", both, as_=company.bob))["errors"]
    assert (error["path"], error["problem"]) == (["input", "sort", "customField"], "not_together")


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


async def step(*, done: int, failed: int = 0, total: int | None = None) -> None:
    """Nobody asked for the job to stop."""
    assert failed == 0
    assert total == 2
    assert done <= total


async def build_index(client: Client, as_: User, field: dict[str, Any], *, indexed: bool = True) -> dict[str, Any]:
    """Ask for the index, and do what the job does."""
    asked = await written(client, INDEX, {"id": field["id"], "indexed": indexed}, as_=as_)
    assert asked["indexJob"] == {"kind": "CUSTOM_FIELD_INDEX", "state": "QUEUED"}
    job = await Job.all().order_by("-id").first()
    assert job is not None
    await set_index(job_id=job.id, **job.parameters, progress=step)
    await set_index(job_id=job.id, **job.parameters, progress=step)  # as after a worker was killed
    opposite = {"id": field["id"], "indexed": not indexed}
    assert told((await payload(client, INDEX, opposite, as_=as_))["errors"]) == [("input.indexed", "under_way")]
    await Job.filter(id=job.id).update(state=JobState.SUCCEEDED)
    return asked


@pytest.mark.parametrize("key", FIELDS)
async def test_lists_are_sorted_by_an_indexed_field_page_by_page(client: Client, company: Company, key: str) -> None:
    field = await define(client, company.ada, "CUSTOMER", key)
    values = {
        "po_number": [{"text": text} for text in ("a", "B", "a")],
        "weight": [{"number": number} for number in ("9", "10", "9.0")],
        "deposit": [{"money": amount} for amount in ("9", "10", "9")],
        "visit": [{"date": day} for day in ("2026-02-01", "0999-12-31", "2026-02-01")],
        "gift": [{"yesNo": yes} for yes in (True, False, True)],
        "rating": [{"choice": code} for code in ("B", "A", "B")],
        "buddy": [{"person": f"usr_{person.id}"} for person in (company.bob, company.ann, company.bob)],
    }[key]
    for number, value in enumerate([*values, None, None]):
        entries = [{"key": key, **value}] if value else []
        given = {"name": f"C{number}", "customFields": entries}
        await written(client, CUSTOMER_CREATE, given, as_=company.bob)
    unsorted = f'{{ customers(sort: {{customField: "{key}"}}) {{ totalCount }} }}'
    assert (await client.error(unsorted, as_=company.ada))["path"] == ["sort", "customField"]
    await build_index(client, company.ada, field)
    rising = ["C0", "C2", "C1"] if key in {"weight", "deposit"} else ["C1", "C0", "C2"]
    for direction, expected in (("ASC", [*rising, "C3", "C4"]), ("DESC", [*rising[::-1], "C4", "C3"])):
        for page, end in (("first: 2, after: $at", "end"), ("last: 2, before: $at", "start")):
            found: list[str] = []
            at = None
            while True:
                document = f"""query($at: String) {{ customers(filter: {{name: {{startsWith: "C"}}}},
                    sort: {{customField: "{key}", direction: {direction}}}, {page})
                    {{ nodes {{ name }} pageInfo {{ {end}Cursor }} }} }}"""
                answer = (await client.data(document, {"at": at}, as_=company.bob))["customers"]
                names = [node["name"] for node in answer["nodes"]]
                names = [name for name in names if len(name) == 2]
                if not answer["nodes"]:
                    break
                found = [*found, *names] if end == "end" else [*names, *found]
                at = answer["pageInfo"][f"{end}Cursor"]
            assert found == expected, (direction, end)
    after = f'{{ customers(sort: {{customField: "{key}"}}, after: "{at}") {{ totalCount }} }}'
    assert (await client.error(after, as_=company.bob))["code"] == "INVALID_CURSOR"  # of the other direction
    await build_index(client, company.ada, field, indexed=False)


@pytest.mark.parametrize(
    ("sort", "path"),
    [
        ('{customField: "no"}', ["sort", "customField"]),
        ('{customField: "weight", field: NAME}', ["sort", "customField"]),
    ],
)
async def test_a_sort_that_means_nothing_is_refused(
    client: Client, company: Company, sort: str, path: list[str]
) -> None:
    await define_all(client, company, "CUSTOMER")
    error = await client.error(f"{{ customers(sort: {sort}) {{ totalCount }} }}", as_=company.ann)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)


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


async def test_a_cancelled_index_stops_between_steps_and_can_be_asked_for_again(
    client: Client, company: Company
) -> None:
    field = await define(client, company.ada, "CUSTOMER", "weight")
    await written(client, INDEX, {"id": field["id"], "indexed": True}, as_=company.ada)
    job = await Job.all().order_by("-id").get()
    await Job.filter(id=job.id).update(cancel_asked_at=now())
    await run_job(f"job_{job.id}")
    await job.refresh_from_db()
    assert (job.state, job.total) == ("CANCELLED", 2)
    built = f"customer_custom_{field['id'].split('_')[1]}"
    assert await pool().fetchval("SELECT to_regclass($1)", built) is None
    await written(client, INDEX, {"id": field["id"], "indexed": True}, as_=company.ada)
    await run_job(f"job_{(await Job.all().order_by('-id').first()).id}")  # type: ignore[union-attr]  # it is there
    assert await pool().fetchval("SELECT to_regclass($1)", built) is not None
    await build_index(client, company.ada, field, indexed=False)

"""Lists that a company manages itself: channels, tiers, reasons, tags and exchange rates."""

import asyncio
from typing import Any

import pytest

from domain.people import Role
from models import AuditEntry, User
from tests.api.conftest import Client
from tests.api.writing import ERRORS, everything, payload, refused, told, written
from tests.factories import make_team, make_user

FIELDS = {
    "channel": "id version code name",
    "tier": "id version code label labels { en zh } rank colour active",
    "reason": "id version kind code label position active",
    "tag": "id version code label position active",
    "exchangeRate": "id version currency date rate",
}
GIVEN: dict[str, dict[str, Any]] = {
    "channel": {"code": "web", "name": "Web"},
    "tier": {"code": "gold", "labels": {"en": "Gold", "zh": "金"}, "rank": 5, "colour": "#ffd700"},
    "reason": {"kind": "LOSS", "code": "price", "labels": {"en": "Price"}},
    "tag": {"code": "fair", "labels": {"zh": "展会"}, "position": 3},
    "exchangeRate": {"currency": "EUR", "date": "2026-01-01", "rate": "0.8600"},
}
CHANGED: dict[str, dict[str, Any]] = {
    "channel": {"name": "Shop"},
    "tier": {"active": False},
    "reason": {"position": 7},
    "tag": {"active": False},
    "exchangeRate": {"rate": "0.87"},
}
every_list = pytest.mark.parametrize("name", FIELDS)


def upsert(name: str) -> str:
    kind = name[0].upper() + name[1:]
    return (
        f"mutation($input: {kind}UpsertInput!) {{ {name}Upsert(input: $input)"
        f" {{ {name} {{ {FIELDS[name]} }} {ERRORS} }} }}"
    )


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.ADMIN)


@every_list
async def test_an_entry_is_made_and_then_changed_by_its_version(client: Client, ada: User, name: str) -> None:
    made = await written(client, upsert(name), GIVEN[name], as_=ada)
    assert made["version"] == 1
    change = GIVEN[name] | CHANGED[name]
    changed = await written(client, upsert(name), change | {"expectedVersion": 1}, as_=ada)
    assert changed == made | {"version": 2} | CHANGED[name]
    before = await everything()
    assert await written(client, upsert(name), change | {"expectedVersion": 2}, as_=ada) == changed
    assert await everything() == before


@every_list
async def test_what_is_done_is_audited(client: Client, ada: User, name: str) -> None:
    made = await written(client, upsert(name), GIVEN[name], as_=ada)
    await written(client, upsert(name), GIVEN[name] | CHANGED[name] | {"expectedVersion": 1}, as_=ada)
    entries = await AuditEntry.all().order_by("id").values("action", "actor_id", "subject_id")
    assert entries == [
        {"action": action, "actor_id": ada.id, "subject_id": made["id"]}
        for action in ("LIST_ENTRY_CREATED", "LIST_ENTRY_UPDATED")
    ]


@every_list
async def test_of_many_that_make_one_entry_at_once_one_does(client: Client, ada: User, name: str) -> None:
    answers = await asyncio.gather(*(payload(client, upsert(name), GIVEN[name], as_=ada) for _ in range(4)))
    assert len([answer for answer in answers if answer[name]]) == 1
    assert {error["code"] for answer in answers for error in answer["errors"]} == {"ALREADY_EXISTS"}
    assert await AuditEntry.all().count() == 1


@every_list
async def test_an_entry_that_is_to_be_changed_must_be_there(client: Client, ada: User, name: str) -> None:
    [error] = await refused(client, upsert(name), GIVEN[name] | {"expectedVersion": 1}, as_=ada)
    assert error["code"] == "NOT_FOUND"


@every_list
async def test_a_repeated_request_has_one_effect(client: Client, ada: User, name: str) -> None:
    given = GIVEN[name] | {"idempotencyKey": "k"}
    first = await written(client, upsert(name), given, as_=ada)
    assert await written(client, upsert(name), given, as_=ada) == first
    assert await AuditEntry.all().count() == 1


@every_list
async def test_lists_are_for_administrators_to_keep(client: Client, database: str, name: str) -> None:
    assert database
    everybody = await make_user(*(set(Role) - {Role.ADMIN}), team=await make_team())
    [error] = await refused(client, upsert(name), GIVEN[name], as_=everybody)
    assert (error["__typename"], error["path"]) == ("NotPermitted", [])


async def test_everything_that_is_wrong_is_told_at_once(client: Client, ada: User) -> None:
    given = {"code": " x", "labels": {"en": ""}, "rank": -1, "colour": "red"}
    assert told(await refused(client, upsert("tier"), given, as_=ada)) == [
        ("input.code", "surrounded_by_space"),
        ("input.labels.en", "blank"),
        ("input.rank", "out_of_range"),
        ("input.colour", "not_a_colour"),
    ]
    assert sorted(told(await refused(client, upsert("tier"), {"code": "x", "labels": {}}, as_=ada))) == [
        ("input.labels", "missing"),
        ("input.rank", "missing"),
    ]


@pytest.mark.parametrize(
    ("currency", "rate", "wrong"),
    [
        ("GBP", "1", ("input.currency", "own_currency")),
        ("XXX", "1", ("input.currency", "unknown_currency")),
        ("EUR", "0", ("input.rate", "zero")),
        ("EUR", "-1", ("input.rate", "negative")),
        ("EUR", "1000000001", ("input.rate", "too_large")),
    ],
)
async def test_a_rate_is_a_positive_number_of_another_currency(
    client: Client, ada: User, currency: str, rate: str, wrong: tuple[str, str]
) -> None:
    given = {"currency": currency, "date": "2026-01-01", "rate": rate}
    assert told(await refused(client, upsert("exchangeRate"), given, as_=ada)) == [wrong]


async def test_a_label_is_in_the_language_of_the_request_or_in_the_other(client: Client, ada: User) -> None:
    for name in ("tier", "reason", "tag"):
        await written(client, upsert(name), GIVEN[name], as_=ada)
    document = "{ tiers { nodes { label } } reasons { nodes { label } } tags { nodes { label } } }"

    async def labels(language: str) -> list[str]:
        data = await client.data(document, as_=ada, **{"accept-language": language})
        return [page["nodes"][0]["label"] for page in data.values()]

    assert await labels("en") == ["Gold", "Price", "展会"]
    assert await labels("zh-CN") == ["金", "Price", "展会"]

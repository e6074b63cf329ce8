"""Forms of web sites: leads of people who are not signed in, limited, and told nothing of who is known."""

from typing import Any

import httpx
import pytest

from domain.people import Role
from models import AuditEntry, Lead, LeadForm, OutboxEvent, User
from tests.api.conftest import Client
from tests.api.writing import ERRORS, payload, refused, told, written
from tests.factories import make_channel, make_customer, make_team, make_user

FORM = f"""mutation($input: LeadFormUpsertInput!) {{ leadFormUpsert(input: $input) {{
    leadForm {{ id version source {{ code }} tags origins perMinute keyHint }} {ERRORS} }} }}"""
KEY = f"""mutation($input: LeadFormKeyCreateInput!) {{ leadFormKeyCreate(input: $input) {{
    key leadForm {{ keyHint }} {ERRORS} }} }}"""
SITE = "https://www.acme.example"
OK = {"ok": True}


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.ADMIN)


@pytest.fixture
async def key(client: Client, ada: User) -> str:
    """The key of a form that takes very many."""
    source = await make_channel("web")
    given = {"code": "contact", "labels": {"en": "Contact"}, "sourceId": f"chn_{source.id}", "perMinute": 6000}
    form = await written(client, FORM, given | {"tags": ["site"], "origins": [SITE]}, as_=ada)
    answer = await payload(client, KEY, {"id": form["id"]}, as_=ada)
    assert answer["leadForm"] == {"keyHint": answer["key"][-4:]}
    return str(answer["key"])


async def send(client: Client, key: str, content: Any, **headers: str) -> httpx.Response:
    return await client.http.post(f"/forms/{key}", json=content, headers=headers)


async def test_a_form_makes_a_lead_once_however_it_is_encoded(client: Client, key: str) -> None:
    said = {
        "company": "Acme",
        "contactName": "Li",
        "phone": "+44 20 7946 0123",
        "interest": "Two\nlamps",
        "website": "",
    }
    for _ in range(2):
        response = await send(client, key, said)
        assert (response.status_code, response.json()) == (202, OK)
    encoded = await client.http.post(f"/forms/{key}", data={"email": "jo@b.example", "submissionId": "7"})
    changed = await client.http.post(f"/forms/{key}", data={"email": "other@b.example", "submissionId": "7"})
    assert (encoded.status_code, changed.status_code) == (202, 202)
    first, second = await Lead.all().order_by("id")
    assert (first.company, first.phone_key, first.tags, first.interest) == (
        "Acme",
        "+442079460123",
        ["site"],
        "Two\nlamps",
    )
    assert second.email == "jo@b.example"
    [event, _] = await OutboxEvent.all().order_by("id")
    assert (event.type, event.payload["by"]) == ("lead.created", None)


async def test_nobody_is_told_who_is_known_and_machines_think_that_all_is_well(client: Client, key: str) -> None:
    rep = await make_user(Role.REP, team=await make_team())
    await make_customer(owner=rep, email="li@acme.example")
    for said in ({"email": "li@acme.example"}, {"email": "new@acme.example"}, {"email": "x@y.example", "website": "z"}):
        response = await send(client, key, said)
        assert (response.status_code, response.json()) == (202, OK)
    assert {each.email: each.owner_id for each in await Lead.all()} == {
        "li@acme.example": rep.id,
        "new@acme.example": None,
    }


async def test_what_is_wrong_names_the_field_and_makes_nothing(client: Client, key: str) -> None:
    said = {"email": "li", "company": "a" * 201, "score": "9"}
    response = await send(client, key, said, **{"accept-language": "zh"})
    assert response.status_code == 422
    told_ = response.json()
    assert told_["code"] == "INVALID_INPUT"
    assert {name: each["problem"] for name, each in told_["fields"].items()} == {
        "email": "not_an_email",
        "company": "too_long",
        "score": "unknown",
    }
    assert (await send(client, key, {"interest": "tea"})).json()["fields"]["company"]["problem"] == "missing"
    assert (await send(client, key, {"company": 7})).status_code == 422
    assert (await send(client, key, {"company": "a\x00"})).status_code == 422
    for content, status in ((b"[]", 400), (b"{", 400), (b"x" * 70_000, 413)):
        sent = await client.http.post(f"/forms/{key}", content=content, headers={"content-type": "application/json"})
        assert sent.status_code == status
    assert (await send(client, "frm_" + "a" * 22, {"company": "A"})).status_code == 404
    assert await Lead.all().count() == 0


async def test_browsers_may_send_it_from_the_sites_that_it_names(client: Client, key: str) -> None:
    asked = {"access-control-request-method": "POST"}
    allowed = await client.http.options(f"/forms/{key}", headers={"origin": SITE, **asked})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, SITE)
    other = await client.http.options(f"/forms/{key}", headers={"origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in other.headers
    sent = await send(client, key, {"company": "A"}, origin=SITE)
    assert sent.headers["access-control-allow-origin"] == SITE


async def test_a_form_takes_so_many_and_then_says_when_to_come_again(client: Client, key: str) -> None:
    await LeadForm.all().update(per_minute=8)
    statuses = [(await send(client, key, {"company": f"A {number}"})) for number in range(4)]
    assert statuses[0].status_code == 202
    assert statuses[-1].status_code == 429
    assert int(statuses[-1].headers["retry-after"]) > 0
    await LeadForm.all().update(per_minute=6000, active=False)
    assert (await send(client, key, {"company": "B"})).status_code == 404


async def test_another_key_takes_the_place_of_the_first_and_what_is_wrong_with_forms_is_told(
    client: Client, ada: User, key: str
) -> None:
    form = await LeadForm.get()
    other = (await payload(client, KEY, {"id": f"lfm_{form.id}"}, as_=ada))["key"]
    assert (await send(client, key, {"company": "A"})).status_code == 404
    assert (await send(client, other, {"company": "A"})).status_code == 202
    wrong = {"code": "contact", "expectedVersion": 1, "perMinute": 0, "origins": ["acme.example"], "poolId": "lpo_9"}
    assert sorted(told(await refused(client, FORM, wrong, as_=ada))) == [
        ("input.origins.0", "not_an_origin"),
        ("input.perMinute", "out_of_range"),
        ("input.poolId", "NOT_FOUND"),
    ]
    assert other not in str([entry.facts for entry in await AuditEntry.all()])

"""Leads come in, are found to be known, wait in pools, and are masked until somebody has them."""

import asyncio
from typing import Any

import pytest

from app.settings import Settings
from domain.people import Role
from models import Customer, Lead, LeadAssignment, LeadPool, LeadPoolMember, OutboxEvent, Team, User
from services.clock import now
from tests.api.conftest import Client
from tests.api.test_record_imports_api import imported
from tests.api.writing import CUSTOMER_CREATE, ERRORS, everything, payload, refused, told, written
from tests.factories import make_channel, make_customer, make_region, make_team, make_user

LEAD = """lead { id version company contactName email phone interest expectedValue { amount currency } tags
    owner { id } team { id } pool { code } customer { id } duplicateOf { id } pooledAt headStartUntil
    assignments { move rule toOwner { id } actor { id } } }"""
CREATE = f"mutation($input: LeadCreateInput!) {{ leadCreate(input: $input) {{ id {LEAD} {ERRORS} }} }}"
UPDATE = f"mutation($input: LeadUpdateInput!) {{ leadUpdate(input: $input) {{ id {LEAD} {ERRORS} }} }}"
POOL = f"""mutation($input: LeadPoolUpsertInput!) {{ leadPoolUpsert(input: $input) {{
    leadPool {{ id version code entryFilter strategy headStartValue {{ amount }} holdLimit }} {ERRORS} }} }}"""
MEMBERS = f"""mutation($input: LeadPoolMembersSetInput!) {{ leadPoolMembersSet(input: $input) {{
    leadPool {{ version members {{ user {{ id }} team {{ id }} }} }} {ERRORS} }} }}"""
SEEN = """{ leads { totalCount nodes { company contactName email phone followUps { content } } } }"""


class People:
    """A rep and another one of teams below a manager's, one of a team of their own, an administrator."""

    rep: User
    mate: User
    stranger: User
    manager: User
    admin: User
    team: Team


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """Of a company whose phone numbers are British where they do not say so."""
    return settings.model_copy(update={"company_country": "GB"})


@pytest.fixture
async def people(database: str) -> People:  # noqa: ARG001  # emptied before
    made, top = People(), await make_team("Sales")
    made.team = await make_team("North", parent=top)
    made.rep = await make_user(Role.REP, team=made.team)
    made.mate = await make_user(Role.REP, team=await make_team("West", parent=top))
    made.stranger = await make_user(Role.REP, team=await make_team("South"))
    made.manager = await make_user(Role.MANAGER, team=top)
    made.admin = await make_user(Role.ADMIN)
    return made


async def make_pool(code: str = "all", *, user: User | None = None, team: Team | None = None, **rules: Any) -> LeadPool:
    values = {"strategy": "CLAIM", "on_breach": "RETURN_TO_POOL", "labels": {"en": code}, "entry_filter": {}}
    pool = await LeadPool.create(code=code, **(values | rules))
    if user or team:
        await LeadPoolMember.create(pool=pool, user=user, team=team)
    return pool


async def entered(client: Client, as_: User, **given: Any) -> dict[str, Any]:
    """The payload of a lead that was entered, without refusals."""
    answer = await payload(client, CREATE, given, as_=as_)
    assert answer["errors"] == []
    return answer


async def test_a_lead_goes_where_it_is_sent_or_into_the_first_pool_that_takes_it(
    client: Client, people: People
) -> None:
    region = await make_region("east")
    near = await make_region("shanghai", parent=region)
    await make_pool("later", rank=5)
    where = {"region": {"within": f"reg_{region.id}"}, "intent": {"eq": "HIGH"}}
    rules = {"head_start_minutes": 30, "head_start_value": "500.00"}
    await make_pool("east", rank=1, entry_filter=where, user=people.rep, **rules)
    await make_pool("closed", rank=0, active=False)
    given = {"company": "Acme Ltd", "regionId": f"reg_{near.id}", "intent": "HIGH", "expectedValue": "500"}
    made = (await entered(client, people.admin, contactName="Li", tags=["fair"], **given))["lead"]
    assert (made["pool"], made["owner"], made["assignments"]) == ({"code": "east"}, None, [])
    assert made["expectedValue"] == {"amount": "500.00", "currency": "GBP"}
    assert made["headStartUntil"] > made["pooledAt"]
    low = (await entered(client, people.admin, company="Low", expectedValue="499.99", intent="HIGH"))["lead"]
    assert (low["pool"], low["headStartUntil"]) == ({"code": "later"}, None)
    own = (await entered(client, people.rep, company="Own", ownerId=f"usr_{people.rep.id}"))["lead"]
    assert (own["owner"], own["pool"], own["team"]) == (
        {"id": f"usr_{people.rep.id}"},
        None,
        {"id": f"tem_{people.team.id}"},
    )
    assert [(each["move"], each["rule"]) for each in own["assignments"]] == [("ASSIGNED", None)]
    assert await told_why(client, people.rep, company="A", ownerId=f"usr_{people.mate.id}") == [
        ("input.ownerId", "NOT_PERMITTED")
    ]
    later = await LeadPool.get(code="later")
    named = (await entered(client, people.manager, company="Named", ownerId=f"usr_{people.mate.id}"))["lead"]
    assert named["owner"] == {"id": f"usr_{people.mate.id}"}
    await LeadPoolMember.create(pool=later, user=people.mate)
    sent = await entered(client, people.manager, company="Sent", poolId=f"lpo_{later.id}")
    assert sent["lead"]["pool"] == {"code": "later"}
    await LeadPool.all().update(active=False)
    assert (await entered(client, people.rep, company="Left"))["lead"]["owner"] == {"id": f"usr_{people.rep.id}"}
    kinds = [(each.seq, each.type) for each in await OutboxEvent.filter(aggregate_id=int(own["id"][4:])).order_by("id")]
    assert kinds == [(1, "lead.created"), (2, "lead.assigned")]


async def told_why(client: Client, as_: User, **given: Any) -> list[tuple[str, str]]:
    return sorted(told(await refused(client, CREATE, given, as_=as_)))


async def test_everything_that_is_wrong_with_a_lead_is_told_at_once(client: Client, people: People) -> None:
    given = {"email": "office", "taxId": " 7", "expectedValue": "1.234", "externalId": "7", "tags": ["a", "a"]}
    assert await told_why(client, people.rep, regionId="prd_1", company=" ", **given) == [
        ("input.company", "blank"),
        ("input.email", "not_an_email"),
        ("input.expectedValue", "too_many_decimals"),
        ("input.regionId", "NOT_FOUND"),
        ("input.sourceId", "channel_needed"),
        ("input.tags.1", "duplicate"),
        ("input.taxId", "surrounded_by_space"),
    ]
    assert await told_why(client, people.rep, interest="tea") == [("input.company", "missing")]
    pool = await make_pool(user=people.rep)
    assert await told_why(client, people.rep, company="A", poolId=f"lpo_{pool.id}") == [
        ("input.poolId", "NOT_PERMITTED")
    ]
    both = {"poolId": f"lpo_{pool.id}", "ownerId": f"usr_{people.mate.id}"}
    assert await told_why(client, people.admin, company="A", **both) == [("input.poolId", "not_together")]
    source = await make_channel("web")
    await entered(client, people.admin, company="A", sourceId=f"chn_{source.id}", externalId="1")
    again = {"company": "B", "sourceId": f"chn_{source.id}", "externalId": "1"}
    assert await told_why(client, people.admin, **again) == [("input.externalId", "ALREADY_EXISTS")]


@pytest.mark.parametrize(
    ("known", "given"),
    [
        ({"phone": "020 7946 0123"}, {"phone": "+44 (0)20 7946-0123"}),
        ({"email": "Li@Acme.example"}, {"email": "li@ACME.example"}),
        ({"tax_id": "GB 123-456"}, {"taxId": "gb123456"}),
        ({"name": "上海汉字（中国）有限公司"}, {"company": "上海汉字(中国) 股份有限公司"}),
        ({"name": "Straße & Söhne GmbH"}, {"company": "STRASSE SÖHNE Ltd."}),
    ],
)
async def test_whoever_is_somebodys_customer_already_goes_to_them_and_into_no_pool(
    client: Client, people: People, known: dict[str, Any], given: dict[str, Any]
) -> None:
    await make_pool(user=people.rep)
    customer = await make_customer(owner=people.stranger, **known)
    await make_customer(name="Other")
    answer = await entered(client, people.rep, contactName="Li", **given)
    assert answer["lead"] is None
    lead = await Lead.get(id=int(answer["id"][4:]))
    assert (lead.owner_id, lead.customer_id, lead.pool_id) == (people.stranger.id, customer.id, None)
    move = await LeadAssignment.get()
    assert (move.move, move.to_owner_id) == ("ROUTED", people.stranger.id)  # type: ignore[attr-defined]  # Tortoise adds it
    assert await payload(client, CREATE, {"contactName": "Jo", "phone": "0161 496 0000"}, as_=people.rep) != answer


async def test_the_same_person_twice_is_one_of_somebody_or_waits_once(client: Client, people: People) -> None:
    first = (await entered(client, people.rep, company="Acme", phone="020 7946 0123", ownerId=f"usr_{people.rep.id}"))[
        "lead"
    ]
    twin = (await entered(client, people.admin, contactName="Li", phone="+442079460123"))["lead"]
    assert (twin["owner"], twin["duplicateOf"]) == ({"id": f"usr_{people.rep.id}"}, {"id": first["id"]})
    await make_pool(user=people.mate)
    waits = (await entered(client, people.admin, email="jo@b.example"))["lead"]
    again = (await entered(client, people.admin, email="JO@b.example", company="B"))["lead"]
    assert waits["pool"] == {"code": "all"}
    assert (again["pool"], again["owner"], again["duplicateOf"]) == (None, None, {"id": waits["id"]})
    third = (await entered(client, people.admin, company="B Ltd", phone="0161 496 0000"))["lead"]
    assert third["duplicateOf"] == {"id": waits["id"]}
    change = {"id": third["id"], "expectedVersion": 1, "phone": "020 7946 0123"}
    found = await payload(client, UPDATE, change, as_=people.admin)
    assert (found["lead"]["owner"], found["lead"]["version"]) == ({"id": f"usr_{people.rep.id}"}, 2)


async def test_of_many_at_once_with_one_phone_one_waits_and_the_others_repeat_it(
    client: Client, people: People
) -> None:
    await make_pool(user=people.rep)
    given = [{"phone": "020 7946 0123", "company": f"Acme {number}"} for number in range(6)]
    answers = await asyncio.gather(*(entered(client, people.admin, **each) for each in given))
    first = [answer["lead"] for answer in answers if answer["lead"]["duplicateOf"] is None]
    assert len(first) == 1
    assert {answer["lead"]["pool"] and "pooled" for answer in answers if answer["lead"] is not first[0]} == {None}
    assert {each.duplicate_of_id for each in await Lead.all()} == {None, int(first[0]["id"][4:])}


async def test_who_waits_is_told_to_members_without_their_contact(client: Client, people: People) -> None:
    await make_pool(team=people.team)
    contact = {"contactName": "Li Wei", "email": "li@acme.example", "phone": "020 7946 0123", "interest": "tea"}
    await entered(client, people.admin, company="Acme", **contact)
    masked = {"company": "Acme", "contactName": None, "email": None, "phone": None, "followUps": []}
    for who in (people.rep, people.manager):
        seen = (await client.data(SEEN, as_=who))["leads"]
        assert seen == {"totalCount": 1, "nodes": [masked]}
        for text, found in (("li@acme.example", 0), ("Wei", 0), ("9460123", 0), ("acme", 1)):
            hits = await client.data(f'{{ search(text: "{text}") {{ field }} }}', as_=who)
            assert len(hits["search"]) == found, text
        for condition in ('email: {contains: "acme"}', 'contactName: {eq: "Li Wei"}', "phone: {isNull: false}"):
            assert (await client.data(f"{{ leads(filter: {{{condition}}}) {{ totalCount }} }}", as_=who))["leads"] == {
                "totalCount": 0
            }
    for who in (people.mate, people.stranger):
        assert (await client.data(SEEN, as_=who))["leads"]["totalCount"] == 0
    await Lead.all().update(owner=people.rep, team=people.team, assigned_at=now())
    for who in (people.rep, people.manager):
        [told_] = (await client.data(SEEN, as_=who))["leads"]["nodes"]
        assert (told_["contactName"], told_["phone"]) == ("Li Wei", "020 7946 0123")
    assert await told_why_update(client, people.stranger, 1) == [("input.id", "NOT_FOUND")]


async def told_why_update(client: Client, as_: User, number: int) -> list[tuple[str, str]]:
    change = {"id": f"lea_{number}", "expectedVersion": 1, "company": "B"}
    return told(await refused(client, UPDATE, change, as_=as_))


async def test_a_lead_is_changed_by_its_version_once(client: Client, people: People) -> None:
    made = (await entered(client, people.rep, company="Acme", ownerId=f"usr_{people.rep.id}"))["lead"]
    change = {"id": made["id"], "expectedVersion": 1, "contactName": "Li", "idempotencyKey": "k"}
    for _ in range(2):
        answer = await payload(client, UPDATE, change, as_=people.rep)
        assert (answer["lead"]["version"], answer["lead"]["contactName"], answer["errors"]) == (2, "Li", [])
    assert told(await refused(client, UPDATE, change | {"idempotencyKey": "l"}, as_=people.rep)) == [
        ("input.expectedVersion", "VERSION_CONFLICT")
    ]
    emptied = {"id": made["id"], "expectedVersion": 2, "contactName": None, "company": None}
    assert told(await refused(client, UPDATE, emptied, as_=people.rep)) == [("input.company", "missing")]
    before = await everything()
    await payload(client, UPDATE, {"id": made["id"], "expectedVersion": 2, "company": "Acme"}, as_=people.rep)
    assert await everything() == before


async def test_pools_are_kept_by_administrators(client: Client, people: People) -> None:
    given = {"code": "hot", "labels": {"zh": "热线索"}, "strategy": "CLAIM", "onBreach": "RETURN_TO_POOL"}
    rules = {"entryFilter": {"score": {"gte": 80}}, "holdLimit": 3, "headStartValue": "1000"}
    pool = await written(client, POOL, given | rules, as_=people.admin)
    assert (pool["entryFilter"], pool["holdLimit"]) == ({"score": {"gte": 80}}, 3)
    assert pool["headStartValue"] == {"amount": "1000.00"}
    wrong = {"holdLimit": 0, "followUpMinutes": -1, "headStartValue": "-1", "rank": -1}
    refusals = await refused(client, POOL, {"code": "hot", "expectedVersion": 1, **wrong}, as_=people.admin)
    assert sorted(told(refusals)) == [
        ("input.followUpMinutes", "out_of_range"),
        ("input.headStartValue", "negative"),
        ("input.holdLimit", "out_of_range"),
        ("input.rank", "out_of_range"),
    ]
    assert told(await refused(client, POOL, {"code": "new"}, as_=people.admin)) == [
        ("input.labels", "missing"),
        ("input.strategy", "missing"),
        ("input.onBreach", "missing"),
    ]
    deep = {"code": "hot", "expectedVersion": 1, "entryFilter": {"company": {"contains": "a" * 201}}}
    assert told(await refused(client, POOL, deep, as_=people.admin)) == [
        ("input.entryFilter.company.contains", "too_long")
    ]
    users = {"userIds": [f"usr_{people.rep.id}"], "teamIds": [f"tem_{people.team.id}"]}
    named = {"id": pool["id"], "expectedVersion": 1, **users}
    set_ = await written(client, MEMBERS, named, as_=people.admin)
    assert set_ == {
        "version": 2,
        "members": [
            {"user": {"id": users["userIds"][0]}, "team": None},
            {"user": None, "team": {"id": users["teamIds"][0]}},
        ],
    }
    unknown = {"id": pool["id"], "expectedVersion": 2, "userIds": ["usr_999"]}
    assert told(await refused(client, MEMBERS, unknown, as_=people.admin)) == [("input.userIds.0", "NOT_FOUND")]
    fewer = {"id": pool["id"], "expectedVersion": 2, "userIds": users["userIds"]}
    assert len((await written(client, MEMBERS, fewer, as_=people.admin))["members"]) == 1


async def test_a_customer_who_is_somebodys_already_is_left_to_them_and_their_lead_is_linked(
    client: Client, people: People
) -> None:
    mine = f"usr_{people.stranger.id}"
    lead = await entered(client, people.stranger, company="Acme", phone="020 7946 0123", ownerId=mine)
    given = {"name": "Another Acme", "phone": "+44 20 7946 0123"}
    answer = await payload(client, CUSTOMER_CREATE, given, as_=people.rep)
    assert answer == {"customer": None, "errors": []}
    customer = await Customer.get()
    assert (customer.owner_id, customer.team_id) == (people.stranger.id, people.stranger.team_id)  # type: ignore[attr-defined]  # Tortoise adds it
    linked = await Lead.get(id=int(lead["id"][4:]))
    assert (linked.customer_id, linked.version) == (customer.id, 2)
    again = await payload(client, CUSTOMER_CREATE, {"name": "ANOTHER ACME GmbH"}, as_=people.rep)
    assert again["customer"] is None
    other = await written(client, CUSTOMER_CREATE, {"name": "Somebody else"}, as_=people.rep)
    assert other["owner"] == {"id": f"usr_{people.rep.id}"}


async def test_leads_come_from_files_once_and_who_is_known_goes_to_whoever_has_them(
    client: Client, people: People
) -> None:
    await make_pool(user=people.rep)
    await make_region("east")
    source = await make_channel("fair")
    await make_customer(owner=people.stranger, name="Known Ltd")
    content = (
        "no,firm,who,mail,area,worth,how\n"
        "1,Acme,Li,li@acme.example,east,500,high\n"
        "2,Known GmbH,Jo,,,,\n"
        "3,,,,,,\n"
        "4,Far,,,west,,\n"
        "5,Odd,,odd,,1.234,\n"
        "6,Acme Inc,Wu,,,,\n"
    )
    columns = {"externalId": "no", "company": "firm", "contactName": "who", "email": "mail", "region": "area"}
    given = {"sourceId": f"chn_{source.id}", "columns": columns | {"expectedValue": "worth", "intent": "how"}}
    told_, reasons = await imported(client, "leadImport", content, given, as_=people.admin)
    assert told_ == "Rows read: 6; made: 3; changed: 0; not imported: 3."
    assert [line for line, _ in reasons] == [4, 5, 6]
    found = {each.external_id: each for each in await Lead.all()}
    assert {number: (each.owner_id, each.pool_id) for number, each in found.items()} == {
        "1": (None, 1),
        "2": (people.stranger.id, None),
        "6": (None, None),
    }
    assert found["6"].duplicate_of_id == found["1"].id
    again, _ = await imported(client, "leadImport", content, given, as_=people.admin)
    assert again == "Rows read: 6; made: 0; changed: 0; not imported: 3."

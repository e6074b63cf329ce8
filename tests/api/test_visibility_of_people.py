"""Which customers, jobs and colleagues somebody sees, and what of them is masked."""

import pytest

from domain.people import Role
from models import Job, User
from tests.api.conftest import Client
from tests.api.selling import Company, make_company, orders
from tests.factories import make_user, share_customer, share_order

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def company(database: str) -> Company:
    assert database
    return await make_company()


async def test_customers_follow_the_same_rules(client: Client, company: Company) -> None:
    document = "{ customers { totalCount nodes { name } } }"

    async def seen(user: User) -> list[str]:
        page = (await client.data(document, as_=user))["customers"]
        assert page["totalCount"] == len(page["nodes"])
        return [node["name"] for node in page["nodes"]]

    assert await seen(company.ann) == ["Ann's customer"]
    assert await seen(company.mia) == ["Ann's customer"]
    for role in (Role.SERVICE, Role.FINANCE, Role.ADMIN):
        assert await seen(await make_user(role)) == ["Ann's customer", "Bob's customer"]
    for role in (Role.REVIEWER, Role.FULFILMENT):
        assert await seen(await make_user(role)) == []
    await share_customer(company.bobs_customer, company.ann)
    assert await seen(company.ann) == ["Ann's customer", "Bob's customer"]


async def test_a_job_is_seen_by_who_started_it_and_by_administrators(client: Client, company: Company) -> None:
    await Job.create(kind="ORDER_IMPORT", started_by=company.ann, parameters={})
    await Job.create(kind="ORDER_IMPORT", parameters={})
    document = "{ jobs { totalCount nodes { startedBy { name } } } }"
    mine = (await client.data(document, as_=company.ann))["jobs"]
    assert mine == {"totalCount": 1, "nodes": [{"startedBy": {"name": "Ann"}}]}
    assert (await client.data(document, as_=company.bob))["jobs"]["totalCount"] == 0
    assert (await client.data(document, as_=company.ada))["jobs"]["totalCount"] == 2


async def test_email_and_phone_are_seen_by_the_person_and_by_administrators(client: Client, company: Company) -> None:
    await User.all().update(phone="+44 1")
    document = "{ users { nodes { name email phone } } viewer { email phone } }"
    ann = await client.data(document, as_=company.ann)
    masked = {node["name"]: (node["email"], node["phone"]) for node in ann["users"]["nodes"]}
    assert masked.pop("Ann") == (company.ann.email, "+44 1")
    assert set(masked.values()) == {(None, None)}
    assert ann["viewer"] == {"email": company.ann.email, "phone": "+44 1"}
    ada = await client.data(document, as_=company.ada)
    assert {node["email"] for node in ada["users"]["nodes"]} == {
        user.email for user in (company.ann, company.bob, company.mia, company.ada)
    }


async def test_a_masked_email_is_nothing_in_filters(client: Client, company: Company) -> None:
    async def found(as_: User, condition: str) -> list[str]:
        page = (await client.data(f"{{ users(filter: {condition}) {{ totalCount nodes {{ name }} }} }}", as_=as_))[
            "users"
        ]
        assert page["totalCount"] == len(page["nodes"])
        return [node["name"] for node in page["nodes"]]

    bobs = f'{{email: {{eq: "{company.bob.email}"}}}}'
    assert await found(company.ann, bobs) == []
    assert await found(company.bob, bobs) == ["Bob"]
    assert await found(company.ada, bobs) == ["Bob"]
    assert await found(company.ann, '{email: {startsWith: "user"}}') == ["Ann"]
    assert await found(company.ann, "{email: {isNull: true}}") == ["Ada", "Bob", "Mia"]
    assert await found(company.ann, f"{{not: {bobs}}}") == ["Ada", "Ann", "Bob", "Mia"]


async def test_a_masked_email_is_nothing_in_filters_on_related_rows(client: Client, company: Company) -> None:
    await share_order(company.bobs, company.ann)
    bobs = f'filter: {{owner: {{email: {{eq: "{company.bob.email}"}}}}}}'
    assert await orders(client, company.ann, bobs) == set()
    assert await orders(client, company.ada, bobs) == {company.bobs.id}
    nulls = "filter: {owner: {email: {isNull: true}}}"
    assert await orders(client, company.ann, nulls) == {company.bobs.id}
    assert await orders(client, company.ada, nulls) == set()


@pytest.mark.usefixtures("company")
async def test_colleagues_teams_and_products_are_seen_by_everybody(client: Client) -> None:
    document = "{ users { totalCount } teams { totalCount } products { totalCount } regions { totalCount } }"
    found = await client.data(document, as_=await make_user())
    assert found == {
        "users": {"totalCount": 5},
        "teams": {"totalCount": 3},
        "products": {"totalCount": 1},
        "regions": {"totalCount": 0},
    }


async def test_a_viewer_who_gets_another_role_sees_by_it_with_a_new_session(client: Client, company: Company) -> None:
    assert company.bobs.id not in await orders(client, company.ann)
    await User.filter(id=company.ann.id).update(roles=["REP", "FINANCE"])
    assert company.bobs.id in await orders(Client(client.http), company.ann)

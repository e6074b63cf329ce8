"""Rules of levels, proposals and the history of levels over the API; customers by what their orders say."""

from typing import Any

import pytest

from models import Customer, User
from services.rfm.measure import measure_stale
from services.rfm.scale import cut_scores, move_window
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.api.writing import ERRORS, payload, refused, told, written
from tests.factories import make_customer, make_order
from tests.integration.writes import COMPANY

RULE = f"""mutation($input: LevelRuleUpsertInput!) {{ levelRuleUpsert(input: $input) {{
    levelRule {{ id version code rank filter level confirm active }} {ERRORS} }} }}"""
PROPOSAL = "levelProposal { id state reason actor { name } customer { level levelChanges { toLevel reason } } }"
CONFIRM = (
    f"mutation($input: LevelProposalConfirmInput!) {{ levelProposalConfirm(input: $input) {{ {PROPOSAL} {ERRORS} }} }}"
)
DECLINE_MANY = f"""mutation($input: LevelProposalDeclineManyInput!) {{ levelProposalDeclineMany(input: $input) {{
    results {{ id {PROPOSAL} errors {{ code path }} }} {ERRORS} }} }}"""
OPEN = """{ levelProposals(filter: {state: {eq: OPEN}}) { totalCount nodes { id fromLevel toLevel frequency
    monetary { amount currency } customer { name } rule { code } } } }"""
FIGURES = """query($filter: CustomerFilter, $sort: CustomerSort) { customers(filter: $filter, sort: $sort) { nodes {
    name frequency monetary { amount currency } recencyScore frequencyScore monetaryScore } } }"""


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    return await make_company()


async def customer_of(owner: User, name: str, *totals: str) -> Customer:
    customer = await make_customer(owner=owner, name=name, industry="tea")
    for total in totals:
        money = {"net_total": total, "tax_total": "0.00", "total": total, "base_total": total}
        await make_order("COMPLETED", customer=customer, **money)  # type: ignore[arg-type]  # its text
    return customer


async def measured() -> None:
    await move_window(COMPANY, days=3650)
    while await measure_stale(COMPANY) or await cut_scores(COMPANY):
        pass


async def names(client: Client, as_: User, where: dict[str, Any] | None = None, **sort: Any) -> list[str]:
    arguments = {"filter": {"industry": {"eq": "tea"}, **(where or {})}, **sort}
    found = await client.data(FIGURES, arguments, as_=as_)
    return [node["name"] for node in found["customers"]["nodes"]]


async def test_customers_are_read_filtered_and_sorted_by_their_figures(client: Client, company: Company) -> None:
    await customer_of(company.ann, "Often", "10.00", "20.50")
    await customer_of(company.ann, "Large", "99.00")
    await customer_of(company.bob, "Of Bob", "1000.00")
    await customer_of(company.ann, "Never")
    await measured()
    [often] = (await client.data(FIGURES, {"filter": {"frequency": {"gte": 2}}}, as_=company.ann))["customers"]["nodes"]
    assert often["monetary"] == {"amount": "30.50", "currency": "GBP"}
    assert (often["recencyScore"], often["frequencyScore"], often["monetaryScore"]) == (1, 4, 1)
    by_value = {"sort": {"field": "MONETARY"}}
    assert await names(client, company.ann, **by_value) == ["Large", "Often", "Never"]
    assert await names(client, company.ada, **by_value) == ["Of Bob", "Large", "Often", "Never"]
    oldest = {"sort": {"field": "LAST_ORDER_AT", "direction": "ASC"}}
    assert (await names(client, company.ann, **oldest))[-1] == "Never"
    assert await names(client, company.ann, where={"recencyDays": {"isNull": True}}) == ["Never"]
    assert await names(client, company.ann, where={"monetaryScore": {"in": [2, 3]}}) == ["Large"]


async def test_a_rule_proposes_people_decide_and_others_see_and_do_what_they_may(
    client: Client, company: Company
) -> None:
    await customer_of(company.ann, "Often", "10.00", "20.50")
    await customer_of(company.bob, "Of Bob", "5.00", "6.00")
    given = {"code": "often", "filter": {"frequency": {"gte": 2}}, "level": "VIP"}
    made = await written(client, RULE, given, as_=company.ada)
    assert (made["version"], made["filter"], made["confirm"]) == (1, given["filter"], "BY_PERSON")
    moved = await written(client, RULE, {"code": "often", "rank": 2, "expectedVersion": 1}, as_=company.ada)
    assert (moved["version"], moved["rank"], moved["filter"]) == (2, 2, given["filter"])
    assert told(await refused(client, RULE, given | {"code": "x"}, as_=company.mia)) == [("", "NOT_PERMITTED")]
    empty = given | {"code": "x", "filter": {"frequency": {}}}
    assert told(await refused(client, RULE, empty, as_=company.ada)) == [("input.filter.frequency", "empty_comparison")]
    await measured()
    [ann], [bob] = [(await client.data(OPEN, as_=who))["levelProposals"]["nodes"] for who in (company.ann, company.bob)]
    assert {name: ann[name] for name in ("fromLevel", "toLevel", "frequency")} == {
        "fromLevel": "REGULAR",
        "toLevel": "VIP",
        "frequency": 2,
    }
    assert (ann["monetary"]["amount"], ann["customer"]["name"], ann["rule"]["code"]) == ("30.50", "Often", "often")
    assert (await client.data(OPEN, as_=company.ada))["levelProposals"]["totalCount"] == 2
    assert told(await refused(client, CONFIRM, {"id": ann["id"]}, as_=company.ann)) == [("input.id", "NOT_PERMITTED")]
    confirm = {"id": ann["id"], "reason": "Sure", "idempotencyKey": "once"}
    for _ in range(2):
        answer = await written(client, CONFIRM, confirm, as_=company.ada)
        assert (answer["state"], answer["actor"]["name"]) == ("CONFIRMED", company.ada.name)
        assert answer["customer"] == {"level": "VIP", "levelChanges": [{"toLevel": "VIP", "reason": "Sure"}]}
    again = await refused(client, CONFIRM, {"id": ann["id"]}, as_=company.ada)
    assert told(again) == [("input.id", "not_in_state")]
    items = [{"id": ann["id"]}, {"id": bob["id"]}, {"id": "lvp_77"}]
    many = await payload(client, DECLINE_MANY, {"items": items}, as_=company.ada)
    codes = [[(error["code"], error["path"]) for error in each["errors"]] for each in many["results"]]
    assert codes == [
        [("INVALID_INPUT", ["input", "items", "0", "id"])],
        [],
        [("NOT_FOUND", ["input", "items", "2", "id"])],
    ]
    assert many["results"][1]["levelProposal"]["state"] == "DECLINED"


async def test_active_rules_together_may_only_ask_so_much(client: Client, company: Company) -> None:
    some = {"and": [{"or": [{"frequency": {"gte": number}} for number in range(24)]} for _ in range(2)]}
    for code in ("a", "b", "c", "d"):
        await written(client, RULE, {"code": code, "filter": some, "level": "VIP"}, as_=company.ada)
    one_too_many = {"code": "e", "filter": {"and": [{"level": {"eq": "VIP"}}] * 9}, "level": "VIP"}
    assert told(await refused(client, RULE, one_too_many, as_=company.ada)) == [
        ("input.filter.and.8.level.eq", "too_many")
    ]
    await written(client, RULE, {"code": "a", "active": False, "expectedVersion": 1}, as_=company.ada)
    await written(client, RULE, one_too_many, as_=company.ada)


async def test_rules_of_tiers_may_not_look_at_what_changes_without_a_write(client: Client, company: Company) -> None:
    document = f"""mutation($input: TierRulesUpsertInput!) {{ tierRulesUpsert(input: $input) {{
        tierRuleSet {{ id }} {ERRORS} }} }}"""
    rule = {"name": "often", "tierId": "tie_1", "priority": 1, "responseMinutes": 5}
    for name, compared in (("frequency", {"gte": 2}), ("recencyDays", {"lt": 9}), ("monetaryScore", {"eq": 5})):
        given = {"rules": [rule | {"filter": {"customer": {name: compared}}}]}
        path = f"input.rules.0.filter.customer.{name}"
        assert (path, "not_in_rules") in told(await refused(client, document, given, as_=company.ada))

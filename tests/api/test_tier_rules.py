"""Tier rules through the API: drafts, what is refused, what they would change, and why an order has its tier."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from domain.customers import CustomerLevel
from domain.orders.life_cycle import OrderStatus
from models import Order, Tier, TierRule, User
from services.clock import now
from services.tiers.reclassify import reclassify_orders
from tests.api.conftest import Client
from tests.api.selling import Company, make_company
from tests.api.writing import ERRORS, everything, refused, told, written
from tests.factories import PLACED_AT, make_channel, make_order, make_product

RULE_SET = """tierRuleSet { id version state number restoredFrom job { kind startedBy { name } } editedBy { name }
    rules { rank name priority responseMinutes filter tier { code } } }"""
UPSERT = f"mutation($input: TierRulesUpsertInput!) {{ tierRulesUpsert(input: $input) {{ {RULE_SET} {ERRORS} }} }}"
PUBLISH = f"mutation($input: TierRulesPublishInput!) {{ tierRulesPublish(input: $input) {{ {RULE_SET} {ERRORS} }} }}"
BACK = f"mutation($input: TierRulesRollBackInput!) {{ tierRulesRollBack(input: $input) {{ {RULE_SET} {ERRORS} }} }}"
PREVIEW = """query($rules: ID, $from: DateTime, $before: DateTime) {
    previewTierRules(rules: $rules, placedFrom: $from, placedBefore: $before) { tierRuleSet { state number } count
        moves { fromTier { code } toTier { code } count amount { amount currency } examples { number } } } }"""
OVERRIDDEN = """order { tier { code } priority tierRule { name }
    tierOverride { tier { code } priority reason expiresAt endedAt actor { name } }
    tierOverrides { reason endedBy { name } order { number } } }"""
GIVE = f"mutation($input: OrderTierOverrideInput!) {{ orderTierOverride(input: $input) {{ {OVERRIDDEN} {ERRORS} }} }}"
END = f"""mutation($input: OrderTierOverrideEndInput!) {{
    orderTierOverrideEnd(input: $input) {{ {OVERRIDDEN} {ERRORS} }} }}"""
EXPLAIN = """query($id: ID!) { explainTier(orderId: $id) { order { number tier { code } } tierRuleSet { number }
    rule { name } override { reason } outdated verdicts { rule { name } met conditions { path expected met } } } }"""
BIG = {"or": [{"baseTotal": {"gte": "500"}}, {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}]}
SMALL = {"baseTotal": {"lt": "200"}}


@pytest.fixture
async def company(database: str) -> Company:  # noqa: ARG001  # emptied before
    for rank, code in enumerate(("gold", "silver", "bronze")):
        await Tier.create(code=code, labels={"en": code}, rank=rank, active=code != "bronze")
    return await make_company()


async def rule(tier: str, raw: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A rule as clients send it, named after the tier that it gives."""
    given = {"name": tier, "tierId": f"tie_{(await Tier.get(code=tier)).id}", "priority": 2, "responseMinutes": 60}
    return {**given, "filter": dict(raw), **changes}


async def draft(client: Client, ada: User, *rules: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    return await written(client, UPSERT, {"rules": list(rules), **given}, as_=ada)


async def publish(client: Client, ada: User, *rules: Mapping[str, Any]) -> dict[str, Any]:
    """Rules in force, and open orders classified by them."""
    kept = await draft(client, ada, *rules)
    found = await written(client, PUBLISH, {"id": kept["id"], "expectedVersion": kept["version"]}, as_=ada)
    await reclassify_orders(progress=_unwatched)
    return found


async def _unwatched(**_: Any) -> None:
    """Nobody watches."""


async def test_a_draft_is_written_published_and_brought_back(client: Client, company: Company) -> None:
    rules = [await rule("gold", BIG, name="Big", priority=1), await rule("silver", {}, responseMinutes=2_880)]
    kept = await draft(client, company.ada, *rules)
    assert (kept["version"], kept["state"], kept["editedBy"]) == (1, "DRAFT", {"name": "Ada"})
    assert [kept[name] for name in ("number", "restoredFrom", "job")] == [None] * 3
    shown = kept["rules"]
    assert [each.pop("rank") for each in shown] == [1, 2]
    assert [each.pop("tier") for each in shown] == [{"code": "gold"}, {"code": "silver"}]
    assert [each | {"tierId": given["tierId"]} for each, given in zip(shown, rules, strict=True)] == rules
    assert (await draft(client, company.ada, rules[0], expectedVersion=1))["version"] == 2
    listed = "{ tierRuleSets { nodes { state } } }"
    assert (await client.data(listed, as_=company.ann))["tierRuleSets"]["nodes"] == []
    first = await written(client, PUBLISH, {"id": kept["id"], "expectedVersion": 2}, as_=company.ada)
    assert (first["state"], first["number"]) == ("PUBLISHED", 1)
    assert first["job"] == {"kind": "TIER_RULES", "startedBy": {"name": "Ada"}}
    await publish(client, company.ada)
    back = await written(client, BACK, {"id": first["id"]}, as_=company.ada)
    assert (back["number"], back["restoredFrom"], back["rules"]) == (3, 1, first["rules"])
    states = (await client.data(listed, as_=company.ann))["tierRuleSets"]["nodes"]
    assert [each["state"] for each in states] == ["PUBLISHED", "RETIRED", "RETIRED"]


async def test_what_a_draft_may_not_say_is_told_by_its_path(client: Client, company: Company) -> None:
    async def told_of(*rules: Mapping[str, Any], as_: User = company.ada, **given: Any) -> list[tuple[str, str]]:
        return told(await refused(client, UPSERT, {"rules": list(rules), **given}, as_=as_))

    good = await rule("gold", {})
    assert await told_of(good, as_=company.mia) == [("", "NOT_PERMITTED")]
    assert await told_of(good, expectedVersion=1) == [("input.expectedVersion", "NOT_FOUND")]
    assert await told_of(*[good] * 51) == [("input.rules", "too_many")]
    wrong = await rule("gold", {"tier": {}}, name=" ", priority=0, responseMinutes=0, tierId="ord_1")
    assert await told_of(good, wrong) == [
        *(("input.rules.1.name", "blank"), ("input.rules.1.priority", "out_of_range")),
        *(("input.rules.1.responseMinutes", "out_of_range"), ("input.rules.1.filter.tier", "not_in_rules")),
        ("input.rules.1.tierId", "NOT_FOUND"),
    ]
    assert await told_of(await rule("bronze", {})) == [("input.rules.0.tierId", "tier_inactive")]
    empty = await rule("gold", {"not": {"customer": {"region": {"within": "chn_1"}}}})
    assert await told_of(empty) == [("input.rules.0.filter.not.customer.region.within", "not_an_id")]
    many = {"or": [{"frequency": {"days": days, "gte": 1}} for days in range(1, 12)]}
    path = "input.rules.1.filter.or.10.frequency.days"
    assert await told_of(good, await rule("gold", many)) == [(path, "too_many")]
    await draft(client, company.ada, good)
    assert await told_of(good) == [("input", "ALREADY_EXISTS")]


async def test_rules_come_into_force_as_they_are_and_with_tiers_that_are_given(
    client: Client, company: Company
) -> None:
    kept = await draft(client, company.ada, await rule("silver", {}))
    given = {"id": kept["id"], "expectedVersion": 1}

    async def told_of(document: str, given: Mapping[str, Any], as_: User = company.ada) -> list[tuple[str, str]]:
        return told(await refused(client, document, given, as_=as_))

    assert await told_of(PUBLISH, given, company.ann) == [("input.id", "NOT_FOUND")]
    assert await told_of(PUBLISH, given | {"expectedVersion": 2}) == [("input.expectedVersion", "VERSION_CONFLICT")]
    assert await told_of(BACK, {"id": kept["id"]}) == [("input.id", "not_in_state")]
    await Tier.filter(code="silver").update(active=False)
    assert await told_of(PUBLISH, given) == [("input.id", "tier_inactive")]
    await Tier.filter(code="silver").update(active=True)
    await written(client, PUBLISH, given, as_=company.ada)
    assert await told_of(PUBLISH, given) == [("input.expectedVersion", "VERSION_CONFLICT")]
    assert await told_of(PUBLISH, given | {"expectedVersion": 2}) == [("input.id", "not_in_state")]
    assert await told_of(BACK, {"id": kept["id"]}, company.ann) == [("input.id", "NOT_PERMITTED")]
    await publish(client, company.ada, await rule("gold", {}))
    heavy = await TierRule.get(rule_set_id=int(kept["id"].removeprefix("trs_")))
    many = [{"frequency": {"days": days, "gte": 1}} for days in range(1, 12)]
    await TierRule.filter(id=heavy.id).update(condition={"or": many})  # of before there was a limit
    assert await told_of(BACK, {"id": kept["id"]}) == [("input.id", "too_many")]
    await Tier.filter(code="silver").update(active=False)
    assert await told_of(BACK, {"id": kept["id"]}) == [("input.id", "tier_inactive")]


def moves_of(preview: Mapping[str, Any]) -> list[tuple[str | None, str | None, int, str]]:
    """From, to, how many, how much."""
    return [
        (_code(move["fromTier"]), _code(move["toTier"]), move["count"], move["amount"]["amount"])
        for move in preview["moves"]
    ]


def _code(tier: Mapping[str, str] | None) -> str | None:
    return tier["code"] if tier else None


async def test_a_preview_tells_where_orders_would_come_and_changes_nothing(client: Client, company: Company) -> None:
    async def preview(**variables: Any) -> Any:
        return (await client.data(PREVIEW, variables, as_=company.ada))["previewTierRules"]

    assert await preview() is None
    first = await publish(client, company.ada, await rule("silver", SMALL))
    over = await make_order(OrderStatus.COMPLETED, lines=[(await make_product(price="9.00"), "1")])
    await draft(client, company.ada, await rule("gold", BIG), await rule("silver", {"baseTotal": {"lt": "1"}}))
    before = await everything()
    found = await preview()
    assert await everything() == before
    assert (found["tierRuleSet"], found["count"]) == ({"state": "DRAFT", "number": None}, 4)
    # Ann's lies in between; Bob's customer has two, and one is large.
    assert moves_of(found) == [("silver", None, 1, "120.00"), (None, "gold", 3, "1680.00")]
    numbers = [company.unowned.number, company.crossed.number, company.bobs.number]
    assert [each["number"] for each in found["moves"][1]["examples"]] == numbers
    again = await preview(rules=first["id"])
    assert moves_of(again) == [("silver", "silver", 1, "120.00"), (None, None, 3, "1680.00")]
    period = await preview(rules=first["id"], **{"from": PLACED_AT.isoformat()})
    assert moves_of(period) == [*moves_of(again)[:1], (None, "silver", 1, str(over.base_total)), *moves_of(again)[1:]]
    assert (await preview(before=PLACED_AT.isoformat()))["count"] == 0
    assert await preview(rules="trs_999") is None
    assert (await client.data(PREVIEW, as_=company.mia))["previewTierRules"] is None


async def test_a_preview_of_too_many_orders_is_refused(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reads.tiers.MOST_PREVIEWED", 3)
    await draft(client, company.ada)
    error = await client.error(PREVIEW, as_=company.ada)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["placedFrom"])


async def explained(client: Client, order: Order, as_: User) -> Any:
    return (await client.data(EXPLAIN, {"id": f"ord_{order.id}"}, as_=as_))["explainTier"]


def lacked(verdict: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    """The comparisons that are not met, or may not be known: path and what is there instead of true."""
    return [(".".join(each["path"]), each["met"]) for each in verdict["conditions"] if not each["met"]]


async def test_an_explanation_tells_what_decided_and_what_was_lacking_above(client: Client, company: Company) -> None:
    web = await make_channel("web")
    await Order.filter(id=company.anns.id).update(channel_id=web.id)
    await Order.all().update(status=OrderStatus.PENDING_REVIEW)  # drafts would not count
    none = await explained(client, company.anns, company.ann)
    assert (none["tierRuleSet"], none["rule"], none["verdicts"]) == (None, None, [])
    silver = {"not": {"channel": {"id": {"eq": f"chn_{web.id}"}}}, "baseTotal": {"gte": "1", "lt": "10000"}}
    often = {"frequency": {"days": 9, "gte": 2}}
    await publish(
        client,
        company.ada,
        await rule("gold", {"and": [BIG, often]}, name="first"),
        await rule("silver", silver, name="second"),
        await rule("gold", {"or": []}, name="third"),
    )
    found = await explained(client, company.anns, company.ada)
    assert (found["order"]["tier"], found["rule"], found["outdated"]) == (None, None, False)
    assert [each["rule"]["name"] for each in found["verdicts"]] == ["first", "second", "third"]
    assert lacked(found["verdicts"][0]) == [
        ("and.0.or.0.baseTotal.gte", False),
        ("and.0.or.1.customer.level.eq", False),
        ("and.1.frequency.gte", False),
    ]
    assert found["verdicts"][0]["conditions"][0]["expected"] == "500"
    assert lacked(found["verdicts"][1]) == [("not.channel.id.eq", False)]
    assert lacked(found["verdicts"][2]) == [("or", False)]
    # Of Ann's order for Bob's customer she may know what the order says, and no more.
    theirs = await explained(client, company.crossed, company.ann)
    assert (theirs["order"]["tier"], theirs["rule"]) == ({"code": "gold"}, {"name": "first"})
    assert lacked(theirs["verdicts"][0]) == [
        ("and.0.or.0.baseTotal.gte", False),
        ("and.0.or.1.customer.level.eq", None),
        ("and.1.frequency.gte", None),
    ]
    assert [each["met"] for each in theirs["verdicts"]] == [None]
    assert (theirs["outdated"], (await explained(client, company.crossed, company.ada))["outdated"]) == (None, False)
    assert await explained(client, company.crossed, company.bob) is None
    await company.bobs_customer.filter(id=company.bobs_customer.id).update(level=CustomerLevel.VIP)
    await Order.filter(customer_id=company.bobs_customer.id).update(customer_level=CustomerLevel.VIP)
    late = await explained(client, company.bobs, company.ada)
    assert (late["outdated"], late["rule"], late["verdicts"][0]["met"]) == (True, {"name": "first"}, False)


async def test_a_manager_overrides_a_tier_and_whoever_sees_the_order_sees_why(client: Client, company: Company) -> None:
    await publish(client, company.ada, await rule("silver", {}))
    gold, order, until = await Tier.get(code="gold"), f"ord_{company.anns.id}", now() + timedelta(days=1)
    given = {
        "id": order,
        "tierId": f"tie_{gold.id}",
        "reason": "A promise",
        "expiresAt": until.isoformat(timespec="milliseconds"),
    }
    found = await written(client, GIVE, given | {"idempotencyKey": "once"}, as_=company.mia)
    assert await written(client, GIVE, given | {"idempotencyKey": "once"}, as_=company.mia) == found
    assert (found["tier"], found["priority"], found["tierRule"]) == ({"code": "gold"}, 2, None)
    assert found["tierOverride"].pop("expiresAt").startswith(f"{until:%Y-%m-%dT%H:%M:%S}")
    why = {"reason": "A promise"}
    shown = {"tier": {"code": "gold"}, "priority": None, "endedAt": None, "actor": {"name": "Mia"}}
    assert found["tierOverride"] == why | shown
    assert found["tierOverrides"] == [{**why, "endedBy": None, "order": {"number": company.anns.number}}]
    told_why = await explained(client, company.anns, company.ann)
    assert (told_why["override"], told_why["rule"], told_why["outdated"]) == (why, None, False)
    assert (await explained(client, company.crossed, company.ann))["override"] is None
    await draft(client, company.ada)
    preview = (await client.data(PREVIEW, as_=company.ada))["previewTierRules"]
    assert moves_of(preview)[0] == ("gold", "gold", 1, "120.00")
    assert told(await refused(client, GIVE, given, as_=company.ann)) == [("input.id", "NOT_PERMITTED")]
    assert told(await refused(client, END, {"id": order}, as_=company.bob)) == [("input.id", "NOT_FOUND")]
    wrong = given | {"priority": 0, "reason": "", "expiresAt": "2020-01-01T00:00:00Z", "tierId": "tie_999"}
    assert [path for path, _ in told(await refused(client, GIVE, wrong, as_=company.mia))] == [
        *("input.priority", "input.reason", "input.expiresAt", "input.tierId"),
    ]
    back = await written(client, END, {"id": order}, as_=company.mia)
    assert (back["tier"], back["tierRule"], back["tierOverride"]) == ({"code": "silver"}, {"name": "silver"}, None)
    assert back["tierOverrides"][0]["endedBy"] == {"name": "Mia"}

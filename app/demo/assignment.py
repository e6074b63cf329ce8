"""What people of the demo company are good at, and how rules give the orders that would be nobody's to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.demo.lines import Item
from app.demo.organisation import Organisation
from app.demo.rows import Rows
from domain.assignment import AssignmentStrategy, Candidate, Decision, decide
from domain.orders.life_cycle import OVER

TEAM = "London"
SHOP = "web-shop"
SKILLS: dict[str, dict[str, tuple[str, ...]]] = {
    "rep1": {"region": ("uk-england",), "category": ("Electronics",)},
    "rep2": {"category": ("Furniture", "Lighting", "Kitchen"), "industry": ("Hospitality",)},
    "rep3": {"industry": ("Manufacturing", "Retail")},
    "rep4": {"category": ("Stationery", "Electronics"), "industry": ("Education",)},
}
RULES = (("experts", AssignmentStrategy.EXPERTISE, 12), (SHOP, AssignmentStrategy.LEAST_LOADED, None))
"""Each with how many orders that are not over somebody may have; in this order."""


@dataclass(frozen=True)
class Asked:
    """A rule that was asked, whom it considered, and what came of it."""

    rule: dict[str, Any]
    candidates: list[Candidate]
    decision: Decision


def add_skills(rows: Rows, organisation: Organisation) -> None:
    """What some are good at."""
    nothing = {"region_id": None, "industry": None, "category": None}
    for account, skills in SKILLS.items():
        for kind, names in skills.items():
            for name in names:
                skill = {"region_id": organisation.regions[name]} if kind == "region" else {kind: name}
                rows.add("user_skill", user_id=organisation.people[account], **nothing | skill)


def add_rules(rows: Rows, organisation: Organisation, *, made_at: datetime) -> None:
    """Of orders in the web shop: to who is good at them and has few, then to who has fewest."""
    for rank, (code, strategy, most_open) in enumerate(RULES, start=1):
        rows.add(
            "assignment_rule",
            version=1,
            code=code,
            rank=rank,
            channel_id=organisation.channels[SHOP],
            region_id=None,
            team_id=organisation.teams[TEAM],
            strategy=strategy,
            most_open=most_open,
            active=True,
            created_at=made_at,
        )


def ask_rules(rows: Rows, organisation: Organisation, items: Iterable[Item], *, at: datetime) -> list[Asked]:
    """The rules that are asked whose a walk-in's order is, up to the one that knows; orders of `rows` came before."""
    categories = {item.product["category"] for item in items if item.product}
    asked: list[Asked] = []
    for rule in rows.of("assignment_rule"):
        people = [_candidate(rows, user_id, categories, at) for user_id in organisation.reps[TEAM]]
        decision = decide(rule["strategy"], people, most_open=rule["most_open"], last=None)
        asked.append(Asked(rule, people, decision))
        if decision.chosen is not None:
            break
    return asked


def _candidate(rows: Rows, user_id: int, categories: set[str], at: datetime) -> Candidate:
    theirs = (order for order in rows.of("sales_order") if order["owner_id"] == user_id)
    skills = [skill for skill in rows.of("user_skill") if skill["user_id"] == user_id]
    return Candidate(
        id=user_id,
        open=sum(order["status"] not in OVER or order["updated_at"] > at for order in theirs),
        matches=sum(skill["region_id"] is not None or skill["category"] in categories for skill in skills),
    )


def record_rules(rows: Rows, order_id: int, asked: Iterable[Asked], *, at: datetime) -> None:
    """What each rule made of whom, and that the last one gave the order to its owner."""
    for each in asked:
        people = each.candidates
        rows.add(
            "assignment_decision",
            order_id=order_id,
            rule_id=each.rule["id"],
            strategy=each.rule["strategy"],
            chosen_id=each.decision.chosen,
            at=at,
            candidates=[person.id for person in people],
            open=[person.open for person in people],
            matches=[person.matches for person in people],
            standings=each.decision.standings,
        )
        if each.decision.chosen is not None:
            given = {"to_owner_id": each.decision.chosen, "to_team_id": each.rule["team_id"]}
            rows.add("order_owner_change", order_id=order_id, **given, reason=each.rule["code"], at=at)

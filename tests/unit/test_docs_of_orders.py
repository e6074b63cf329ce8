"""docs/orders.md draws the life of an order as the table of steps has it."""

from pathlib import Path

from domain.orders.transitions import ENDS, STARTS, STEPS, Transition
from domain.people import Role
from domain.permissions import Action, may_with
from rows.viewer import Viewer
from schema.inputs.order_steps import named

PAGE = Path(__file__).parents[2] / "docs" / "orders.md"
ME, MY_TEAM, ELSE = 1, 10, 99


def drawing() -> str:
    """The life as mermaid draws it."""
    lines = [f"    [*] --> {start}" for start in sorted(STARTS)]
    for transition, step in STEPS.items():
        lines += [f"    {status} --> {step.to}: {transition.lower().replace('_', ' ')}" for status in sorted(step.by)]
    lines += [f"    {end} --> [*]" for end in sorted(ENDS)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def table() -> str:
    """A row for each step and those whose it is."""
    rows = []
    for transition, step in STEPS.items():
        for action in dict.fromkeys(step.by.values()):
            places = ", ".join(f"`{status}`" for status in sorted(step.by) if step.by[status] is action)
            kinds = " (" + ", ".join(sorted(step.types)) + ")" if step.types else ""
            cells = (
                f"{transition.lower().replace('_', ' ')}{kinds}",
                f"`order{named(Transition(transition))}`",
                places,
                f"`{step.to}`",
                who(action),
                "needed" if step.reason else "",
            )
            rows.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
    return "\n".join(["| step | mutation | from | to | who | reason |", "|---|---|---|---|---|---|", *rows])


def who(action: Action) -> str:
    """The roles that may, and on which orders."""
    told = []
    for role in (role for role in Role if role is not Role.ADMIN):
        viewer = Viewer(user_id=ME, roles=frozenset({role}), team_id=MY_TEAM, team_ids=(MY_TEAM,))
        if may_with(viewer, action, owner_id=ELSE, team_id=ELSE):
            told.append(f"`{role}`")
        elif may_with(viewer, action, owner_id=ELSE, team_id=MY_TEAM):
            told.append(f"`{role}` on the team's")
        elif may_with(viewer, action, owner_id=ME, team_id=ELSE):
            told.append(f"`{role}` on own ones")
    return ", ".join(told)


def test_the_life_is_drawn_as_it_is() -> None:
    assert drawing() in PAGE.read_text("utf-8"), f"paste this into {PAGE.name}:\n{drawing()}"


def test_the_steps_are_told_with_those_whose_they_are() -> None:
    assert table() in PAGE.read_text("utf-8"), f"paste this into {PAGE.name}:\n{table()}"

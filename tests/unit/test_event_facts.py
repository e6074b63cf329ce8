"""Events repeat all that visibility looks at, so that it can be asked of them."""

import re
from itertools import combinations

import pytest

from domain.events import Aggregate, EventType
from domain.people import Role
from models import OutboxEvent
from rows.events import FACTS, SUBJECTS
from rows.sql import Compiler, ViewerShape
from services.outbox import events_of


@pytest.mark.parametrize("aggregate", Aggregate)
def test_events_repeat_every_column_that_grounds_look_at(aggregate: Aggregate) -> None:
    looked_at = set()
    for roles in [(), *((role,) for role in Role), *combinations(Role, 2)]:
        visible = Compiler(ViewerShape(frozenset(roles), 0)).visible(SUBJECTS[aggregate].entity, "the_row")
        looked_at |= set(re.findall(r"\bthe_row\.(\w+)", visible))
    assert looked_at - {"id"} == set(SUBJECTS[aggregate].facts)


def test_the_outbox_has_a_column_for_each_fact_before_and_after() -> None:
    kept = {name for name in OutboxEvent._meta.fields_map if name.startswith(("before_", "after_"))}
    assert kept == {f"{side}_{name}" for side in ("before", "after") for name in FACTS}


def test_events_about_changed_rows_need_every_fact_from_before() -> None:
    with pytest.raises(TypeError, match="team_id"):
        events_of(
            Aggregate.CUSTOMER,
            EventType.CUSTOMER_UPDATED,
            rows="customer t",
            payload="'{}'",
            at="now()",
            before={"owner_id": "o"},
        )

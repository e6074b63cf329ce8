"""Nobody changes what the table does not let them change, through any mutation that there is.

Each mutation is asked for by everybody, on each kind of row. Refused calls come first and leave all rows as they were;
then each of those who may has a row of their own to do it to.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from app.settings import Settings
from domain.jobs import JobKind, JobState
from domain.managed_lists import ReasonKind
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import (
    ApiToken,
    BusinessCalendar,
    CustomField,
    Job,
    LeadForm,
    LeadPool,
    LeadPoolMember,
    Leave,
    LevelProposal,
    LevelRule,
    Order,
    OrderLine,
    Reason,
    Segment,
    Shipment,
    TierRuleSet,
    User,
    UserIdentity,
)
from services.clock import now
from tests.api.authorised import UNLIMITED, Caller, Json, World, principals, table
from tests.api.authorised_leads import make_lead
from tests.api.authorised_reads import RESTRICTED, SCHEMA
from tests.api.authorised_world import AT, RETURNS, Builder
from tests.api.conftest import Client
from tests.api.working import sent
from tests.api.writing import everything
from tests.factories import make_customer, make_order, make_region, make_team, make_user, share_customer, share_order

assert SCHEMA.mutation_type
MUTATIONS = SCHEMA.mutation_type.fields
_numbers = count(1)


@dataclass(frozen=True)
class Case:
    """A mutation on a row of one label, if it is about a row; who may make it, and with which scopes."""

    name: str
    may: frozenset[str]
    scopes: str | None
    input: dict[str, Any]
    type_name: str = ""
    label: str = ""
    otherwise: frozenset[str] = frozenset()
    """Other codes by which it may be refused: what stands in the way of those whose role would let them."""

    def granted(self, caller: Caller) -> bool:
        """Whether the caller's token, if it is one, is good for this."""
        return caller.scopes is None or bool(self.scopes and all(map(caller.granted, self.scopes.split())))

    def expected(self, world: World, caller: Caller, row: str) -> str:
        """The code of the answer, none if the caller may."""
        if not self.granted(caller):
            return "FORBIDDEN"
        if row and not world.sees(caller, row):
            return "NOT_FOUND"
        return "" if caller.principal in self.may else "NOT_PERMITTED"


def cases() -> Iterator[Case]:
    """What the table says of mutations."""
    for name, entry in table()["mutations"].items():
        scopes, given = entry.get("scope"), entry["input"]
        if "may" in entry:
            yield Case(name, principals(entry["may"]), scopes, given)
            continue
        codes = frozenset(entry.get("otherwise", "").split())
        for label in entry.keys() - {"scope", "input", "on", "otherwise"}:
            yield Case(name, principals(entry[label]), scopes, given, entry["on"], label, codes)
    item = {"id": "@row", "expectedVersion": 1, "reason": "@text"}
    for name, entry in table()["steps"].items():
        for status, who in entry.items():
            for label, own, team in (("reps", "rep", "manager"), ("others", "other", "")):
                may = principals(who.replace("own", own).replace("team", team))
                yield Case(name, may, "ORDERS_WRITE", item, "Order", f"{label}@{status}")
                yield Case(f"{name}Many", may, "ORDERS_WRITE", {"items": [item]}, "Order", f"{label}@{status}")


CASES = sorted(cases(), key=lambda case: (case.name, case.label))


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """So many questions in so short a time are more than anybody may ask."""
    return settings.model_copy(update=UNLIMITED)


class Rows(Builder):
    """Makes rows to be changed, each as its label says."""

    async def fresh(self, type_name: str, label: str) -> str:
        """The id of a new row."""
        row = await getattr(self, f"_{type_name.lower()}")(label)
        return self.add(label, row) and self.world.labelled(type_name, label)

    def _owner(self, label: str) -> User | None:
        return self.users.get(
            {"reps": "rep", "others": "other", "shared": "other", "machines": "machine"}.get(label, "")
        )

    async def _order(self, label: str) -> Any:
        ground, _, status = label.partition("@")
        more: dict[str, Any] = {}
        if status in RETURNS:
            more["type"] = OrderType.EXCHANGE if self.exchanged else OrderType.RETURN
        owner = {"reps": "rep", "others": "other", "shared": "other", "unowned": None}[ground]
        made = await self.order(label, OrderStatus(status or "DRAFT"), owner=owner, **more)
        if status in RETURNS:
            await OrderLine.filter(order_id=made.id).update(quantity=-9, product_id=self.stocked.id)
        if label == "shared":
            await share_order(made, self.users["rep"])
        if self.twinned:
            self.twin = await make_order(made.status, owner=self._owner(ground), split_from=made)
        return made

    exchanged = twinned = False
    """Whether what comes back is exchanged; whether an order has one that was split from it."""
    twin: Order
    closed: Reason
    """Why leads are closed."""

    async def _shipment(self, label: str) -> Any:
        made = await self._order(label)
        return await Shipment.get_or_none(order_id=made.id) or await self.shipment(label, made)

    async def _customer(self, label: str) -> Any:
        made = await make_customer(owner=self._owner(label))
        if label == "shared":
            await share_customer(made, self.users["rep"])
        return made

    async def _lead(self, label: str) -> Any:
        pools = {"pooled": "mine", "elsewhere": "others", "reps": "mine", "others": "others"}
        await LeadPool.filter(code__in=["mine", "others"]).update(active=True)
        pool = await LeadPool.get(code=pools[label]) if label in pools else None
        return await make_lead(self, label, company=f"fresh {next(_numbers)}", pool=pool)

    async def _leadform(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        return await LeadForm.create(code=f"fresh {next(_numbers)}", labels={"en": "a"}, source=self.channel)

    async def _leadpool(self, label: str) -> Any:
        member = {"team_id": self.users["rep"].team_id} if label == "mine" else {"user": self.users["other"]}
        rules = {"strategy": "CLAIM", "on_breach": "ESCALATE", "active": False, "labels": {"en": "a"}}
        made = await LeadPool.create(code=f"fresh {next(_numbers)}", **rules)
        await LeadPoolMember.create(pool=made, **member)
        return made

    async def _levelproposal(self, label: str) -> Any:
        customer = await self._customer(label)
        rule = await LevelRule.create(code=f"fresh {next(_numbers)}", condition={}, level="VIP", active=False)
        moved = {"customer": customer, "from_level": "REGULAR", "to_level": "VIP"}
        return await LevelProposal.create(rule=rule, rules_version=1, **moved)

    async def _businesscalendar(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        of = {"labels": {"en": "a"}, "time_zone": "UTC", "week": []}
        return await BusinessCalendar.create(code=f"fresh {next(_numbers)}", **of)

    async def _leave(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        rep = self.users["rep"]
        return await Leave.create(user=rep, entered_by=rep, starts_at=AT, ends_at=AT + timedelta(days=1))

    async def _reminder(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        return await self.reminder(state="FIRED", fired_at=AT)

    async def _job(self, label: str) -> Any:
        who = {"started_by": self._owner(label), "parameters": {}}
        return await Job.create(kind=JobKind.ORDER_EXPORT, state=JobState.QUEUED, **who)

    async def _apitoken(self, label: str) -> Any:
        number = next(_numbers)
        named = {"name": "t", "hint": "hint", "token_hash": f"hash {number}".encode(), "scopes": ["JOBS"]}
        return await ApiToken.create(user=self._owner(label), created_by=self.users["admin"], **named)

    async def _segment(self, label: str) -> Any:
        of = {"entity": "ORDER", "condition": {}, "shared": label == "shared"}
        return await Segment.create(owner=self._owner(label), name=f"fresh {next(_numbers)}", **of)

    async def _tierruleset(self, label: str) -> Any:
        if label == "draft":
            await TierRuleSet.filter(state="DRAFT").delete()
            return await TierRuleSet.create(state="DRAFT")
        number = 10 + next(_numbers)
        return await TierRuleSet.create(state="RETIRED", sole=None, number=number, stamp=UUID(int=number))

    async def _customfield(self, label: str) -> Any:
        of = {"entity": "CUSTOMER", "type": "TEXT", "labels": {"en": "a"}, "key": f"fresh_{next(_numbers)}"}
        return await CustomField.create(archived_at=AT if label == "archived" else None, **of)

    async def _team(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        return await make_team(f"Team {next(_numbers)}")

    async def _region(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        return await make_region()

    async def _user(self, label: str) -> Any:  # noqa: ARG002  # there is one label
        user = await make_user(Role.REP, team_id=self.users["rep"].team_id)
        await UserIdentity.create(user=user, issuer="https://id.example", subject=f"usr_{user.id}")
        return user

    def given(self, case: Case, row: str, file: str = "fil_9999") -> dict[str, Any]:
        """The input of one call."""
        number = next(_numbers)
        values = {"@row": row, "@text": f"text-{number}", "@key": f"key_{number}", "@file": file}
        values |= {"@day": f"{2000 + number % 7000}-01-01", "@rep": f"usr_{self.users['rep'].id}"}
        values |= {"@tier": "tie_1", "@soon": (now() + timedelta(days=1)).isoformat(timespec="milliseconds")}
        values |= {"@manager": f"usr_{self.users['manager'].id}"}
        values |= {"@product": f"prd_{self.stocked.id}", "@warehouse": "whs_1", "@elsewhere": "whs_2"}
        values |= {"@delay": f"rsn_{self.delay.id}"}
        values |= {"@complaint": f"rsn_{self.complaints.id}", "@closed": f"rsn_{self.closed.id}"}
        text = json.dumps(case.input)
        if "@line" in text:
            values["@line"] = self.world.labelled("OrderLine", case.label)
        if "@payment" in text:
            values["@payment"] = self.world.labelled("Payment", case.label)
        if "@twin" in text and row != "ord_1":
            values["@twin"] = f"ord_{self.twin.id}"
        if "@opened" in text:
            values["@opened"] = self.world.labelled("Complaint", case.label)
        for name, value in values.items():
            text = text.replace(name, value)
        found: dict[str, Any] = json.loads(text)
        return found


@pytest.fixture(scope="module")
async def rows(asking: Client) -> Rows:
    """The world, and how its rows are made."""
    made = Rows(asking)
    await made.build()
    made.closed = await Reason.create(kind=ReasonKind.DISQUALIFICATION, code="closed", labels={"en": "closed"})
    return made


def test_the_table_names_every_mutation() -> None:
    sessions = table()["of_sessions"]
    assert set(MUTATIONS) == {case.name for case in CASES} | {*sessions["open"], *sessions["own"]}


async def test_whoever_is_not_signed_in_changes_nothing(rows: Rows, asking: Client) -> None:
    before = await everything()
    for name in sorted(set(MUTATIONS) - set(table()["of_sessions"]["open"])):
        given = next((rows.given(case, "ord_1") for case in CASES if case.name == name), {"id": "x"})
        assert await asking.error(document(name), {"input": given}) == {"code": "UNAUTHENTICATED"}, name
    assert await everything() == before


async def test_no_token_is_good_for_a_session_or_a_password(rows: Rows, asking: Client) -> None:
    given = {"logout": "", "sessionRevoke": '(input: {id: "a"})'}
    given |= {"passwordChange": '(input: {currentPassword: "a", newPassword: "b"})'}
    assert set(given) == set(table()["of_sessions"]["own"])
    before = await everything()
    for name, arguments in given.items():
        for caller in rows.world.callers.values():
            if caller.scopes is not None:
                answer = await caller.ask(asking, f"mutation {{ {name}{arguments} {{ errors {{ code }} }} }}")
                assert _code(answer) == "FORBIDDEN", (name, caller.name)
    assert await everything() == before


@pytest.mark.parametrize("name", sorted({case.name for case in CASES}))
async def test_a_mutation_is_for_those_whom_the_table_names(rows: Rows, asking: Client, name: str) -> None:
    rows.exchanged, rows.twinned = name.startswith("orderExchange"), name == "paymentTransfer"
    for case in CASES:
        if case.name == name:
            row = await _refused(rows, asking, case)
            for caller in rows.world.callers.values():
                if not case.expected(rows.world, caller, row):
                    await _permitted(rows, asking, case, caller)


async def _refused(rows: Rows, asking: Client, case: Case) -> str:
    """All whom the table does not name are told why; the row that they asked for, as it was."""
    row = await rows.fresh(case.type_name, case.label) if case.type_name else ""
    before = await everything()
    for caller in rows.world.callers.values():
        if expected := case.expected(rows.world, caller, row):
            answer = await caller.ask(asking, document(case.name), {"input": rows.given(case, row)})
            assert _code(answer) in {expected} | case.otherwise, (case.name, case.label, caller.name, answer)
    assert await everything() == before, case.name
    return row


async def _permitted(rows: Rows, asking: Client, case: Case, caller: Caller) -> None:
    row = await rows.fresh(case.type_name, case.label) if case.type_name else ""
    if case.name == "tierRulesUpsert":  # of the draft, which may have been published
        await rows.fresh("TierRuleSet", "draft")
    file = ""
    if "@file" in str(case.input):
        file = await sent(asking, b"a,b,c,d,e\n1,2,3,4,5\n", as_=rows.users[caller.principal])
    answer = await caller.ask(asking, document(case.name), {"input": rows.given(case, row, file)})
    assert _code(answer) == "", (case.name, case.label, caller.name, json.dumps(answer))
    if case.name.endswith(("Import", "Export")):  # so that there is room for the next one
        await Job.filter(state=JobState.QUEUED).update(state=JobState.CANCELLED)


def ids_in(of: GraphQLInputObjectType, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all ids in an input, but for those of filters, which find rows and name none."""
    for name, field in of.fields.items():
        named = get_named_type(field.type)
        if named.name == "ID":
            yield (*path, name)
        elif isinstance(named, GraphQLInputObjectType) and not named.name.endswith(("Filter", "Sort")):
            yield from ids_in(named, (*path, name))


async def test_an_id_of_a_row_that_is_not_seen_is_told_as_one_that_never_was(rows: Rows, asking: Client) -> None:
    tried: set[str] = set()
    for case in (each for each in CASES if "@" not in each.label):
        for path in ids_in(get_named_type(MUTATIONS[case.name].args["input"].type)):
            if path[-1] == "id":
                continue  # the row that the mutation is about, asked for above, or a part of it
            assert path[-1] in table()["ids"], f"{case.name}: {'.'.join(path)} is not in the table"
            of = table()["ids"][path[-1]]
            if of in RESTRICTED:
                tried |= await _same_as_nothing(rows, asking, case, path, of)
    assert tried == {
        *("orderCreate.customerId", "orderCreate.originalOrderId", "orderCreate.lines.productId"),
        *("orderUpdate.customerId", "orderUpdate.lines.productId"),
        *("recordsTransfer.customerIds", "recordsTransfer.orderIds", "recordsTransfer.leadIds"),
        *(
            "leadCreate.poolId",
            "leadImport.poolId",
            "leadImport.files",
            "leadConvert.customerId",
            "leadClaimNext.poolId",
            "reminderAck.reminderIds",
        ),
        *(f"lead{what}Many.leadIds" for what in ("Claim", "Release", "Assign", "Reassign", "Disqualify")),
        *("orderExport.segment", "customerExport.segment"),
        *("orderImport.files", "customerImport.files", "productImport.files", "channelPriceImport.files"),
    }


async def _same_as_nothing(rows: Rows, asking: Client, case: Case, path: tuple[str, ...], of: str) -> set[str]:
    row = await rows.fresh(case.type_name, case.label) if case.type_name else ""
    callers = [each for each in rows.world.callers.values() if not case.expected(rows.world, each, row)]
    before = await everything()
    tried = set()
    for caller in callers:
        for unseen in [found for found in rows.world.of(of) if not rows.world.sees(caller, found)][:3]:
            given = rows.given(case, row)
            never = f"{unseen.split('_')[0]}_999999"
            answers = [
                await caller.ask(asking, document(case.name), {"input": _with(given, path, named)})
                for named in (unseen, never)
            ]
            assert answers[0] == answers[1], (case.name, path, caller.name)
            assert "NOT_FOUND" in str(answers[0]), (case.name, path, caller.name, answers[0])
            tried.add(".".join((case.name, *path)))
    assert await everything() == before, case.name
    return tried


def _with(given: dict[str, Any], path: tuple[str, ...], row: str) -> dict[str, Any]:
    """The input with the id of a row at a path."""
    if path[0] == "lines":
        return {**given, "lines": [{"productId": row, "quantity": "1"}]}
    more = {"type": "RETURN"} if path[0] == "originalOrderId" else {}
    return {**given, **more, path[0]: [row] if path[0] in {"files", "customerIds", "leadIds", "orderIds"} else row}


def document(name: str) -> str:
    """The mutation, asking for why it was refused."""
    payload = get_named_type(MUTATIONS[name].type)
    assert isinstance(payload, GraphQLObjectType)
    errors = "errors { code path }"
    results = f"results {{ {errors} }}" if "results" in payload.fields else ""
    if not MUTATIONS[name].args:
        return f"mutation {{ {name} {{ {errors} }} }}"
    of = MUTATIONS[name].args["input"].type
    return f"mutation($input: {of}) {{ {name}(input: $input) {{ {results} {errors} }} }}"


def _code(answer: Json) -> str:
    """The code of the only error, none if there is none."""
    if "errors" in answer:
        [fault] = answer["errors"]
        assert answer.get("data") is None
        return str(fault["extensions"]["code"])
    [payload] = answer["data"].values()
    errors = [*payload["errors"], *(error for result in payload.get("results") or () for error in result["errors"])]
    codes = {str(error["code"]) for error in errors}
    assert len(codes) < 2, errors
    return next(iter(codes), "")

"""A request that is repeated under its key has one effect and gets one answer."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_type_hints

import pytest

from domain.errors import (
    AlreadyExists,
    DomainError,
    IdempotencyKeyReused,
    NotFound,
    Refused,
)
from domain.orders.life_cycle import Urgency
from domain.unset import UNSET, Unset
from models import Channel, IdempotencyKey, User
from services.clock import clock_set_to, now
from services.idempotency import Outcome, Request, once, purge_idempotency_keys, request_hash
from services.refusals import refusal_from_facts, refusal_to_facts
from services.transaction import transaction
from tests.factories import make_user
from tests.integration.writes import race, refusals

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def user() -> User:
    return await make_user()


async def make_channel_once(user: User, code: str, *, key: str | None = "k", slowly: bool = False) -> int:
    """A use case: makes the channel `code`, or refuses to if there is one."""

    async def work() -> int:
        channel = await Channel.create(code=f"attempt at {code}", name=code)
        if await Channel.filter(code=code).exists():
            raise Refused(AlreadyExists(path=("input", "code")))
        if slowly:
            await asyncio.sleep(0.05)
        await Channel.filter(id=channel.id).update(code=code)
        return int(channel.id)

    request = Request(principal=user.id, mutation="channelCreate", key=key, asked={"code": code})
    async with transaction() as client:
        outcome = await once(client, request, work)
    return outcome.settle()


async def codes() -> list[str]:
    return [channel.code for channel in await Channel.all().order_by("id")]


async def test_a_repeat_gets_the_first_answer_and_has_no_effect(user: User) -> None:
    first = await make_channel_once(user, "web")
    assert await make_channel_once(user, "web") == first
    assert await codes() == ["web"]


async def test_without_a_key_nothing_is_remembered(user: User) -> None:
    await make_channel_once(user, "web", key=None)
    assert await refusals(make_channel_once(user, "web", key=None)) == (AlreadyExists(path=("input", "code")),)
    assert await codes() == ["web"]
    assert not await IdempotencyKey.exists()


async def test_another_input_under_the_same_key_is_refused(user: User) -> None:
    await make_channel_once(user, "web")
    reused = IdempotencyKeyReused(path=("input", "idempotencyKey"))
    assert await refusals(make_channel_once(user, "shop")) == (reused,)
    assert await codes() == ["web"]


async def test_keys_of_different_people_are_different(user: User) -> None:
    await make_channel_once(user, "web")
    await make_channel_once(await make_user(), "shop")
    assert await codes() == ["web", "shop"]


async def test_a_refusal_is_kept_and_its_effects_are_not(user: User) -> None:
    await Channel.create(code="web", name="Web")
    refused = await refusals(make_channel_once(user, "web"))
    await Channel.filter(code="web").delete()
    assert await refusals(make_channel_once(user, "web")) == refused
    assert await codes() == []


async def test_a_fault_leaves_no_trace(user: User) -> None:
    async def fail() -> int:
        await Channel.create(code="web", name="Web")
        raise ZeroDivisionError

    request = Request(principal=user.id, mutation="channelCreate", key="k", asked={"code": "web"})
    with pytest.raises(ZeroDivisionError):
        async with transaction() as client:
            await once(client, request, fail)
    assert not await IdempotencyKey.exists()
    await make_channel_once(user, "web")
    assert await codes() == ["web"]


async def test_of_twenty_twins_one_has_an_effect_and_all_get_its_answer(user: User) -> None:
    twins = [lambda: make_channel_once(user, "web", slowly=True)] * 20
    assert len(set(await race(*twins))) == 1
    assert await codes() == ["web"]


async def test_of_rivals_under_one_key_the_first_has_its_way(user: User) -> None:
    rivals = [lambda code=code: make_channel_once(user, code, slowly=True) for code in ("web", "shop") * 5]
    outcomes = await race(*rivals)
    won = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert (len(won), len(set(won))) == (5, 1)
    assert outcomes.count((IdempotencyKeyReused(path=("input", "idempotencyKey")),)) == 5
    assert len(await codes()) == 1


async def test_a_twin_of_a_failed_request_does_the_work(user: User) -> None:
    started = asyncio.Event()

    async def hang_and_fail() -> int:
        started.set()
        await asyncio.sleep(0.1)
        raise ZeroDivisionError

    async def failing() -> None:
        request = Request(principal=user.id, mutation="channelCreate", key="k", asked={"code": "web"})
        async with transaction() as client:
            await once(client, request, hang_and_fail)

    failed = asyncio.create_task(failing())
    await started.wait()
    await make_channel_once(user, "web")
    with pytest.raises(ZeroDivisionError):
        await failed
    assert await codes() == ["web"]


@pytest.mark.parametrize(
    ("key", "problem"),
    [("", "blank"), ("k" * 201, "too_long"), ("\0", "forbidden_character")],
)
async def test_a_key_is_a_short_plain_text(user: User, key: str, problem: str) -> None:
    found = await refusals(make_channel_once(user, "web", key=key))
    assert [(error.path, getattr(error, "problem", "")) for error in found] == [(("input", "idempotencyKey"), problem)]
    assert await codes() == []
    await make_channel_once(user, "web", key="k" * 200)


async def test_keys_are_forgotten_after_seven_days(user: User) -> None:
    await make_channel_once(user, "web", key="old")
    later = now() + timedelta(days=7)
    with clock_set_to(later - timedelta(minutes=1)):
        assert await purge_idempotency_keys() == 0
        await make_channel_once(user, "shop", key="new")
    with clock_set_to(later + timedelta(minutes=1)):
        assert await purge_idempotency_keys() == 1
    assert [row.key for row in await IdempotencyKey.all()] == ["new"]


@dataclass(frozen=True)
class _Asked:
    amount: Decimal
    day: date | None = None
    urgency: Urgency | Unset = UNSET
    tags: tuple[str, ...] = ()


def test_digests_tell_inputs_apart() -> None:
    asked = [
        {"a": _Asked(Decimal("1.0"))},
        {"a": _Asked(Decimal("1.5"))},
        {"a": _Asked(Decimal("1.0"), day=date(2026, 1, 1))},
        {"a": _Asked(Decimal("1.0"), urgency=Urgency.LOW)},
        {"a": _Asked(Decimal("1.0"), tags=("a", "b"))},
        {"a": _Asked(Decimal("1.0"), tags=("ab",))},
        {"a": "\ud800"},
        {"a": None},
        {"a": datetime(2026, 1, 1, tzinfo=UTC)},
        {"b": None},
    ]
    assert len({request_hash(item) for item in asked}) == len(asked)


def test_a_new_optional_field_does_not_change_old_digests() -> None:
    @dataclass(frozen=True)
    class Before:
        amount: Decimal

    assert request_hash(Before(Decimal(1))) == request_hash(_Asked(Decimal(1)))


def test_the_same_number_written_otherwise_is_the_same_request() -> None:
    for one, other in (("3", "3.0"), ("0", "-0.00"), ("1200", "1200.000"), ("1E+3", "1000")):
        assert request_hash(_Asked(Decimal(one))) == request_hash(_Asked(Decimal(other)))


SAMPLES: dict[object, object] = {
    str: "x",
    int: 7,
    int | None: 7,
    Decimal: Decimal("1.50"),
    date: date(2026, 1, 1),
    datetime: datetime(2026, 1, 1, 9, 30, tzinfo=UTC),
    tuple[str, ...]: ("x", "y"),
}


@pytest.mark.parametrize("kind", DomainError.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_refusal_is_told_again_with_all_its_facts(kind: type[DomainError]) -> None:
    facts = {name: SAMPLES[type_] for name, type_ in get_type_hints(kind).items() if name not in {"code", "path"}}
    error = kind(path=("input", "lines", "0"), **facts)
    assert refusal_from_facts(json.loads(json.dumps(refusal_to_facts(error)))) == error


def test_an_outcome_without_an_id_is_a_refusal() -> None:
    with pytest.raises(Refused):
        Outcome(errors=(NotFound(),)).settle()

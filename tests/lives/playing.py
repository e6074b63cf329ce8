"""Lives are played: each command is told to the API and to the model, and then both have to agree on everything.

A game is a list of seeds, one for each command. What a seed means depends on what is there when its turn comes, so any
part of a game is a game: that is how one that went wrong is made short.
"""

from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

import httpx

from models import OrderShare
from services.tiers.stale import classify_stale
from tests.api.conftest import Client
from tests.lives.choosing import describe, next_command
from tests.lives.commands import Command
from tests.lives.company import Company, found_company
from tests.lives.entering import create, update
from tests.lives.handing import assign, end_override, override
from tests.lives.model import Faults, Model
from tests.lives.money import book, reverse, transfer
from tests.lives.people import PEOPLE, sees
from tests.lives.seen import check_ledgers, digest, look
from tests.lives.shipping import correct, deliver, ship
from tests.lives.steps import STEPS, begins, blocked, take_step
from tests.lives.stock import keep, take_back
from tests.lives.sums import Row, number
from tests.lives.ways_out import change_lines

_ORDER = """
    id status version fulfilment paymentState paid { amount } due { amount } total { amount } tier { code } priority
    lines { shipped } availableTransitions { transition allowed }
"""
_LOOK = f"""query($id: ID!) {{ order(id: $id) {{ {_ORDER} }} orders(first: 250) {{ totalCount nodes {{ id }} }} }}"""
SHARING = 0.05
Doing = Callable[[Model, str, Row], Faults]
DOINGS: dict[str, Doing] = {
    "orderCreate": create,
    "orderUpdate": update,
    "shipmentCreate": ship,
    "shipmentDeliver": deliver,
    "shipmentUpdate": correct,
    "paymentReverse": reverse,
    "paymentTransfer": transfer,
    "stockReturn": take_back,
    "orderAssign": assign,
    "orderTierOverride": override,
    "orderTierOverrideEnd": end_override,
}
_NAMED: dict[Callable[..., Faults], Sequence[str]] = {
    take_step: tuple(STEPS),
    change_lines: ("orderLinesCancel", "orderLineSubstitute", "orderSplit"),
    book: ("paymentRecord", "refundRecord"),
    keep: ("stockReceive", "stockAdjust", "stockTransfer"),
}


def decide(model: Model, command: Command) -> Faults:
    """What the model says to the command; it is written there unless it is refused, or was asked before."""
    key = (command.by, command.mutation, command.key or "")
    if command.key and key in model.keys:
        asked, answered = model.keys[key]
        return answered if asked == command else [("input.idempotencyKey", "IDEMPOTENCY_KEY_REUSED")]
    faults = _decide(model, command)
    if command.key:
        model.keys[key] = command, faults
    model.settle()
    return faults


def _decide(model: Model, command: Command) -> Faults:
    if doing := DOINGS.get(command.mutation):
        return doing(model, command.by, command.given)
    named = next(each for each, mutations in _NAMED.items() if command.mutation in mutations)
    return named(model, command.by, command.mutation, command.given)


class Game:
    """A company, what the model knows of it, and what was asked."""

    def __init__(self, client: Client, company: Company) -> None:
        self.client, self.company, self.model = client, company, Model()
        self.asked: list[str] = []
        self.outcomes: dict[tuple[str, str], int] = {}

    async def play(self, seeds: Sequence[int], *, ledgers_every: int = 1) -> None:
        """Raises AssertionError where the API and the model differ."""
        for turn, seed in enumerate(seeds, start=1):
            await self._turn(Random(seed))
            if turn % ledgers_every == 0 or turn == len(seeds):
                await check_ledgers()

    async def _turn(self, by_chance: Random) -> None:
        command = next_command(self.model, by_chance)
        self.asked.append(describe(command))
        before = await digest()
        told = await self._ask(command)
        await classify_stale()
        seen = await look(self.company)
        known = self.model.copy()
        self.model.seen, self.model.levels = seen, list(seen["stock"])
        expected = decide(self.model, command)
        assert sorted(told) == sorted(expected), f"told {told}, expected {expected}"
        if told or known.view() == self.model.view():
            assert await digest() == before, "nothing was to change, and something did"
        _compare(self.model.view(), {name: seen[name] for name in ("orders", "stock", "reserved", "returned")})
        await self._look(command, by_chance)
        await self._share(by_chance)
        for _, problem in told or [("", "accepted")]:
            self.outcomes[command.mutation, problem] = self.outcomes.get((command.mutation, problem), 0) + 1

    async def _share(self, by_chance: Random) -> None:
        """Now and then an order is shared with somebody, who sees it from then on; no mutation does that yet."""
        if not self.model.orders or by_chance.random() > SHARING:
            return
        number_of, name = by_chance.choice([*self.model.orders]), by_chance.choice([*PEOPLE])
        if name not in (shared := self.model.orders[number_of]["shared"]):
            await OrderShare.create(order_id=number_of, user_id=self.company.of("user", name))
            shared.append(name)

    async def _ask(self, command: Command) -> Faults:
        """The refusals of the API, none if it did what was asked."""
        user = self.company.of("user", command.by)
        data = await self.client.data(command.document, {"input": command.input(self.company)}, as_=user)
        answer: Any = data[command.mutation]
        return [(".".join(each["path"]), each.get("problem") or each["code"]) for each in answer["errors"]]

    async def _look(self, command: Command, by_chance: Random) -> None:
        """What somebody reads of the order that it was about, and which orders they see."""
        name = by_chance.choice([*PEOPLE])
        number_of = (
            command.given.get("id")
            or command.given.get("orderId")
            or command.given.get("toOrderId")
            or max(self.model.orders, default=0)
        )
        order = self.model.orders.get(number_of)
        variables = {"id": self.company.id("order", number_of)}
        data = await self.client.data(_LOOK, variables, as_=self.company.of("user", name))
        visible = {f"ord_{each}" for each, row in self.model.orders.items() if sees(name, row)}
        assert {each["id"] for each in data["orders"]["nodes"]} == visible, f"{name} sees others"
        assert data["orders"]["totalCount"] == len(visible), name
        expected = _read(self.model, order, name) if order and sees(name, order) else None
        got = data["order"]
        if got:
            got = got | {
                "amounts": [number(got.pop(each)["amount"]) for each in ("paid", "due", "total")],
                "lines": [number(each["shipped"]) for each in got["lines"]],
                "tier": got["tier"] and got["tier"]["code"],
                "availableTransitions": {each["transition"]: each["allowed"] for each in got["availableTransitions"]},
            }
        assert got == expected, f"{name} reads {got}, expected {expected}"


def _read(model: Model, order: Row, name: str) -> Row:
    sent = order["status"] in {"SHIPPED", "COMPLETED", "EXCHANGED"}
    return {
        "id": f"ord_{order['id']}",
        "tier": order["tier"],
        **{each: order[each] for each in ("status", "version", "priority")},
        "fulfilment": model.fulfilment(order),
        "paymentState": model.payment_state(order),
        "amounts": [model.paid(order), model.due(order), order["total"]],
        "lines": [
            0 if not model.is_goods(line) else line["quantity"] if sent else model.shipped(order, line)
            for line in order["lines"]
        ],
        "availableTransitions": {
            _constant(each): not blocked(model, order, each, name) for each in STEPS if begins(order, each)
        },
    }


def _constant(mutation: str) -> str:
    """orderStartPicking is START_PICKING."""
    return "".join(f"_{each}" if each.isupper() else each.upper() for each in mutation.removeprefix("order"))[1:]


def _compare(expected: Row, seen: Row) -> None:
    """Raises AssertionError that names what differs first."""
    for name, value in expected.items():
        assert set(value) == set(seen[name]), f"{name}: expected {set(value)}, there is {set(seen[name])}"
        for key, each in value.items():
            there = seen[name][key]
            if isinstance(each, dict):
                differing = {n: (each[n], there.get(n)) for n in each if each[n] != there.get(n)}
                assert not differing, f"{name} {key}, expected and there: {differing}"
            assert isinstance(each, dict) or each == there, f"{name} {key}: expected {each}, there is {there}"


async def new_game(http: httpx.AsyncClient) -> Game:
    """A game in an empty database, with tokens of its own."""
    client = Client(http)
    return Game(client, await found_company(client))


async def shortest(
    seeds: Sequence[int], http: httpx.AsyncClient, empty: Callable[[], Awaitable[None]], *, attempts: int = 150
) -> tuple[list[int], str]:
    """The shortest game found that still goes wrong, and what it was: commands, and the difference."""
    left, story = list(seeds), ""
    size = max(len(left) // 2, 1)
    while size and attempts > 0:
        begin = 0
        while begin < len(left) and attempts > 0:
            fewer = left[:begin] + left[begin + size :]
            attempts -= 1
            if told := fewer and await _goes_wrong(fewer, http, empty):
                left, story = fewer[: told[0]], told[1]
            else:
                begin += size
        size //= 2
    return left, story or (await _goes_wrong(left, http, empty) or (0, "not again"))[1]


async def _goes_wrong(seeds: Sequence[int], http: httpx.AsyncClient, empty: Callable[[], Awaitable[None]]) -> Any:
    await empty()
    game = await new_game(http)
    try:
        await game.play(seeds)
    except Exception as wrong:  # whatever it is, it went wrong
        return len(game.asked), "\n".join([*game.asked, f"{type(wrong).__name__}: {wrong}"])
    return None

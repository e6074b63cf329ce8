"""Many clients that write at once, and note down what was acknowledged."""

import asyncio
import random
import threading
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.client import Client, Unexpected
from tests.chaos.ledger import Created, Ledger, Updated

WRITERS = 40
USERS = ("rep1", "rep2", "rep3", "rep4", "rep5", "manager", "admin")
MARK = "chaos-"
"""What was written here begins with this, unless the writers are told another mark."""

PRODUCTS = "{ products(first: 100, filter: {active: {eq: true}}) { nodes { id price { currency } } } }"
VERSION = "query($id: ID!) { order(id: $id) { version } }"
CREATE = """mutation($input: OrderCreateInput!) {
    orderCreate(input: $input) { order { id version total { amount } } errors { code message path } } }"""
UPDATE = """mutation($input: OrderUpdateInput!) {
    orderUpdate(input: $input) { order { id version } errors { code message path } } }"""
CREATE_CUSTOMER = """mutation($input: CustomerCreateInput!) {
    customerCreate(input: $input) { customer { id version } errors { code message path } } }"""


@dataclass
class Writers:
    """Clients in a thread of their own, from `start` to `finish`."""

    url: str
    mark: str = MARK
    ledger: Ledger = field(default_factory=Ledger)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _failure: BaseException | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Let every client bring to an end what it has begun. Raises what went wrong with one."""
        assert self._thread is not None
        self._stopping.set()
        self._thread.join()
        self.check()

    def check(self) -> None:
        """Raises what went wrong with a client, if anything did."""
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._write())
        except BaseException as failure:
            self._failure = failure

    async def _write(self) -> None:
        limits = httpx.Limits(max_connections=None)
        async with (
            httpx.AsyncClient(base_url=self.url, timeout=20, limits=limits) as http,
            asyncio.TaskGroup() as group,
        ):
            clients = [Client(http, user, self.ledger.other) for user in USERS]
            for client in clients:
                await client.sign_in()
            products = await _priced_products(clients[0])
            for number in range(WRITERS):
                writer = _Writer(clients[number % len(clients)], self.ledger, products, self.mark)
                group.create_task(writer.run(self._stopping))


async def _priced_products(client: Client) -> list[str]:
    nodes = (await client.ask(PRODUCTS))["products"]["nodes"]
    return [node["id"] for node in nodes if node["price"]]


@dataclass
class _Writer:
    client: Client
    ledger: Ledger
    products: list[str]
    mark: str

    async def run(self, stopping: threading.Event) -> None:
        works: list[Callable[[], Awaitable[None]]] = [self.enter_order, self.change_order, self.enter_customer]
        while not stopping.is_set():
            await random.choices(works, weights=[5, 4, 1])[0]()  # not a secret

    async def enter_order(self) -> None:
        key = self._key()
        lines = [
            {"productId": product, "quantity": str(random.randint(1, 9)), "discount": "0.25"}  # as above
            for product in random.sample(self.products, random.randint(1, 4))  # as above
        ]
        given = {"currency": "GBP", "customerName": key, "notes": "new", "lines": lines, "idempotencyKey": key}
        payload = (await self.client.ask(CREATE, input=given))["orderCreate"]
        order = self._written(payload, "order")
        self.ledger.orders[key] = Created(self.client.user, given, order["id"], order["total"]["amount"])

    async def change_order(self) -> None:
        """Change one of the user's newest orders, which others change too; whoever is late looks at it again."""
        mine = [order.id for order in list(self.ledger.orders.values())[-100:] if order.user == self.client.user]
        if not mine:
            return
        order_id = random.choice(mine)  # as above
        before = (await self.client.ask(VERSION, id=order_id))["order"]["version"]
        key = self._key()
        given = {"id": order_id, "expectedVersion": before, "notes": key, "idempotencyKey": key}
        payload = (await self.client.ask(UPDATE, input=given))["orderUpdate"]
        if [error["code"] for error in payload["errors"]] == ["VERSION_CONFLICT"]:
            self.ledger.other["version conflict"] += 1
            return
        self._written(payload, "order")
        self.ledger.updates.append(Updated(key, order_id, before))

    async def enter_customer(self) -> None:
        key = self._key()
        given = {"name": key, "tags": ["chaos"], "contacts": [{"name": "Li"}], "idempotencyKey": key}
        payload = (await self.client.ask(CREATE_CUSTOMER, input=given))["customerCreate"]
        self.ledger.customers[key] = Created(self.client.user, given, self._written(payload, "customer")["id"])

    def _written(self, payload: dict[str, Any], field: str) -> dict[str, Any]:
        if payload["errors"] or payload[field] is None:
            raise Unexpected(str(payload))
        row: dict[str, Any] = payload[field]
        return row

    def _key(self) -> str:
        return f"{self.mark}{uuid.uuid4()}"

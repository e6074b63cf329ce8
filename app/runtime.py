"""What one API process holds: connections, caches and the compiled schema."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from app.auth.authenticator import Authenticator
from app.auth.keys import token_keys
from app.documents.known import KnownDocuments
from app.documents.persisted import PersistedDocuments
from app.documents.trusted import read_manifest
from app.limits.accounts import Accounts
from app.limits.gate import Gate, Shares
from app.limits.settling import Settling
from app.observing.metrics import uses_of
from app.observing.observer import Observer
from app.settings import Settings
from domain.currencies import DIGITS
from models.connection import connect, disconnect, pool
from models.migrate import pending
from reads.binding import compiled_roots
from reads.cache import Cache
from reads.documents import DocumentCache
from reads.engine import Asked, Engine
from reads.feed import Feed
from reads.operations import Operations
from reads.pools import ReadPools
from reads.tail import Tail
from resolvers.scopes import needed_scopes
from rows.weights import TeamWeights, team_weights
from schema.root import schema
from services.company import Company
from services.custom_fields.definitions import CustomFieldsInUse
from services.jobs.watching import JobWatch
from services.leads.claim import LeadClaims
from services.sessions.tokens import TokenKeys
from services.sessions.viewers import ViewerCache
from services.tokens.uses import COARSE, TokenUses
from telemetry.serving import served
from workers.names import JobName
from workers.queue import JobQueue, connect_redis

if TYPE_CHECKING:
    from connectors.oidc.provider import OpenIdProvider

log = structlog.get_logger(__name__)

MINUTE_OF_A_FORM = 60_000
"""Points that come back in a minute: a form that takes 60 leads a minute spends a sixtieth on each."""
SECONDS_BETWEEN_TRIES = 1.0
SECONDS_BETWEEN_WEIGHTS = 60.0
SECONDS_BETWEEN_DEFINITIONS = 5.0
MOST_ASKED = 10_000


@dataclass
class Connected:
    """What exists once the database has the tables that this code needs."""

    pools: ReadPools
    operations: Operations
    authenticator: Authenticator
    custom_fields: CustomFieldsInUse
    feed: Feed
    tail: Tail
    jobs: JobWatch
    claims: LeadClaims
    team_weights: TeamWeights = field(default_factory=TeamWeights)
    asked: Cache[tuple[int, str], Asked] = field(default_factory=lambda: Cache(MOST_ASKED))
    """Those who asked last, by their viewer's id as an object and by language."""


class Runtime:
    """Starts at once and connects when it can: until then `connected` is None and `waits_for` says why."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        previous = settings.secret_key_previous
        self.keys: TokenKeys = token_keys(settings.secret_key, *([previous] if previous else []))
        self.company = Company(settings.company_currency, settings.company_zone, settings.company_country)
        self.currency_digits = DIGITS[settings.company_currency]
        self._queue = JobQueue(connect_redis(settings.redis_url))
        self.accounts = Accounts(settings.caller_points, settings.caller_points_per_second)
        self.form_accounts = Accounts(MINUTE_OF_A_FORM, MINUTE_OF_A_FORM / 60)
        shares = Shares(settings.caller_operations_at_once, settings.operations_waiting // 4)
        self.gate = Gate(settings.operations_at_once, settings.operations_waiting, shares)
        trusted = read_manifest(settings.trusted_documents) if settings.trusted_documents else {}
        persisted = PersistedDocuments(settings.redis_url)
        self.observer = Observer(settings, frozenset(trusted.values()))
        self.documents = KnownDocuments(persisted, trusted, settings.only_trusted_documents)
        self.connected: Connected | None = None
        self.waits_for = "the database"
        self.provider = _provider(settings)
        self._uses = TokenUses()
        self._tasks: list[asyncio.Task[None]] = []
        self._opened = AsyncExitStack()
        self._at_end = AsyncExitStack()

    async def start(self) -> None:
        """Begin to connect, in the background."""
        if self.provider:
            self.provider.keys.refresh()
            self._at_end.push_async_callback(self.provider.close)
        host, port, metrics = self.settings.metrics_host, self.settings.metrics_port, self.observer.metrics
        await self._at_end.enter_async_context(served(metrics, host=host, port=port))
        metrics.watch_gate(lambda: self.gate.running, lambda: self.gate.waiting)
        self._tasks.append(asyncio.create_task(self._connect_when_possible()))
        self._at_end.push_async_callback(self.documents.persisted.close)
        for accounts in (self.accounts, self.form_accounts):
            settling = Settling(self.settings.redis_url, accounts)
            self._at_end.push_async_callback(settling.close)
            self._tasks.append(asyncio.create_task(settling.run()))

    async def stop(self) -> None:
        """Close everything, also while it is still connecting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._opened.aclose()
        await self._queue.close()
        await self._at_end.aclose()
        await self.observer.close()
        await disconnect()  # a try that was cancelled may not have come to it

    async def wake(self, job_id: int) -> None:
        """Tell some worker of a job that is committed."""
        await self._queue.wake(JobName.RUN_JOB, job_id)

    def let_go(self) -> None:
        """Answer requests that wait for something to happen, so that the process can end."""
        if self.connected is not None:
            self.connected.tail.let_go()

    async def check(self) -> str | None:
        """Why requests cannot be answered now, or None."""
        if self.connected is None:
            return self.waits_for
        try:
            await self.connected.pools.fetchrow("SELECT 1", [], selective=False)
        except Exception as error:
            log.warning("database unreachable", error=repr(error))
            return "the database"
        return None

    async def _connect_when_possible(self) -> None:
        while self.connected is None:
            try:
                missing = await pending(self.settings.database_url)
                self.waits_for = f"migrations: {', '.join(missing)}" if missing else "the database"
                if not missing:
                    self.connected = await self._connect()
                    break
            except Exception as error:
                self.waits_for = "the database"
                log.warning("not ready", error=repr(error))
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
        assert self.connected is not None  # noqa: S101  # as it is after the loop
        for act, seconds in (
            (self._read_weights, SECONDS_BETWEEN_WEIGHTS),
            (self._uses.write, COARSE.total_seconds()),
            (self.connected.custom_fields.refresh, SECONDS_BETWEEN_DEFINITIONS),
        ):
            self._tasks.append(asyncio.create_task(_repeatedly(act, seconds)))

    async def _connect(self) -> Connected:
        """Opens all or nothing."""
        settings = self.settings
        async with AsyncExitStack() as opened:
            await connect(
                settings.database_url,
                max_size=settings.database_pool_size,
                command_timeout=settings.database_timeout,
                init=self.observer.listen,
            )
            opened.push_async_callback(disconnect)
            pools = await ReadPools.connect(
                settings.database_read_url,
                settings.database_read_generic_url,
                size=settings.database_read_pool_size,
                generic_size=settings.database_read_generic_pool_size,
                seconds=settings.database_read_timeout,
                watch=self.observer.statement,
            )
            opened.push_async_callback(pools.close)
            connected = self._connected(pools)
            opened.push_async_callback(connected.tail.close)
            opened.push_async_callback(connected.jobs.close)
            self._opened = opened.pop_all()
        return connected

    def _connected(self, pools: ReadPools) -> Connected:
        custom_fields = CustomFieldsInUse(pools.generic.fetch)
        engine = Engine(schema._schema, compiled_roots(schema), pools, custom_fields.latest)
        documents = DocumentCache(schema._schema, introspection=self.settings.introspection)
        most = self.settings.operation_points
        operations = Operations(schema._schema, documents, engine, most_points=most, needs=needed_scopes(engine.roots))
        self.observer.metrics.caches.watched = {
            "documents": uses_of(documents.documents),
            "prepared": uses_of(operations.prepared),
            "plans": (documents.plan_uses, None),
            "statements": uses_of(engine.statements),
        }
        for name, each in (("generic", pools.generic), ("custom", pools.custom)):
            self.observer.metrics.watch_pool(name, each, partial(pools.waiting.__getitem__, name))
        self.observer.metrics.watch_pool("commands", pool())
        viewers = ViewerCache(pools.generic.fetchrow)
        authenticator = Authenticator(keys=self.keys, viewers=viewers, uses=self._uses, provider=self.provider)
        feed = Feed(pools)
        tail, jobs = Tail(feed.newest), JobWatch(pools.generic.fetch)
        claims = LeadClaims(self.company)
        return Connected(pools, operations, authenticator, custom_fields, feed, tail, jobs, claims)

    async def _read_weights(self) -> None:
        assert self.connected is not None  # noqa: S101  # this task starts after connecting
        self.connected.team_weights = await team_weights(self.connected.pools.custom.fetch)


def _provider(settings: Settings) -> "OpenIdProvider | None":
    if not settings.oidc_issuer or not settings.oidc_audience:
        return None
    from connectors.oidc.provider import Client, OpenIdProvider  # they bring libraries that are not needed without

    issuer, audience = settings.oidc_issuer, settings.oidc_audience
    return OpenIdProvider(Client(issuer=issuer, audience=audience, email_claim=settings.oidc_email_claim))


async def _repeatedly(act: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await act()
        except Exception as error:
            log.warning("failed in the background", act=act.__name__, error=repr(error))
        await asyncio.sleep(seconds)

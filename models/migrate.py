"""Brings a database to the tables that the models declare, by the migrations in `models/migrations`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext

import asyncpg
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel, RunSQL
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor.asyncpg import AsyncpgSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

from models.connection import NAME, TransactionClient, configuration, unpooled_client
from models.locks import AdvisoryLock

SECONDS_BETWEEN_TRIES = 0.1

_LOOK_AHEAD = frozenset({CreateModel, AddField, AddIndex, AddConstraint, RunSQL})
"""The operations that do not ask what the models were before them."""


class SchemaEditor(AsyncpgSchemaEditor):
    """Tortoise's, with the constraints of a new table, which it forgets (1.1.9)."""

    async def create_model(self, model: type[Model]) -> None:
        """Create the table with its indexes and constraints."""
        await super().create_model(model)
        for constraint in model._meta.constraints:
            await self.add_constraint(model, constraint)


class UnfitDatabase(Exception):
    """The database cannot hold Sluice's data as it is; the message says why and what to do."""


async def migrate(database_url: str) -> list[str]:
    """Apply the missing migrations; their names, in order.

    Each is one transaction, together with its record; one with `atomic = False` can be repeated instead. Concurrent
    calls take turns. The address must lead to PostgreSQL itself: a pooler in between would lose the lock.
    Raises UnfitDatabase.
    """
    async with _direct_client(database_url) as client:
        await _check_collation(client.connection)
        await _wait_for_turn(client.connection)
        editor = SchemaEditor(client)
        recorder = MigrationRecorder(client)
        await recorder.ensure_schema(editor)
        loader = await _load(recorder)
        state = State(models={}, apps=StateApps(default_connections={"models": NAME}))
        missing = []
        for migration in _in_order(loader):
            if _is_applied(migration, loader):
                for operation in migration.operations:
                    operation.state_forward(migration.app_label, state)
                continue
            async with client.connection.transaction() if migration.atomic else nullcontext():
                await _apply(migration, state, editor)
                await recorder.record_applied(migration.app_label, migration.name)
            missing.append(migration.name)
        return missing


async def _apply(migration: Migration, state: State, editor: SchemaEditor) -> None:
    """As Tortoise does (1.1.9), which copies all models before each operation, whether it looks at them or not."""
    for operation in migration.operations:
        before = state if type(operation) in _LOOK_AHEAD else state.clone()
        operation.state_forward(migration.app_label, state)
        await operation.database_forward(migration.app_label, before, state, editor)
    state.validate_relations_initialized()


async def pending(database_url: str) -> list[str]:
    """The names of the migrations that the database lacks, in order; it fits this code when there are none."""
    async with _direct_client(database_url) as client:
        loader = await _load(MigrationRecorder(client))
        return [migration.name for migration in _in_order(loader) if not _is_applied(migration, loader)]


@asynccontextmanager
async def _direct_client(database_url: str) -> AsyncIterator[TransactionClient]:
    connection = await asyncpg.connect(database_url)
    try:
        yield unpooled_client(database_url, connection)
    finally:
        await connection.close()


async def _wait_for_turn(connection: asyncpg.Connection) -> None:
    """Take the lock by asking again and again: an index that is made concurrently would wait for who waits for it."""
    turn = AdvisoryLock.MIGRATIONS
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", turn):  # noqa: ASYNC110  # sessions know no events
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)


async def _check_collation(connection: asyncpg.Connection) -> None:
    """Text must sort the same way on every machine, and as it does in Python."""
    if not await connection.fetchval(
        "SELECT datlocprovider = 'b' AND datlocale = 'C.UTF-8' FROM pg_database WHERE datname = current_database()"
    ):
        raise UnfitDatabase(
            "the database sorts text in another way: make it with"
            " CREATE DATABASE ... LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' TEMPLATE template0"
        )


async def _load(recorder: MigrationRecorder) -> MigrationLoader:
    loader = MigrationLoader(configuration("")["apps"], recorder)
    await loader.build_graph()
    return loader


def _in_order(loader: MigrationLoader) -> Iterator[Migration]:
    (newest,) = loader.graph.leaf_nodes("models")
    for key in loader.graph.forwards_plan(newest):
        yield loader.disk_migrations[key]


def _is_applied(migration: Migration, loader: MigrationLoader) -> bool:
    return any(key.name == migration.name for key in loader.applied_migrations)

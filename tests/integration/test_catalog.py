"""What the models declare is what PostgreSQL has: columns, constraints, foreign keys and indexes, and nothing else.

What is declared is made again on an empty copy of the table, so that both sides are in PostgreSQL's own words.
"""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

import models
from models.columns import ShapedIndex

MODELS = [value for value in vars(models).values() if isinstance(value, type) and issubclass(value, Model)]
ON_DELETE = {"RESTRICT": "r", "CASCADE": "c", "SET NULL": "n"}
# Written and read by statements alone.
WITHOUT_MODEL = {"tortoise_migrations", "stored_file_chunk", "order_counter", "order_count_delta"}
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


@pytest.fixture
async def catalog(module_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the migrated database."""
    connection = await asyncpg.connect(module_database)
    yield connection
    await connection.close()


@every_model
async def test_columns(catalog: asyncpg.Connection, model: type[Model]) -> None:
    declared = {}
    for name, column in model._meta.fields_db_projection.items():
        field = model._meta.fields_map[name]
        # As PostgreSQL writes the type.
        words = "SELECT format_type(to_regtype($1), to_regtypemod($1))"
        declared[column] = (
            await catalog.fetchval(words, field.get_for_dialect("postgres", "SQL_TYPE")),
            not field.null,
        )
    rows = await catalog.fetch(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
        table(model),
    )
    assert {name: (words, required) for name, words, required in rows} == declared


@every_model
async def test_unique_and_check_constraints(catalog: asyncpg.Connection, model: type[Model]) -> None:
    declared = await constraints_of_copy(catalog, model)
    assert await constraints(catalog, table(model)) == declared


@every_model
async def test_indexes(catalog: asyncpg.Connection, model: type[Model]) -> None:
    declared = await indexes_of_copy(catalog, model)
    assert await indexes(catalog, table(model)) == declared


@every_model
async def test_foreign_keys(catalog: asyncpg.Connection, model: type[Model]) -> None:
    declared = set()
    for name in model._meta.fk_fields:
        field = model._meta.fields_map[name]
        assert isinstance(field, ForeignKeyFieldInstance)
        if field.db_constraint:
            declared.add((f"{name}_id", table(field.related_model), ON_DELETE[field.on_delete.value]))
    rows = await catalog.fetch(
        "SELECT attname, confrelid::regclass::text, confdeltype::text FROM pg_constraint"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
        " WHERE conrelid = to_regclass($1) AND contype = 'f' AND convalidated",
        table(model),
    )
    assert {tuple(row) for row in rows} == declared


async def test_exact_numbers_and_milliseconds_everywhere(catalog: asyncpg.Connection) -> None:
    types = await catalog.fetch(
        "SELECT DISTINCT format_type(atttypid, atttypmod) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND relname = ANY($1)",
        [table(model) for model in MODELS],
    )
    found = {words for (words,) in types}
    assert {words for words in found if words.startswith(("numeric", "double", "real"))} == {"numeric", "numeric[]"}
    assert {words for words in found if words.startswith("time")} <= {
        "timestamp(3) with time zone",
        "timestamp(3) with time zone[]",
    }


async def test_orders_are_numbered_from_one(catalog: asyncpg.Connection) -> None:
    default = await catalog.fetchval(
        "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum"
        " WHERE adrelid = 'sales_order'::regclass AND attname = 'number'"
    )
    assert await catalog.fetchval(f"SELECT {default}") == "SO-00000001"


async def test_every_table_has_a_model_but_those_that_may_be_lost(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch(
        "SELECT relname FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relpersistence = 'p'"
    )
    feed = {name for (name,) in rows if name.startswith("event_")}  # only set-based SQL uses it
    assert {name for (name,) in rows} - feed == {table(model) for model in MODELS} | WITHOUT_MODEL


def table(model: type[Model]) -> str:
    return model._meta.db_table


async def constraints_of_copy(catalog: asyncpg.Connection, model: type[Model]) -> dict[str, str]:
    async with catalog.transaction():
        await catalog.execute(f"CREATE TEMP TABLE copy (LIKE {table(model)}) ON COMMIT DROP")
        for constraint in model._meta.constraints:
            await catalog.execute(f'ALTER TABLE copy ADD CONSTRAINT "{constraint.name}" {written(constraint, model)}')
        return await constraints(catalog, "copy")


def written(constraint: Any, model: type[Model]) -> str:
    if isinstance(constraint, CheckConstraint):
        return f"CHECK ({constraint.check})"
    assert isinstance(constraint, UniqueConstraint)
    assert constraint.condition is None
    columns = [model._meta.fields_map[name].source_field or name for name in constraint.fields]
    return f"UNIQUE ({', '.join(columns)})"


async def constraints(catalog: asyncpg.Connection, name: str) -> dict[str, str]:
    rows = await catalog.fetch(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = to_regclass($1) AND contype IN ('u', 'c') AND convalidated",
        name,
    )
    return dict([tuple(row) for row in rows])


async def indexes_of_copy(catalog: asyncpg.Connection, model: type[Model]) -> dict[str, str]:
    async with catalog.transaction():
        await catalog.execute(f"CREATE TEMP TABLE copy (LIKE {table(model)}) ON COMMIT DROP")
        for index in model._meta.indexes:
            assert isinstance(index, ShapedIndex)
            parts = [f"USING {index.INDEX_TYPE or 'btree'} ({', '.join(index.fields)})"]
            parts += [f"INCLUDE ({', '.join(index.include)})"] if index.include else []
            parts += [f"WITH ({index.options})"] if index.options else []
            parts += [f"WHERE {index.where}"] if index.where else []
            await catalog.execute(f'CREATE INDEX "copy_{index.name}" ON copy {" ".join(parts)}')
        found = await indexes(catalog, "copy")
    return {name.removeprefix("copy_"): words for name, words in found.items()}


async def indexes(catalog: asyncpg.Connection, name: str) -> dict[str, str]:
    """The valid indexes that no constraint made, from USING on: method, keys with directions, payload, condition."""
    rows = await catalog.fetch(
        "SELECT relname, split_part(pg_get_indexdef(indexrelid), ' USING ', 2)"
        " FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = to_regclass($1) AND indisvalid"
        "   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))",
        name,
    )
    return dict([tuple(row) for row in rows])

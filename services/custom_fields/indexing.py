"""The index of a custom field: asked for here, built and dropped by a job.

A field has two indexes, one for each direction, since rows without a value come last both ways. They are built
without keeping anybody from writing, which no transaction can do: whoever is killed in the middle leaves an invalid
index, which the next one finds and drops.
"""

from asyncpg import Record
from asyncpg.pool import PoolConnectionProxy

from domain.audit import AuditAction
from domain.custom_fields.kinds import CustomFieldIndexState, CustomFieldType
from domain.errors import InvalidInput, Refused
from domain.jobs import JobKind, JobState
from domain.paths import INPUT
from domain.problems import Problem
from models.connection import TransactionClient, pool
from rows.custom_fields import CustomField
from rows.entities import ENTITIES
from rows.viewer import Viewer
from services.custom_fields.change import lock_field, write_field
from services.idempotency import Request, once
from services.jobs.create import create_job
from services.jobs.progress import Progress
from services.transaction import retrying, transaction

LONGEST_BUILD = 6 * 3600.0
_DONE = """
UPDATE custom_field SET index_state = $2 WHERE id = $1 AND index_job_id = $3
"""
_WAITING = "SELECT j.id FROM job j JOIN custom_field f ON f.index_job_id = j.id WHERE f.id = $1 AND j.state = $2"
_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
_OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})
_CAME_TO_NOTHING = frozenset({JobState.FAILED, JobState.CANCELLED})
_WAYS = {"": "DESC", "_asc": "ASC"}


@retrying
async def index_custom_field(
    *, viewer: Viewer, field_id: int, indexed: bool, idempotency_key: str | None = None
) -> int:
    """Have the index of the field built or dropped by a job, unless that is done or under way; the field's id.

    Raises Refused with NotFound, NotPermitted, InvalidInput (a job that does the opposite has not ended yet) or
    IdempotencyKeyReused.
    """
    asked = {"id": field_id, "indexed": indexed}
    request = Request(principal=viewer.user_id, mutation="customFieldIndex", key=idempotency_key, asked=asked)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _ask(client, viewer, field_id, indexed))
    return outcome.settle()


async def _ask(client: TransactionClient, viewer: Viewer, field_id: int, indexed: bool) -> int:
    field = await lock_field(client, viewer, field_id)
    under_way = CustomFieldIndexState.BUILDING if indexed else CustomFieldIndexState.DROPPING
    state = await _job_state(client, field_id)
    if field.index_state == _wanted(indexed) or (field.index_state == under_way and state not in _CAME_TO_NOTHING):
        return field_id
    if state in _OPEN:
        raise Refused(InvalidInput(path=(*INPUT, "indexed"), problem=Problem.UNDER_WAY))
    job_id = await create_job(
        client,
        kind=JobKind.CUSTOM_FIELD_INDEX,
        started_by=viewer.user_id,
        parameters={"field_id": field_id, "indexed": indexed},
    )
    changed = {"index_state": under_way, "index_job_id": job_id}
    await write_field(client, viewer, field, AuditAction.CUSTOM_FIELD_INDEXED, changed, {"indexed": indexed})
    return field_id


async def _job_state(client: TransactionClient, field_id: int) -> JobState | None:
    """How far the newest job of the field has come."""
    state = await client.connection.fetchval(
        "SELECT state FROM job WHERE id = (SELECT index_job_id FROM custom_field WHERE id = $1)", field_id
    )
    return None if state is None else JobState(state)


async def index_job(field_id: int) -> int | None:
    """The job that is to build or drop the index of the field, if it has not begun."""
    found: int | None = await pool().fetchval(_WAITING, field_id, JobState.QUEUED)
    return found


async def set_index(*, job_id: int, field_id: int, indexed: bool, progress: Progress) -> None:
    """Build or drop the indexes of the field, as the job of this id was asked to; what is done already stays.

    `progress` is told of each step before it is taken; what it raises, such as CancelAsked, leaves the rest undone.
    """
    async with pool().acquire() as connection:
        row = await connection.fetchrow("SELECT id, entity, key, type FROM custom_field WHERE id = $1", field_id)
        assert row is not None  # noqa: S101  # definitions are never deleted
        field = CustomField(row["id"], row["key"], CustomFieldType(row["type"]))
        [table] = [entity.table for entity in ENTITIES.values() if entity.custom == row["entity"]]
        indexes = indexes_of(field, table)
        for done, (name, on) in enumerate(indexes.items()):
            await progress(done=done, total=len(indexes))
            if indexed:
                await _build(connection, name, on)
            else:
                await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", timeout=LONGEST_BUILD)
        await progress(done=len(indexes), total=len(indexes))
        if indexed:
            await connection.execute(f"ANALYZE {table}", timeout=LONGEST_BUILD)
        await connection.execute(_DONE, field_id, _wanted(indexed), job_id)


def indexes_of(field: CustomField, table: str) -> dict[str, str]:
    """The indexes of a field of the rows in `table`: by their names what they are on."""
    value = field.column.sql.format(t=table)
    return {
        f"{table}_custom_{field.id}{suffix}": f"{table} (({value}) {way} NULLS LAST, id {way})"
        for suffix, way in _WAYS.items()
    }


async def _build(connection: "PoolConnectionProxy[Record]", name: str, on: str) -> None:
    valid = await connection.fetchval(_VALID, name)
    if valid is False:
        await connection.execute(f"DROP INDEX CONCURRENTLY {name}", timeout=LONGEST_BUILD)
    if not valid:
        await connection.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}", timeout=LONGEST_BUILD)


def _wanted(indexed: bool) -> CustomFieldIndexState:
    return CustomFieldIndexState.READY if indexed else CustomFieldIndexState.NONE

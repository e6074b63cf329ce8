"""A job looks for an erased person in reports, histories, segments, the audit, the filters of exports, and files.

How far it has come is stored with what it did, so that it goes on there. The texts that it looks for are personal data:
they are forgotten when it ends, however it does.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson

from domain.jobs import JobKind, JobState
from models.connection import pool
from services.files.store import read_file
from services.jobs.leases import hold_lease
from services.jobs.progress import Progress
from services.transaction import retrying, transaction

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "cp1252")
ROWS_AT_ONCE = 5_000
_LONGEST_STATEMENT = 600.0

_EXPORTS = """
UPDATE job SET parameters = CASE WHEN kind = $3 THEN '{}' ELSE parameters || '{"filter": null}' END
WHERE (kind = $3 OR parameters ? 'filter') AND NOT state = ANY ($2::text[]) AND EXISTS (
    SELECT FROM unnest($1::text[]) text
    WHERE position(lower(text) IN lower(concat(parameters ->> 'filter', ' ', parameters ->> 'email', ' ',
                                               parameters ->> 'phone'))) > 0)
"""
_JOBS = """
UPDATE job SET parameters = facts_without(parameters, $1::text[]),
               message_facts = facts_without(message_facts, $1::text[])
WHERE NOT state = ANY ($2::text[]) AND EXISTS (
    SELECT FROM unnest($1::text[]) text,
                jsonb_path_query(jsonb_build_array(parameters, message_facts), '$.** ? (@.type() == "string")') said
    WHERE position(lower(text) IN lower(said #>> '{}')) > 0)
"""
_LAST_ROW = "SELECT max(id) FROM (SELECT id FROM {table} WHERE id > $1 ORDER BY id LIMIT $2) batch"
_REPORTS = """
UPDATE job_report_row SET subject = NULL, reason = NULL, problems = '[{"problem": "erased"}]'
WHERE id > $2 AND id <= $3 AND EXISTS (
    SELECT FROM unnest($1::text[]) text WHERE position(lower(text) IN lower(concat_ws(' ', subject, reason, (
        SELECT string_agg(said #>> '{}', ' ') FROM jsonb_path_query(problems, '$[*].*') said)))) > 0)
"""
_WORDS = """
UPDATE {table} SET {said} = '(erased)'
WHERE id > $2 AND id <= $3 AND {said} IS NOT NULL AND EXISTS (
    SELECT FROM unnest($1::text[]) text WHERE position(lower(text) IN lower({said})) > 0)
"""
_WHY = _WORDS.replace("{said}", "reason")
# A reference is booked once, so that what takes its place is one of a kind as well.
_REFERENCES = _WORDS.replace("{said} = '(erased)'", "{said} = '(erased ' || id || ')'").replace("{said}", "reference")
# A name stays one of a kind; what the filter looked for is found nowhere any more.
_SEGMENTS = """
UPDATE segment SET condition = facts_without(condition, $1::text[]),
    name = CASE WHEN EXISTS (SELECT FROM unnest($1::text[]) text WHERE position(lower(text) IN lower(name)) > 0)
           THEN '(erased ' || id || ')' ELSE name END
WHERE id > $2 AND id <= $3 AND EXISTS (
    SELECT FROM unnest($1::text[]) text WHERE position(lower(text) IN lower(concat(name, ' ', condition))) > 0)
"""
# Each text of the facts by itself is replaced; the trigger of the table lets nothing else pass.
_AUDIT = """
UPDATE audit_entry SET facts = facts_without(facts, $1::text[])
WHERE id > $2 AND id <= $3 AND EXISTS (
    SELECT FROM unnest($1::text[]) text, jsonb_path_query(facts, '$.** ? (@.type() == "string")') said
    WHERE position(lower(text) IN lower(said #>> '{}')) > 0)
"""
_NEXT_FILE = """
SELECT id, media_type LIKE 'text/%' OR media_type LIKE '%json' AS legible, EXISTS (
    SELECT FROM unnest($2::text[]) text WHERE position(lower(text) IN lower(name)) > 0) AS named
FROM stored_file WHERE id > $1 AND completed_at IS NOT NULL ORDER BY id LIMIT 1
"""
_LEFT = "SELECT count(*) FROM stored_file WHERE id > $1 AND completed_at IS NOT NULL"
_DROP = """
DELETE FROM stored_file WHERE id = $1 AND NOT EXISTS (
    SELECT FROM job WHERE state = ANY ($2::text[])
      AND job.parameters -> 'files' @> jsonb_build_array(jsonb_build_object('file_id', stored_file.id)))
"""
_REACHED = "UPDATE job SET parameters = parameters || $2::jsonb WHERE id = $1"
_FORGET = """
UPDATE job SET parameters = parameters - 'texts'
WHERE kind = $1 AND parameters ? 'texts' AND (id = $2 OR NOT state = ANY ($3::text[]))
"""
_OPEN = [JobState.QUEUED.value, JobState.RUNNING.value]


_PLACES: Mapping[str, tuple[str, str]] = {
    "row": ("job_report_row", _REPORTS),
    "status_change": ("order_status_change", _WHY),
    "order_change": ("order_owner_change", _WHY),
    "tier_override": ("order_tier_override", _WHY),
    "customer_change": ("customer_owner_change", _WHY),
    "level_change": ("customer_level_change", _WHY),
    "level_proposal": ("level_proposal", _WHY),
    "leave": ("user_leave", _WHY),
    "segment": ("segment", _SEGMENTS),
    "payment": ("payment", _WHY),
    "reference": ("payment", _REFERENCES),
    "movement": ("stock_movement", _WHY),
    "shipment": ("shipment", _WORDS.replace("{said}", "carrier")),
    "feedback": ("feedback", _WORDS.replace("{said}", "comment")),
    "complaint": ("complaint", _WORDS.replace("{said}", "description")),
    "complaint_change": ("complaint_change", _WORDS.replace("{said}", "note")),
    "follow_up": ("lead_follow_up", _WORDS.replace("{said}", "content")),
    "lead_change": ("lead_assignment", _WHY),
    "entry": ("audit_entry", _AUDIT),
}
"""Where texts are looked for, a batch at a time: what `Reached` calls it, its table, and the statement."""


@dataclass
class Reached:
    """How far a search has come: the last row of each table and the last file that were looked at, how many files were,
    and how much was blanked or removed."""

    row: int = 0
    status_change: int = 0
    order_change: int = 0
    tier_override: int = 0
    customer_change: int = 0
    level_change: int = 0
    level_proposal: int = 0
    leave: int = 0
    segment: int = 0
    payment: int = 0
    reference: int = 0
    movement: int = 0
    shipment: int = 0
    feedback: int = 0
    complaint: int = 0
    complaint_change: int = 0
    follow_up: int = 0
    lead_change: int = 0
    entry: int = 0
    file: int = 0
    looked_at: int = 0
    rows: int = 0
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class Search:
    """One attempt at the job `job_id`, which looks for `texts`."""

    job_id: int
    attempt: int
    texts: Sequence[str]
    progress: Progress
    reached: Reached = field(default_factory=Reached)


async def search(run: Search) -> Reached:
    """Look everywhere; what was found by now, in all attempts. Raises LeaseLost, and what `run.progress` raises."""
    if run.texts:
        await pool().execute(_EXPORTS, run.texts, _OPEN, JobKind.PERSONAL_DATA_EXPORT, timeout=_LONGEST_STATEMENT)
        await pool().execute(_JOBS, run.texts, _OPEN, timeout=_LONGEST_STATEMENT)
        for place in _PLACES:
            await _search_rows(run, place)
        await _search_files(run)
    await forget_texts(run.job_id)
    return run.reached


async def forget_texts(job_id: int = 0) -> None:
    """Forget what this job was to look for, and what all those were that have ended."""
    await pool().execute(_FORGET, JobKind.PERSONAL_DATA_TRACES, job_id, _OPEN)


async def _search_rows(run: Search, place: str) -> None:
    find = _LAST_ROW.format(table=_PLACES[place][0])
    while (last := await pool().fetchval(find, getattr(run.reached, place), ROWS_AT_ONCE)) is not None:
        await _blank(run, place, last)
        await run.progress(done=run.reached.looked_at)


@retrying
async def _blank(run: Search, place: str, last: int) -> None:
    """Blank the rows of this place as far as `last`."""
    table, statement = _PLACES[place]
    statement = statement.replace("{table}", table)
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        await client.connection.execute("SET LOCAL sluice.erasure = 'on'")
        tag = await client.connection.execute(statement, run.texts, getattr(run.reached, place), last)
        reached = {place: last, "rows": run.reached.rows + int(tag.split()[-1])}
        await _store(client.connection, run, reached)
    _note(run, reached)


async def _search_files(run: Search) -> None:
    needles = needles_of(run.texts)
    total = run.reached.looked_at + await pool().fetchval(_LEFT, run.reached.file)
    while file := await pool().fetchrow(_NEXT_FILE, run.reached.file, run.texts):
        # What is compressed cannot be looked into, and is made or sent again.
        found = file["named"] or not file["legible"] or await _tells(run, file["id"], needles)
        await _pass(run, file["id"], drop=found)
        await run.progress(done=run.reached.looked_at, total=max(total, run.reached.looked_at))


async def _tells(run: Search, file_id: int, needles: Sequence[bytes]) -> bool:
    """Whether any of `needles` is in the file; it may lie across two pieces."""
    overlap, before = max(map(len, needles)) - 1, b""
    async for piece in read_file(file_id):
        text = before + piece.lower()
        if await asyncio.to_thread(_any_in, needles, text):
            return True
        before = text[-overlap:] if overlap else b""
        await run.progress(done=run.reached.looked_at)
    return False


def _any_in(needles: Sequence[bytes], text: bytes) -> bool:
    return any(needle in text for needle in needles)


@retrying
async def _pass(run: Search, file_id: int, *, drop: bool) -> None:
    """Remove the file, if it is to be and no job needs it, and never look at it again."""
    async with transaction() as client:
        await hold_lease(client, job_id=run.job_id, attempt=run.attempt)
        files = run.reached.files
        if drop:
            tag = await client.connection.execute(_DROP, file_id, _OPEN, timeout=_LONGEST_STATEMENT)
            files += int(tag.split()[-1])
        reached = {"file": file_id, "files": files, "looked_at": run.reached.looked_at + 1}
        await _store(client.connection, run, reached)
    _note(run, reached)


async def _store(connection: "asyncpg.Connection[Any]", run: Search, reached: dict[str, int]) -> None:
    await connection.execute(_REACHED, run.job_id, orjson.dumps(reached).decode())


def _note(run: Search, reached: dict[str, int]) -> None:
    for name, value in reached.items():
        setattr(run.reached, name, value)


def needles_of(texts: Sequence[str]) -> list[bytes]:
    """The bytes to look for in files of which ASCII letters were made small: each text as it is, small, and in
    capitals, in each charset in which it can be written."""
    return sorted({encoded for text in texts for encoded in _encoded(text)})


def _encoded(text: str) -> Iterator[bytes]:
    for spelling in {text, text.lower(), text.upper(), text.title()}:
        for charset in CHARSETS:
            try:
                yield spelling.encode(charset).lower()
            except UnicodeEncodeError:
                continue

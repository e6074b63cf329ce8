"""The work that waits in the database, and those who keep it."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

import asyncpg

from app.doctor.findings import Finding, ok, problem, warning
from app.doctor.reminders import check_reminders
from domain.errors import Refused
from domain.naming import camel
from domain.orders.review import ReviewPolicy
from domain.orders.review_policies import unchecked
from services.backlog import MOST_COUNTED, Backlog, pending_deltas, stale_entries, unmeasured_customers
from services.levels.rules import rules_in_force

LATE = timedelta(minutes=1)
_GIGABYTE = 1 << 30

_FACTS = """
SELECT (SELECT count(*) FROM app_user WHERE active AND 'ADMIN' = ANY(roles)) AS administrators,
       (SELECT count(*) FROM job WHERE state = 'QUEUED' AND created_at < now() - interval '2 minutes') AS jobs,
       (SELECT now() - min(created_at) FROM outbox_event) AS event_age,
       (SELECT room - newest FROM event_sequence) AS room,
       (SELECT count(*) FROM stored_file) AS files,
       (SELECT coalesce(sum(size), 0)::bigint FROM stored_file) AS bytes,
       (SELECT coalesce(max(of_one), 0)::bigint FROM (SELECT sum(size) AS of_one FROM stored_file GROUP BY owner_id) o)
           AS most_of_one
"""

_CHECKED = ", ".join(field.name for field in fields(ReviewPolicy))
_POLICIES = f"SELECT code, {_CHECKED} FROM review_policy WHERE active AND approve_clean ORDER BY rank, id"  # noqa: S608  # of fields of ours


async def check_work(connection: asyncpg.Connection, *, quota: int) -> list[Finding]:
    """Findings about people, jobs, events, counts, tiers, customers, reminders, rules, files; `quota`: of a user."""
    [facts] = await connection.fetch(_FACTS)
    pending = await pending_deltas(connection)
    stale = await stale_entries(connection)
    unmeasured = await unmeasured_customers(connection)
    waiting = [*_counts(pending), *_tiers(stale), *_customers(unmeasured)]
    rules = [*await _levels(connection), *await _reviews(connection)]
    waiting += await check_reminders(connection, late=LATE)
    return [*_people_and_jobs(facts), *_events(facts), *waiting, *rules, *_files(facts, quota)]


def _people_and_jobs(facts: asyncpg.Record) -> Iterator[Finding]:
    match facts["administrators"]:
        case 0:
            yield problem("nobody is an administrator", "sluice user create EMAIL --name NAME --role ADMIN")
        case 1:
            yield ok("1 user is an administrator; a second one helps when that one is away")
        case count:
            yield ok(f"{count} users are administrators")
    if facts["jobs"]:
        yield problem(f"{facts['jobs']} jobs have been waiting for minutes", "see that sluice worker runs")


def _events(facts: asyncpg.Record) -> Iterator[Finding]:
    age = facts["event_age"] or timedelta()
    if age > LATE:
        yield problem(
            f"events have had no position for {age.total_seconds():.0f} seconds: nobody is told of changes",
            "see that sluice worker runs, and that no transaction is open for as long",
        )
    else:
        yield ok(f"events have their positions; {facts['room']:,} more have room")


def _counts(pending: Backlog) -> Iterator[Finding]:
    seconds = f"{pending.oldest.total_seconds():.0f} seconds"
    if pending.waiting == MOST_COUNTED:
        yield problem(
            f"counts are slow: {MOST_COUNTED:,} changes or more wait to be folded, the oldest for {seconds}",
            "see that sluice worker runs; sluice counters rebuild is then faster than to fold them all",
        )
    elif pending.oldest > LATE:
        yield warning(
            f"changes of counts have waited for {seconds} to be folded: counts are right, and become slower",
            "see that sluice worker runs; its log line `counts not folded` says why not",
        )


def _tiers(stale: Backlog) -> Iterator[Finding]:
    if stale.oldest > LATE:
        yield warning(
            f"orders of {stale.waiting:,} customers or fewer have waited for {stale.oldest.total_seconds():.0f} seconds"
            " to be classified: their tiers may be wrong",
            "see that sluice worker runs; its log line `orders not classified` says why not",
        )


def _customers(unmeasured: Backlog) -> Iterator[Finding]:
    if unmeasured.oldest > LATE:
        yield warning(
            f"{unmeasured.waiting:,} customers or fewer have waited for {unmeasured.oldest.total_seconds():.0f} seconds"
            " to be measured: their recency, frequency and value may be old",
            "see that sluice worker runs; its log line `customers not measured` says why not",
        )


async def _levels(connection: asyncpg.Connection) -> list[Finding]:
    try:
        await rules_in_force(connection)
    except Refused:
        return [
            warning(
                "a rule that proposes levels means nothing any more: no level is proposed or withdrawn",
                "correct its filter with levelRuleUpsert, or make it inactive; a custom field of it may be out of use",
            )
        ]
    return []


async def _reviews(connection: asyncpg.Connection) -> list[Finding]:
    rows = [dict(row) for row in await connection.fetch(_POLICIES)]
    missing = {row.pop("code"): unchecked(ReviewPolicy(**row)) for row in rows}
    return [
        warning(
            f"the policy of review {code} approves orders without a look at {', '.join(map(camel, names))}:"
            " where there is no policy, they are looked at",
            "reviewPolicyUpsert says what is checked; a policy from before there was a field leaves it out",
        )
        for code, names in missing.items()
        if names
    ]


def _files(facts: asyncpg.Record, quota: int) -> Iterator[Finding]:
    yield ok(f"{facts['files']:,} files have {facts['bytes'] / _GIGABYTE:.1f} GB")
    if facts["most_of_one"] > 0.9 * quota:
        yield warning("a user has used nine tenths of what their files may have", "raise FILE_QUOTA, or remove files")

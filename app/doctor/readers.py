"""The two roles that read: what their addresses lead to, and what they may do there."""

import asyncpg

from app.doctor.database import SECONDS_TO_ANSWER
from app.doctor.findings import Finding, ok, problem, warning
from app.settings import Settings

_FACTS = """
SELECT current_user AS role,
       current_setting('default_transaction_read_only') = 'on' AS only_reads,
       current_setting('statement_timeout') AS within,
       current_setting('plan_cache_mode') AS mode,
       pg_is_in_recovery() AS replica,
       (SELECT count(*) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND relname NOT LIKE 'tortoise_migrations%' AND NOT has_table_privilege(oid, 'SELECT')) AS hidden
"""
_ROLES = "run app/embedded/roles.sql and give the reads a role of their own"


async def check_readers(settings: Settings) -> list[Finding]:
    """Findings about DATABASE_READ_URL and DATABASE_READ_GENERIC_URL."""
    urls = (settings.database_read_url, settings.database_read_generic_url)
    if set(urls) == {settings.database_url}:
        return [
            warning("reads use the role that writes: nothing limits how long they run", f"{_ROLES} (DATABASE_READ_URL)")
        ]
    return [
        *await _check("DATABASE_READ_URL", urls[0], mode="auto"),
        *await _check("DATABASE_READ_GENERIC_URL", urls[1], mode="force_generic_plan"),
    ]


async def _check(setting: str, url: str, *, mode: str) -> list[Finding]:
    try:
        connection = await asyncpg.connect(url, timeout=SECONDS_TO_ANSWER)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        return [problem(f"{setting} leads nowhere: {' '.join(str(fault).split())}", _ROLES)]
    try:
        [facts] = await connection.fetch(_FACTS)
    finally:
        await connection.close()
    return _judge(setting, facts, mode=mode)


def _judge(setting: str, facts: asyncpg.Record, *, mode: str) -> list[Finding]:
    role, found = facts["role"], []
    if facts["hidden"]:
        found.append(
            problem(
                f"{role} cannot read {facts['hidden']} tables",
                f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}, and the default privileges of roles.sql",
            )
        )
    if not facts["only_reads"]:
        found.append(warning(f"{role} may write", f"ALTER ROLE {role} SET default_transaction_read_only = on"))
    if facts["within"] == "0":
        found.append(
            warning(f"statements of {role} may run for ever", f"ALTER ROLE {role} SET statement_timeout = '10s'")
        )
    if facts["mode"] != mode:
        found.append(
            warning(
                f"{setting} plans in mode {facts['mode']}: some reads are many times slower",
                f"ALTER ROLE {role} SET plan_cache_mode = {mode}",
            )
        )
    if facts["replica"]:
        found.append(
            warning(
                f"{setting} leads to a replica: what was just written may not be there",
                "set synchronous_commit = remote_apply on the primary",
            )
        )
    return found or [ok(f"{role} can read, and only that")]

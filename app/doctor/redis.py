"""Redis or Valkey: whether it keeps what is put into it, and whether workers listen."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.doctor.findings import Finding, ok, problem, warning
from app.settings import Settings
from workers.names import QueueName

SECONDS_TO_ANSWER = 5
# What arq's workers write while they take jobs.
_ALIVE = ":health-check"


async def check_redis(settings: Settings) -> list[Finding]:
    """Findings about REDIS_URL."""
    client = Redis.from_url(
        settings.redis_url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
    )
    try:
        return await _check(client)
    except (RedisError, OSError) as fault:
        why = " ".join(str(fault).split())
        return [problem(f"Redis cannot be used: {why}", "see that it runs and that REDIS_URL leads to it")]
    finally:
        await client.aclose()


async def _check(client: Redis) -> list[Finding]:
    info = await client.info()
    version = info.get("valkey_version") or info["redis_version"]
    found = [ok(f"{info.get('server_name', 'redis').capitalize()} {version} answers")]
    if info.get("cluster_enabled"):
        found.append(problem("it is a cluster, which the queues cannot use", "use one server, or Sentinel"))
    if info.get("maxmemory_policy", "noeviction") != "noeviction":
        found.append(
            problem(
                f"it forgets under pressure (maxmemory-policy {info['maxmemory_policy']})",
                "set maxmemory-policy noeviction",
            )
        )
    if not info.get("aof_enabled"):
        found.append(warning("a restart empties the queues: jobs begin later", "set appendonly yes"))
    return [*found, *await _workers(client)]


async def _workers(client: Redis) -> list[Finding]:
    silent = [queue.value for queue in QueueName if not await client.exists(f"{queue.value}{_ALIVE}")]
    if not silent:
        return [ok("workers take jobs from every queue")]
    return [problem(f"no worker takes jobs from {', '.join(silent)}", "run sluice worker")]

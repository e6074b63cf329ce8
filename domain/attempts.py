"""How failed attempts to sign in slow down the next ones.

Three counts are kept, and the strictest decides: of an account from one client, where guesses at a password show; of an
account from everywhere, against guesses from many places; of a client over all accounts, against one guess at each.
Only the first delays for long, and it concerns nobody but that client: no stranger can keep a user out for good.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """After `free` failures each further attempt waits twice as long, from a second up to `longest`.

    A count is forgotten when nothing was tried for `forgotten_after`.
    """

    free: int
    longest: timedelta
    forgotten_after: timedelta


OF_ACCOUNT_AND_CLIENT = Allowance(free=10, longest=timedelta(minutes=15), forgotten_after=timedelta(days=1))
OF_ACCOUNT = Allowance(free=30, longest=timedelta(minutes=1), forgotten_after=timedelta(days=1))
OF_CLIENT = Allowance(free=60, longest=timedelta(minutes=1), forgotten_after=timedelta(minutes=15))


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """Attempts that failed, or are not known yet to have succeeded."""

    failures: int
    last_at: datetime
    blocked_until: datetime


def with_another(before: Attempts | None, allowance: Allowance, *, now: datetime) -> Attempts:
    """The count with an attempt `now`, which its success takes back."""
    counts = before is not None and now - before.last_at < allowance.forgotten_after
    failures = before.failures + 1 if before and counts else 1
    return Attempts(failures=failures, last_at=now, blocked_until=now + _delay(failures, allowance))


def retry_at(attempts: Attempts | None, *, now: datetime) -> datetime | None:
    """When the next attempt is looked at; None for at once. One that comes before does not count, nor prolong it."""
    return attempts.blocked_until if attempts and attempts.blocked_until > now else None


def client_network(address: str | None) -> str | None:
    """What counts as one client: an IPv4 address, or the /64 that a subscriber gets of IPv6; None for no address."""
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _delay(failures: int, allowance: Allowance) -> timedelta:
    beyond = failures - allowance.free
    if beyond < 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(beyond, 20)), allowance.longest)

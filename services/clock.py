"""The one clock. Rules get `now` as a value; whoever calls them asks here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime


def _wall_clock() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Callable[[], datetime]] = ContextVar("clock", default=_wall_clock)


def now() -> datetime:
    """This moment in UTC, cut to the milliseconds that the database keeps."""
    moment = _source.get()()
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@contextmanager
def clock_set_to(moment: datetime) -> Iterator[None]:
    """Let `now` answer `moment` inside the block, for tests."""
    token = _source.set(lambda: moment)
    try:
        yield
    finally:
        _source.reset(token)

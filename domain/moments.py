"""How moments are told."""

from datetime import UTC, datetime


def write_moment(moment: datetime) -> str:
    """`moment`, of any zone, as 2026-01-31T08:00:00.123Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"

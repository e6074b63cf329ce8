"""Local times of a shop are moments in UTC, through both changes of the clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.imports import moment_of

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("shown", "moment"),
    [
        ("2011-01-04 10:00", "2011-01-04 10:00Z"),
        ("2011-05-31 15:53", "2011-05-31 14:53Z"),
        ("2011-03-27 00:59", "2011-03-27 00:59Z"),
        ("2011-03-27 01:30", "2011-03-27 01:30Z"),
        ("2011-03-27 02:00", "2011-03-27 01:00Z"),
        ("2010-10-31 01:30", "2010-10-31 00:30Z"),
        ("2010-10-31 02:00", "2010-10-31 02:00Z"),
    ],
    ids=["winter", "summer", "before the gap", "in the gap", "after the gap", "the hour that came twice", "after it"],
)
def test_a_clock_in_london(shown: str, moment: str) -> None:
    assert moment_of(datetime.fromisoformat(shown), LONDON) == datetime.fromisoformat(moment)

"""Cursors: what is given out is read again, and nothing that no row can have."""

from base64 import urlsafe_b64encode

import pytest

from reads.cursors import InvalidCursor, Position, decode
from rows.declare import Column, Kind


def cursor(value: int) -> str:
    return urlsafe_b64encode(f"position.asc,7,={value}".encode()).decode().rstrip("=")


POSITION = Column("{t}.position", Kind.INTEGER)


@pytest.mark.parametrize("value", [0, -1, 2**31, 2**63 - 1])
def test_every_integer_that_a_row_can_have_is_read(value: int) -> None:
    assert decode(cursor(value), "position.asc", POSITION) == Position(value, 7)


@pytest.mark.parametrize("value", [2**63, -(2**64)])
def test_an_integer_that_no_row_can_have_is_no_cursor(value: int) -> None:
    with pytest.raises(InvalidCursor):
        decode(cursor(value), "position.asc", POSITION)

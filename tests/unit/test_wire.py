"""Messages on the queues are JSON, and nothing that comes back is executed."""

import pickle
from typing import Any

import orjson
import pytest

from workers import wire

JOB: dict[str, Any] = {"t": None, "f": "run_job", "a": [7], "k": {}, "et": 1_772_442_000_000}


def test_a_job_comes_back_as_it_was_written() -> None:
    assert wire.decode(wire.encode(JOB)) == JOB


def test_an_exception_is_written_as_its_text() -> None:
    assert orjson.loads(wire.encode({"r": ValueError("too late")})) == {"r": "ValueError: too late"}


def test_what_json_cannot_hold_is_not_written() -> None:
    with pytest.raises(TypeError):
        wire.encode({"r": object()})


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(pickle.dumps(JOB), id="a pickle"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="no object"),
        pytest.param(orjson.dumps(JOB | {"f": None}), id="no function"),
        pytest.param(orjson.dumps(JOB | {"a": "7"}), id="arguments that are no list"),
        pytest.param(orjson.dumps(JOB | {"t": "1"}), id="a try that is no number"),
        pytest.param(orjson.dumps(JOB | {"et": "now"}), id="a time that is no number"),
    ],
)
def test_anything_else_is_no_job(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not a job"):
        wire.decode(raw)

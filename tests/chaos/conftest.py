"""The demo that tests of chaos work on, and where they tell their figures."""

import socket
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.chaos.demo import Demo

Tell = Callable[[str], None]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A running demo of the run's own."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    running = Demo(tmp_path_factory.mktemp("home"), port)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Prints a line at once."""

    def print_line(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    return print_line

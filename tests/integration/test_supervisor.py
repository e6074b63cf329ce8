"""The demo and its supervisor, with stand-ins for the programs it runs: the servers are real."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.supervisor import FIRST_DELAY, LONGEST_DELAY, SECONDS_OF_GOOD_RUN, Supervisor
from tests.processes import gone, kill, line_of

CHECKOUT = Path(__file__).parents[2]
READY = "Sluice is ready at "

DEMO = """
import sys
from app.commands.demo import run

API = '''
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *_): pass
http.server.HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Ready).serve_forever()
'''
sys.exit(run({
    "prepare": (sys.executable, "-c", sys.argv[1]),
    "serve": (sys.executable, "-c", API),
    "worker": (sys.executable, "-c", "import time; time.sleep(600)"),
}))
"""


class Demo:
    """A demo in a process of its own."""

    def __init__(self, home: Path, port: int | str, prepare: str = "pass") -> None:
        self.home = home
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-c", DEMO, prepare],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
            env={**os.environ, "SLUICE_HOME": str(home), "PORT": str(port)},
        )

    def until(self, text: str) -> str:
        """Reads its output until a line that has the text."""
        while text not in (line := line_of(self.process)):
            continue
        return line

    def answer(self) -> bytes:
        """Of the stand-in for the API: its pid."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=5)
        connection.request("GET", "/readyz")
        return connection.getresponse().read()

    def family(self) -> list[int]:
        """The pids of all that it started, directly or not."""
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Asks it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)


Start = Callable[..., Demo]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a demo that does not outlive the test."""
    running: list[Demo] = []

    def start_demo(home: Path, port: int | str, prepare: str = "pass") -> Demo:
        running.append(Demo(home, port, prepare))
        return running[-1]

    yield start_demo
    for demo in running:
        kill(demo.process)


@pytest.fixture
def demo(start: Start, home: Path, port: int) -> Demo:
    return start(home, port)


def test_the_demo_says_where_it_is_and_a_second_start_keeps_what_there_was(start: Start, demo: Demo) -> None:
    assert demo.until(READY).strip() == f"{READY}http://127.0.0.1:{demo.port}/graphql"
    key = (demo.home / "secret.key").read_text()
    assert demo.end() == 0
    began = time.monotonic()
    again = start(demo.home, demo.port)
    again.until(READY)
    assert time.monotonic() - began < 5
    assert (demo.home / "secret.key").read_text() == key
    assert again.end(signal.SIGTERM) == 0


def test_what_the_demo_leaves_for_other_commands_is_the_owners_alone_and_goes_with_it(demo: Demo) -> None:
    demo.until(READY)
    left = demo.home / "demo.env"
    assert (left.stat().st_mode & 0o777, (demo.home / "secret.key").stat().st_mode & 0o777) == (0o600, 0o600)
    assert "DATABASE_URL='postgresql://sluice@/sluice?host=" in left.read_text()
    advice = run_sluice("migrate", SLUICE_HOME=str(demo.home))
    assert advice.returncode == 2
    assert f"SLUICE_ENV_FILE={left}" in advice.stderr
    demo.end()
    assert not left.exists()


def test_a_signal_ends_every_process(demo: Demo) -> None:
    demo.until(READY)
    family = demo.family()
    assert len(family) > 4
    assert demo.end() == 0
    assert gone(family, seconds=0)


def test_a_killed_supervisor_leaves_nothing_running_and_the_demo_starts_again(start: Start, demo: Demo) -> None:
    demo.until(READY)
    family = demo.family()
    kill(demo.process)
    assert gone(family)
    again = start(demo.home, demo.port)
    again.until(READY)
    again.end()


def test_a_signal_during_the_preparation_ends_it(start: Start, home: Path, port: int) -> None:
    demo = start(home, port, prepare="import time; time.sleep(600)")
    demo.until("Preparing")
    family = demo.family()
    assert demo.end() == 0
    assert gone(family, seconds=0)


def test_what_dies_is_started_again(demo: Demo) -> None:
    demo.until(READY)
    first = int(demo.answer())
    os.kill(first, signal.SIGKILL)
    demo.until("serve ended")
    postgres = next(child for child in psutil.Process(demo.process.pid).children() if child.name() == "postgres")
    postgres.kill()
    demo.until("PostgreSQL ended")
    assert until_true(lambda: demo.answer() not in {b"", str(first).encode()})
    assert until_true(lambda: any(child.name() == "postgres" for child in psutil.Process(demo.process.pid).children()))


def test_a_second_demo_is_told_where_the_first_one_is(start: Start, demo: Demo) -> None:
    demo.until(READY)
    second = start(demo.home, "1")
    assert second.process.communicate()[0].decode().splitlines() == [
        f"a demo runs already, at http://127.0.0.1:{demo.port}/graphql (in {demo.home})"
    ]
    assert second.process.returncode == 1


def test_a_port_in_use_is_told(start: Start, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        demo = start(home, number)
        said = demo.process.communicate()[0].decode()
    assert said == f"port {number} of 127.0.0.1 is in use. Choose another: PORT=8001 make demo\n"
    assert demo.process.returncode == 1


def test_a_wrong_setting_is_named(start: Start, home: Path) -> None:
    demo = start(home, "http")
    said = demo.process.communicate()[0].decode().splitlines()
    assert len(said) == 1
    assert said[0].startswith("PORT: ")
    assert demo.process.returncode == 2


def test_a_preparation_that_fails_ends_the_demo_and_names_its_log(start: Start, home: Path, port: int) -> None:
    demo = start(home, port, prepare="raise SystemExit('no such table')")
    said = demo.process.communicate()[0].decode()
    log = home / "log" / "prepare.log"
    assert f"prepare failed; its log is {log}" in said
    assert log.read_text() == "no such table\n"
    assert demo.process.returncode == 1


class Frail:
    """A member that ends when the test says so."""

    name = "frail"
    log = Path("frail.log")

    def __init__(self) -> None:
        self.pid: int | None = None
        self.starts: list[float] = []
        self.clock = 0.0

    def start(self) -> None:
        self.starts.append(self.clock)

    def stop(self) -> None:
        self.pid = None


def test_what_keeps_dying_is_started_ever_later_and_soon_again_once_it_ran_well() -> None:
    frail = Frail()
    supervisor = Supervisor(lambda _: None, now=lambda: frail.clock)
    supervisor.start(frail)
    while len(frail.starts) < 12:
        frail.clock += 0.25
        supervisor.look()
    pauses = [later - sooner for sooner, later in zip(frail.starts, frail.starts[1:], strict=False)]
    assert pauses[0] <= FIRST_DELAY + 0.5
    assert pauses == sorted(pauses)
    assert LONGEST_DELAY <= pauses[-1] <= LONGEST_DELAY + 0.5
    frail.pid = 1
    frail.clock += SECONDS_OF_GOOD_RUN + 1
    supervisor.look()
    frail.pid = None
    supervisor.look()
    frail.clock += FIRST_DELAY
    supervisor.look()
    assert frail.starts[-1] == frail.clock


def run_sluice(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SLUICE_ENV_FILE"}}
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, env=kept | environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def until_true(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False

"""`sluice demo`: all of Sluice on this machine, over private servers and a made-up company."""

import errno
import http.client
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from app.commands.demo_environment import demo_settings, environment_file, lock_file, running_address, write_environment
from app.commands.demo_welcome import reachable, welcome
from app.embedded import ServersError, start_servers
from app.home import HomeError, HomeInUse, locked, prepare_home
from app.settings import ENV_FILE, LocalSettings, SettingsError, load_local_settings
from app.supervisor import Program, Supervisor

Commands = Mapping[str, Sequence[str]]
PYTHON = (sys.executable, "-P", "-m")
PREPARE = "prepare"
COMMANDS: Commands = {
    PREPARE: (*PYTHON, "app.commands.demo_data"),
    "serve": (*PYTHON, "app.cli", "serve"),
    "worker": (*PYTHON, "app.cli", "worker"),
}
"""The first is run to its end, the others are kept running."""
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_ANSWER = 2.0


class DemoError(Exception):
    """The demo cannot run; the message says why."""


def run(commands: Commands = COMMANDS) -> int:
    """Runs the demo until SIGINT, SIGTERM or SIGHUP; the exit code, after saying what was wrong if it is not 0."""
    try:
        local = load_local_settings()
        home = prepare_home(local.sluice_home)
        with ExitStack() as held:
            _hold(home, held)
            _check_port(local)
            _run(local, home, commands)
    except SettingsError as error:
        _say(str(error))
        return 2
    except (DemoError, HomeError, ServersError) as error:
        _say(str(error))
        return 1
    return 0


def _hold(home: Path, held: ExitStack) -> None:
    """Takes the home for this demo. Raises DemoError with the address of the one that has it."""
    try:
        held.enter_context(locked(lock_file(home), wait=False))
    except HomeInUse:
        running = running_address(home)
        raise DemoError(f"a demo runs already, {f'at {running}' if running else 'or starts'} (in {home})") from None


def _check_port(local: LocalSettings) -> None:
    try:
        family, _, _, _, place = socket.getaddrinfo(local.host, local.port, type=socket.SOCK_STREAM)[0]
        socket.create_server((place[0], local.port), family=family).close()
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise DemoError(f"port {local.port} of {local.host} {reason}. Choose another: PORT=8001 make demo") from None


def _run(local: LocalSettings, home: Path, commands: Commands) -> None:
    environment_file(home).unlink(missing_ok=True)  # of a demo that was killed
    _say("Starting the private servers")
    with _told_to_end() as ending, start_servers(home) as servers:
        supervisor = Supervisor(_say)
        supervisor.adopt(servers.postgres)
        supervisor.adopt(servers.valkey)
        settings = demo_settings(local, home, servers)
        environment = {name: value for name, value in os.environ.items() if name != ENV_FILE} | settings
        programs = {name: Program(name, command, environment, _log(home, name)) for name, command in commands.items()}
        try:
            _prepare(programs.pop(PREPARE), ending)
            write_environment(home, settings)
            for program in programs.values():
                supervisor.start(program)
            _supervise(supervisor, local, ending)
        finally:
            _say("Ending")
            environment_file(home).unlink(missing_ok=True)
            supervisor.stop()


def _prepare(program: Program, ending: threading.Event) -> None:
    _say("Preparing the data")
    program.start()
    while program.pid is not None and not ending.wait(SECONDS_BETWEEN_LOOKS):
        continue
    program.stop()
    if not program.succeeded and not ending.is_set():
        raise DemoError(f"{program.name} failed; its log is {program.log}")


def _supervise(supervisor: Supervisor, local: LocalSettings, ending: threading.Event) -> None:
    ready = False
    while not ending.wait(SECONDS_BETWEEN_LOOKS):
        supervisor.look()
        if not ready and _is_ready(local):
            ready = True
            _say(welcome(local))


def _is_ready(local: LocalSettings) -> bool:
    connection = http.client.HTTPConnection(reachable(local.host), local.port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Is set by the first signal that asks us to end."""
    told = threading.Event()
    asking = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
        asking.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: told.set()) for number in asking}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log(home: Path, name: str) -> Path:
    return home / "log" / f"{name}.log"


def _say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone, and everything is still to be ended
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

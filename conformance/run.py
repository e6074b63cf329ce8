"""Runs the suites of this folder against a private demo: `python conformance/run.py`, as `make conformance` does."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
TOOLS = HERE.parent / ".venv" / "conformance"
"""An environment of its own: what is here is no requirement of Sluice's, and may want other versions."""
SECONDS_TO_START = 120


def main() -> int:
    """Install what is locked, start a demo, run every suite; the exit code of the suites."""
    if not shutil.which("npm"):
        sys.exit("Conformance needs Node 20 or later, with npm.")
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
    _install_tools()
    with tempfile.TemporaryDirectory(prefix="sluice-conformance-") as home, _demo(home) as url:
        suites = ["npm", "test", "--silent", "--", *sys.argv[1:]]
        # Suites that need other settings start a server of their own on the same data.
        own = {"SLUICE_URL": url, "SLUICE_ENV_FILE": f"{home}/demo/demo.env", "SLUICE_PYTHON": sys.executable}
        own["SLUICE_TOOLS"] = str(TOOLS.absolute())
        return subprocess.run(suites, cwd=HERE, env={**os.environ, **own}, check=False).returncode


def _install_tools() -> None:
    subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
    pip = [TOOLS / "bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--require-hashes", "-r", HERE / "requirements.txt"], check=True)


@contextmanager
def _demo(home: str) -> Iterator[str]:
    """A demo that is ready; the address of its endpoint."""
    port = _free_port()
    environment = {**os.environ, "SLUICE_HOME": f"{home}/demo", "PORT": str(port)}
    log = Path(home) / "demo.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "app.cli", "demo"]
        process = subprocess.Popen(command, cwd=HERE.parent, env=environment, stdout=output, stderr=output)
    try:
        _wait_until_ready(process, port, log)
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"the demo does not start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())

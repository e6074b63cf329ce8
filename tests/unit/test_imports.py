"""What a process of the API holds in memory before anybody asks for it."""

import subprocess
import sys

HEAVY = ("httpx", "opentelemetry", "python_calamine", "xlsxwriter")


def test_libraries_for_what_not_everybody_uses_are_imported_when_they_are() -> None:
    program = f"import sys, app.asgi; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"

"""This machine: the folder for files, and the key."""

import math
import os
import shutil
import sys
from collections import Counter

from app.doctor.findings import Finding, ok, problem, warning
from app.home import HomeError, prepare_home
from app.settings import Settings

LEAST_FREE = 1 << 30
# Of 32 random characters of hexadecimal digits: 4 bits each, less what a small sample shows.
LEAST_BITS = 80


def check_machine(settings: Settings) -> list[Finding]:
    """Findings about Python, SLUICE_HOME and SECRET_KEY."""
    return [ok(f"Python {sys.version.split()[0]}"), *_home(settings), *_key(settings.secret_key)]


def _home(settings: Settings) -> list[Finding]:
    try:
        home = prepare_home(settings.sluice_home)
    except HomeError as error:
        return [problem(str(error), "set SLUICE_HOME to a folder that belongs to the user who runs Sluice")]
    if not os.access(home, os.W_OK):
        return [problem(f"{home} cannot be written to", "see who it belongs to")]
    if (free := shutil.disk_usage(home).free) < LEAST_FREE:
        return [warning(f"{free >> 20} MB are free in {home}", "make room: imports are copied there")]
    return [ok(f"{home} can be written to")]


def _key(key: str) -> list[Finding]:
    """Shannon's measure of the key's own characters: a word, or one character many times, has few bits."""
    counts = Counter(key)
    bits = -sum(count * math.log2(count / len(key)) for count in counts.values())
    if bits < LEAST_BITS:
        return [problem("SECRET_KEY can be guessed", "set it to the output of openssl rand -hex 32; all sign in again")]
    return []

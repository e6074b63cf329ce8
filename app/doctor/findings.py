"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands: a PROBLEM keeps Sluice from working or from its promises, a WARNING will cost something."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """How `what` stands; `remedy` says how to mend it."""

    verdict: Verdict
    what: str
    remedy: str = ""


def ok(what: str) -> Finding:
    """Nothing to mend."""
    return Finding(Verdict.OK, what)


def warning(what: str, remedy: str) -> Finding:
    """Worth mending."""
    return Finding(Verdict.WARNING, what, remedy)


def problem(what: str, remedy: str) -> Finding:
    """To be mended before anything else."""
    return Finding(Verdict.PROBLEM, what, remedy)

"""Which passwords are good enough, after NIST SP 800-63B: long ones that are not guessed first, whatever is in them."""

import re
from collections.abc import Iterator

from domain.errors import InvalidInput
from domain.paths import Path
from domain.people import SHORTEST_PASSWORD
from domain.problems import Problem

LONGEST_PASSWORD = 256
FEWEST_CHARACTERS = 5
"""Different ones: fewer is a pattern."""

# What the lists of leaked passwords come down to without the digits and signs at the ends.
_WORDS = """
password passwort passwd pass passw passpass passwordpassword qwerty qwertz azerty qwertyuiop qwertyqwerty qwertyui
asdfgh asdfghjkl asdfasdf zxcvbn zxcvbnm qazwsx qazwsxedc letmein letmeinplease iloveyou iloveyousomuch iloveu
welcome welcomehome admin administrator root superuser user username login changeme changemenow default secret
topsecret supersecret guest test testtest testing temp temporary monkey dragon master shadow sunshine princess
football baseball basketball superman batman trustno trustnoone whatever freedom starwars computer internet samsung
michael jennifer jordan hunter charlie donald abc abcd abcde abcdef abcdefg abcdefgh abcdefghij abcabc aaaa
correcthorsebatterystaple hello helloworld hellohello monday friday january summer winter spring autumn company
sales salesteam manager sluice sluicesluice sluice-demo woaini woaiwojia woaizhongguo mima nihao zhongguo beijing
"""
_COMMON = frozenset(_WORDS.split())


def password_problems(path: Path, password: str, *, email: str = "", name: str = "") -> Iterator[InvalidInput]:
    """What is wrong with `password` for the user with this `email` and `name`."""
    if len(password) < SHORTEST_PASSWORD:
        yield InvalidInput(path=path, problem=Problem.TOO_SHORT, limit=str(SHORTEST_PASSWORD))
    elif len(password) > LONGEST_PASSWORD:
        yield InvalidInput(path=path, problem=Problem.TOO_LONG, limit=str(LONGEST_PASSWORD))
    elif _is_guessable(password, email=email, name=name):
        yield InvalidInput(path=path, problem=Problem.TOO_COMMON)


def _is_guessable(password: str, *, email: str, name: str) -> bool:
    core = _core(password)
    of_user = {_core(email), _core(email.partition("@")[0]), _core(name.replace(" ", ""))}
    return len(set(password)) < FEWEST_CHARACTERS or _is_sequence(password) or core in _COMMON or core in of_user - {""}


def _core(text: str) -> str:
    """The text without case, and without what people add to make it look stronger."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text.casefold())


def _is_sequence(text: str) -> bool:
    """Whether it is part of a row that everybody knows, either way: 123456789012, zyxwvutsrqpo."""
    runs = "01234567890123456789", "abcdefghijklmnopqrstuvwxyz"
    return any(text.casefold() in way for run in runs for way in (run, run[::-1]))

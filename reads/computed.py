"""Computed fields: the statement leaves their arguments at their places, a rule answers for all rows at once."""

import re
from collections.abc import Sequence
from typing import Any

import orjson

from reads.plan import Calculation
from reads.text import ARGUMENTS, END, MARK
from rows.viewer import Reader

_PLACE = re.compile(f"{MARK}([0-9]+){ARGUMENTS}([^{END}]*){END}".encode())


def splice(texts: list[bytes | None], computed: Sequence[Calculation], reader: Reader) -> list[bytes | None]:
    """The JSON of root fields with the values of the computed fields put in; see `rows.declare.Computed`."""
    if not computed:
        return texts
    calls: dict[int, list[tuple[Any, ...]]] = {}
    for text in texts:
        for index, arguments in _PLACE.findall(text or b""):
            calls.setdefault(int(index), []).append(tuple(orjson.loads(arguments)))
    answers = {index: iter(computed[index].answers(rows, reader)) for index, rows in calls.items()}

    def answer(place: re.Match[bytes]) -> bytes:
        return orjson.dumps(next(answers[int(place[1])]))

    return [_PLACE.sub(answer, text) if text else text for text in texts]

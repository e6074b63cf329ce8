"""Rows found by text: the best ones of several entities, under the visibility of each, as one SELECT.

What a text means is found in four ways: a field is all of it, begins with it, ends with it (numbers, phones), or
contains it. The first is looked up, the digits of phones too. For the rest, each branch of what the viewer sees is read
from its newest row on: what is common is found there soon. Where that does not give enough, it is rare, and the index
of pieces finds it among all rows. Neither way alone is quick for both: pieces that are common say little together, and
the planner takes them for independent.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rows.declare import Entity, Search
from rows.sql import Compiler, contains

MOST_FOUND = 50
"""How many rows are given at most, and how many candidates each way of finding gives to be ranked."""
LOOKED_AT = 500
"""How many of the newest rows of a branch are looked at before the index is asked."""
MATCHES = ("WHOLE", "START", "END", "PART")
"""How a field matches, best first."""


@dataclass(frozen=True)
class Asked:
    """Placeholders: the whole text, its words, the last digits of a phone number ("" for none), and how many rows."""

    whole: str
    words: tuple[str, ...]
    digits: str
    limit: str


def hits(compiler: Compiler, entities: Sequence[Entity], asked: Asked) -> str:
    """Common table expressions, the last of which, `hits`, has a row for each found one.

    Its columns: place (from 1 on, best first), type (the place in `entities`), id, match (the place in `MATCHES`) and
    field (the place among the fields of the entity's `Search`, parts before ends).
    """
    near: list[str] = []
    found = [_Finding(compiler, place, entity, asked).select(near) for place, entity in enumerate(entities)]
    best = f"SELECT DISTINCT ON (type, id) * FROM ({' UNION ALL '.join(found)}) f ORDER BY type, id, match, field"
    order = "ORDER BY b.match, b.newest DESC, b.type, b.id DESC"
    ranked = f"SELECT row_number() OVER ({order}) AS place, b.* FROM ({best}) b {order} LIMIT {asked.limit}"
    return ", ".join([*near, f"hits AS MATERIALIZED ({ranked})"])


def fields(search: Search) -> list[str]:
    """The names of the fields in which a text is looked for, in the API."""
    return [*search.parts, *search.ends]


class _Finding:
    """What is found of one entity."""

    def __init__(self, compiler: Compiler, place: int, entity: Entity, asked: Asked) -> None:
        assert entity.search is not None  # noqa: S101  # only such entities can be asked for
        self.compiler, self.place, self.entity, self.search, self.asked = compiler, place, entity, entity.search, asked
        named = ("id", self.search.newest, *self.search.parts.values(), *self.search.ends.values())
        self.columns = list(dict.fromkeys(named))

    def select(self, near: list[str]) -> str:
        """A SELECT of type, id, newest, match and field; what it reads from is added to `near`."""
        ways = [self._found(self._whole)]
        if self.asked.digits and self.search.ends:
            ways.append(self._found(self._ends))
        for branch in self.compiler.branches(self.entity, "b", spread=False):
            name = f"near{len(near)}"
            near.append(f"{name} AS MATERIALIZED ({self._near(branch)})")
            ways += [f"SELECT * FROM {name}", self._far(branch, name)]
        return (
            f"SELECT {self.place} AS type, k.id, k.{self.search.newest} AS newest, m.match, m.field"
            f" FROM ({' UNION ALL '.join(f'({way})' for way in ways)}) k CROSS JOIN LATERAL ({self._match('k')}) m"
        )

    def _found(self, condition: Callable[[str], str]) -> str:
        """The newest rows that the viewer sees and for which a condition holds that an index answers."""
        return self._by_index(condition("b"), self.compiler.visible(self.entity, "b"))

    def _near(self, branch: str) -> str:
        """What is found among the newest rows of a branch; all fields are looked at as one text first."""
        rows = f"SELECT {self._list('b')} FROM {self.entity.table} b {_where(branch)}"
        newest = f"{rows} ORDER BY b.{self.search.newest} DESC, b.id DESC LIMIT {LOOKED_AT}"
        one_text = (
            f"search_text(concat_ws(E'\\n', {', '.join(f'n.{column}' for column in self.search.parts.values())}))"
        )
        holds = [f"position(search_text({word}) IN {one_text}) > 0" for word in self.asked.words]
        if len(holds) > 1:
            holds.append(self._parts("n", searched=False))
        return f"SELECT {self._list('n')} FROM ({newest}) n WHERE {' AND '.join(holds)} {self._newest('n')}"

    def _far(self, branch: str, near: str) -> str:
        """What is found among all rows of a branch by the index, if the newest ones did not give enough."""
        too_few = f"(SELECT count(*) FROM {near}) < {self.asked.limit}"
        return self._by_index(branch, self._parts("b", searched=True), too_few)

    def _by_index(self, *conditions: str) -> str:
        """The newest of those that meet `conditions`; OFFSET 0 keeps the planner from walking all rows in order."""
        rows = f"SELECT {self._list('b')} FROM {self.entity.table} b {_where(*conditions)} OFFSET 0"
        return f"SELECT * FROM ({rows}) n {self._newest('n')}"

    def _parts(self, alias: str, *, searched: bool) -> str:
        """One of the fields contains all of the words."""
        return _one_of(
            " AND ".join(contains(f"{alias}.{column}", word, searched=searched) for word in self.asked.words)
            for column in self.search.parts.values()
        )

    def _whole(self, alias: str) -> str:
        whole = self.asked.whole
        return _one_of(f"search_text({alias}.{column}) = search_text({whole})" for column in self.search.wholes)

    def _ends(self, alias: str) -> str:
        return _one_of(f"search_end({alias}.{column}) ^@ {self.asked.digits}" for column in self.search.ends.values())

    def _match(self, alias: str) -> str:
        """How the row `alias` matches best, and in which field."""
        whole, texts = f"search_text({self.asked.whole})", list(self.search.parts.values())
        values = ", ".join(f"({place}, search_text({alias}.{column}))" for place, column in enumerate(texts))
        words = " AND ".join(f"position(search_text({word}) IN f.text) > 0" for word in self.asked.words)
        ways = (
            f"SELECT f.field, CASE WHEN f.text = {whole} THEN 0 WHEN f.text ^@ {whole} THEN 1"
            f" WHEN right(f.text, length({whole})) = {whole} THEN 2 WHEN {words} THEN 3 END AS match"
            f" FROM (VALUES {values}) f(field, text)"
        )
        for place, column in enumerate(self.search.ends.values() if self.asked.digits else (), start=len(texts)):
            ways += f" UNION ALL SELECT {place}, 2 WHERE search_end({alias}.{column}) ^@ {self.asked.digits}"
        return f"SELECT w.match, w.field FROM ({ways}) w WHERE w.match IS NOT NULL ORDER BY 1, 2 LIMIT 1"

    def _list(self, alias: str) -> str:
        return ", ".join(f"{alias}.{column}" for column in self.columns)

    def _newest(self, alias: str) -> str:
        return f"ORDER BY {alias}.{self.search.newest} DESC, {alias}.id DESC LIMIT {MOST_FOUND}"


def _where(*conditions: str) -> str:
    return "WHERE " + (" AND ".join(filter(None, conditions)) or "true")


def _one_of(conditions: Iterable[str]) -> str:
    return "(" + " OR ".join(f"({condition})" for condition in conditions) + ")"

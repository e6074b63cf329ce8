"""Rows found by text: the best ones of several entities, under the visibility of each, as one SELECT.

What a text means is found in four ways: a field is all of it, begins with it, ends with it (numbers, phones), or
contains it. The first is looked up, the digits of phones too. For the rest, what the viewer sees is read from its
newest row on: what is common is found there soon, and who sees little has then been shown all. Where that does not give
enough the text is rare, and the index of pieces finds it among all rows. Neither way alone is quick for both: pieces
that are common say little together. What the index gives is put in order before its texts are read, since reading them
is what takes long; and each way has a limit, so that no text takes long.

Rows that are seen with another row have no index for their newest ones that somebody sees: they are found by all of a
text, and by the index of pieces.

The statement is good for all values: what a text says of how rare it is would lead the planner astray, since it takes
pieces for independent. So it is planned once, and pieces reach the index as values that the planner does not know.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rows.declare import Entity, Inherited, Search
from rows.sql import Compiler

MOST_FOUND = 50
"""How many rows are given at most, and how many candidates each way of finding gives to be ranked."""
LOOKED_AT = 400
"""How many of the newest rows of an entity are looked at before the index is asked."""
CANDIDATES, NEWEST_CANDIDATES = 50_000, 1_000
"""How many rows that the index gives are put in order, and how many of these, the newest, are looked at."""
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
    newest: list[str] = []
    found = [_Finding(compiler, place, entity, asked).select(newest) for place, entity in enumerate(entities)]
    best = f"SELECT DISTINCT ON (type, id) * FROM ({' UNION ALL '.join(found)}) f ORDER BY type, id, match, field"
    order = "ORDER BY b.match, b.newest DESC, b.type, b.id DESC"
    ranked = f"SELECT row_number() OVER ({order}) AS place, b.* FROM ({best}) b {order} LIMIT {asked.limit}"
    return ", ".join([*newest, f"hits AS MATERIALIZED ({ranked})"])


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

    def select(self, newest: list[str]) -> str:
        """A SELECT of type, id, newest, match and field; what it reads from is added to `newest`."""
        ways = [self._looked_up(self._whole)]
        if self.asked.digits and self.search.ends:
            ways.append(self._looked_up(self._ends))
        if self._seen_with_another():
            ways.append(self._containing(f"({self._indexed()})"))
        else:
            ways += self._newest_and_indexed(newest)
        return (
            f"SELECT {self.place} AS type, k.id, k.{self.search.newest} AS newest, m.match, m.field"
            f" FROM ({' UNION ALL '.join(f'({way})' for way in ways)}) k CROSS JOIN LATERAL ({self._match('k')}) m"
        )

    def _seen_with_another(self) -> bool:
        """Whether rows are seen with another row, so that no index finds the newest ones that the viewer sees."""
        return isinstance(self.compiler.scope(self.entity), Inherited) and bool(self._visible())

    def _newest_and_indexed(self, newest: list[str]) -> list[str]:
        """What is found among the newest rows, and among what the index gives; the former is added to `newest`."""
        looked_at, near = f"newest{self.place}", f"near{self.place}"
        newest.append(f"{looked_at} AS MATERIALIZED ({self._newest_rows()})")
        newest.append(f"{near} AS MATERIALIZED ({self._containing(looked_at)})")
        return [f"SELECT * FROM {near}", self._containing(f"({self._candidates(looked_at, near)})")]

    def _looked_up(self, condition: Callable[[str], str]) -> str:
        """The newest rows that the viewer sees and for which a condition holds that an index answers.

        OFFSET 0 keeps the planner from walking all rows in order.
        """
        return f"SELECT * FROM ({self._rows(condition('b'), self._visible())} OFFSET 0) n {self._newest(MOST_FOUND)}"

    def _newest_rows(self) -> str:
        """The newest rows that the viewer sees."""
        limit = self._newest(LOOKED_AT)
        branches = self.compiler.branches(self.entity, "b", spread=True)
        return f"SELECT * FROM ({' UNION ALL '.join(f'({self._rows(one)} {limit})' for one in branches)}) n {limit}"

    def _candidates(self, looked_at: str, near: str) -> str:
        """The newest of what the index gives, unless enough was found before, or everything was looked at."""
        enough = (
            f"(SELECT count(*) FROM {near}) < {self.asked.limit} AND (SELECT count(*) FROM {looked_at}) = {LOOKED_AT}"
        )
        rows = self._rows(enough, self._grams(), self._visible())
        return f"SELECT * FROM ({rows} LIMIT {CANDIDATES}) n {self._newest(NEWEST_CANDIDATES)}"

    def _indexed(self) -> str:
        """The newest that the viewer sees of what the index gives; each costs a look at another row."""
        rows = f"SELECT b.* FROM {self.entity.table} b WHERE {self._grams()} LIMIT {CANDIDATES}"
        return f"SELECT * FROM ({rows}) b WHERE {self._visible()} {self._newest(NEWEST_CANDIDATES)}"

    def _grams(self) -> str:
        keys = " || ".join(f"search_keys({word})" for word in self.asked.words)
        return _one_of(
            self._told("b", column, f"search_grams(b.{column}) @> (SELECT {keys})")
            for column in self.search.parts.values()
        )

    def _containing(self, rows: str) -> str:
        """The newest of `rows` that have all of the words in one field; all fields are looked at as one text first."""
        columns = list(self.search.parts.values())
        one_text = f"search_text(concat_ws(E'\\n', {', '.join(f'n.{column}' for column in columns)}))"
        holds = self._contains("n.text")
        if len(self.asked.words) > 1:
            holds += " AND " + _one_of(self._contains(f"search_text(n.{column})") for column in columns)
        return (
            f"SELECT {self._list('n')} FROM (SELECT n.*, {one_text} AS text FROM {rows} n OFFSET 0) n"
            f" WHERE {holds} {self._newest(MOST_FOUND)}"
        )

    def _contains(self, text: str) -> str:
        return " AND ".join(f"position({_folded(word)} IN {text}) > 0" for word in self.asked.words)

    def _rows(self, *conditions: str) -> str:
        where = " AND ".join(filter(None, conditions)) or "true"
        columns = ", ".join(self._value("b", column) for column in self.columns)
        return f"SELECT {columns} FROM {self.entity.table} b WHERE {where}"

    def _value(self, alias: str, name: str) -> str:
        """A column for the viewer: one that is masked from them holds nothing that could be found."""
        holds = self._unmasked(alias, name)
        return f"CASE WHEN {holds} THEN {alias}.{name} END AS {name}" if holds else f"{alias}.{name}"

    def _told(self, alias: str, name: str, condition: str) -> str:
        """`condition` on a column, where it is not masked from the viewer."""
        holds = self._unmasked(alias, name)
        return f"{condition} AND {holds}" if holds else condition

    def _unmasked(self, alias: str, name: str) -> str:
        column = self.entity.columns.get(name)
        return self.compiler.unmasked(column, alias) if column else ""

    def _visible(self) -> str:
        return self.compiler.visible(self.entity, "b")

    def _whole(self, alias: str) -> str:
        whole = _folded(self.asked.whole)
        return _one_of(
            self._told(alias, column, f"search_text({alias}.{column}) = {whole}") for column in self.search.wholes
        )

    def _ends(self, alias: str) -> str:
        first = self.asked.digits
        ends = ((column, f"search_end({alias}.{column})") for column in self.search.ends.values())
        return _one_of(
            self._told(alias, column, f"{end} >= {first} AND {end} < {first} || ':'")  # the sign behind 9
            for column, end in ends
        )

    def _match(self, alias: str) -> str:
        """How the row `alias` matches best, and in which field."""
        whole, texts = _folded(self.asked.whole), list(self.search.parts.values())
        values = ", ".join(f"({place}, search_text({alias}.{column}))" for place, column in enumerate(texts))
        ways = (
            f"SELECT f.field, CASE WHEN f.text = {whole} THEN 0 WHEN f.text ^@ {whole} THEN 1"
            f" WHEN right(f.text, length({whole})) = {whole} THEN 2 WHEN {self._contains('f.text')} THEN 3 END AS match"
            f" FROM (VALUES {values}) f(field, text)"
        )
        for place, column in enumerate(self.search.ends.values() if self.asked.digits else (), start=len(texts)):
            ways += f" UNION ALL SELECT {place}, 2 WHERE search_end({alias}.{column}) ^@ {self.asked.digits}"
        return f"SELECT w.match, w.field FROM ({ways}) w WHERE w.match IS NOT NULL ORDER BY 1, 2 LIMIT 1"

    def _list(self, alias: str) -> str:
        return ", ".join(f"{alias}.{column}" for column in self.columns)

    def _newest(self, limit: int) -> str:
        return f"ORDER BY {self.search.newest} DESC, id DESC LIMIT {limit}"


def _folded(text: str) -> str:
    """`text` in the form in which texts are compared, found once and not for each row."""
    return f"(SELECT search_text({text}))"


def _one_of(conditions: Iterable[str]) -> str:
    return "(" + " OR ".join(f"({condition})" for condition in conditions) + ")"

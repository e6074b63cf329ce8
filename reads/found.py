"""The answer to a search: rows of several types in one list, best first, as one subselect that gives the JSON."""

from reads.groups import SearchShape
from reads.objects import Objects
from reads.plan import FoundRoot
from reads.text import Sql, Text, literal, object_text
from rows.declare import Entity
from rows.entities import ENTITIES
from rows.search import MATCHES, Asked, fields, hits


def found_text(objects: Objects, root: FoundRoot) -> str:
    """A subselect of one text: the list of what was found."""
    shape = objects.shapes[root.group]
    assert isinstance(shape, SearchShape)  # noqa: S101  # the group was made by search_group
    entities = [ENTITIES[name] for name in shape.entities]
    if not entities:
        return "'[]'::text"
    found = " UNION ALL ".join(_of_entity(objects, root, place, entity) for place, entity in enumerate(entities))
    return (
        f"(WITH {hits(objects.compiler, entities, _asked(objects, root.group, shape))}"
        f" SELECT '[' || coalesce(string_agg(r.row, ',' ORDER BY r.place), '') || ']' FROM ({found}) r)"
    )


def _asked(objects: Objects, group: int, shape: SearchShape) -> Asked:
    def text(slot: int) -> str:
        return objects.compiler.parameters.value(group, slot, "text")

    words = tuple(text(shape.words + place) for place in range(shape.count))
    digits = text(shape.digits) if shape.phone else ""
    return Asked(text(shape.whole), words, digits, objects.compiler.parameters.value(group, shape.limit, "bigint"))


def _of_entity(objects: Objects, root: FoundRoot, place: int, entity: Entity) -> str:
    alias = objects.compiler.alias()
    written, joins = [], []
    for field in root.fields:
        if field.name == "node":
            text, joined = objects.row(field.objects[entity.name], alias)
            joins.append(joined)
        else:
            text = _of_hit(field.name, entity)
        written.append((field.key, text))
    return (
        f"SELECT h.place, {object_text(written).sql()} AS row FROM hits h"
        f" JOIN {entity.table} {alias} ON {alias}.id = h.id {' '.join(joins)} WHERE h.type = {place}"
    )


def _of_hit(name: str, entity: Entity) -> Text:
    assert entity.search is not None  # noqa: S101  # only such entities can be asked for
    match name:
        case "match":
            return Text('"', Sql(_one(MATCHES, "h.match")), '"')
        case "field":
            return Text('"', Sql(_one(fields(entity.search), "h.field")), '"')
        case _:
            return Text('"SearchResult"')


def _one(among: "list[str] | tuple[str, ...]", place: str) -> str:
    return f"(ARRAY[{', '.join(map(literal, among))}])[{place} + 1]"

"""The arguments of compiled fields: coerced, checked, and made into groups."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from graphql import GraphQLError, ListValueNode, ObjectValueNode, ValueNode, VariableNode
from graphql.execution.values import VariableValues, get_argument_values

from domain.custom_fields.definition import MOST_FIELDS
from domain.errors import InvalidInput, Refused
from domain.problems import Problem
from domain.search import search_problems, sought
from domain.words import Words
from reads.cursors import InvalidCursor, Position, decode, sort_tag
from reads.errors import Code, coded, invalid_input
from reads.groups import Bound, CountsShape, Group, KeysShape, PageShape, RowShape, RowsShape, SearchShape, SortKey
from reads.plan import Arguments
from reads.segments import ARGUMENT as SEGMENT
from rows.conditions import CUSTOM, NO_FILTER, Filter
from rows.counting import COLUMNS
from rows.custom_fields import CustomFields
from rows.declare import Entity
from rows.entities import ORDER
from rows.filters import parse_filter
from rows.ids import parse_id
from rows.search import MOST_FOUND

LARGEST_PAGE = 250
USUAL_PAGE = 50
USUAL_FOUND = 10


def argument_values(arguments: Arguments, variables: VariableValues) -> dict[str, Any]:
    """The coerced arguments of a field; an error for a variable without a value inside an object or list."""
    for argument in arguments.node.arguments or ():
        _refuse_unset(argument.value, variables, (argument.name.value,))
    return get_argument_values(arguments.definition, arguments.node, variables)


def _refuse_unset(node: ValueNode, variables: VariableValues, path: tuple[str, ...]) -> None:
    """Leaving a condition out because its variable is unset would select more than was asked for."""
    inner: Sequence[tuple[str, ValueNode]] = ()
    if isinstance(node, ObjectValueNode):
        inner = [(field.name.value, field.value) for field in node.fields]
    elif isinstance(node, ListValueNode):
        inner = [(str(i), value) for i, value in enumerate(node.values)]
    for name, value in inner:
        here = (*path, name)
        if isinstance(value, VariableNode) and value.name.value not in variables.coerced:
            raise invalid_input(InvalidInput(path=here, problem=Problem.UNSET_VARIABLE, limit=f"${value.name.value}"))
        _refuse_unset(value, variables, here)


def row_group(entities: Sequence[Entity], given: Mapping[str, Any], _: CustomFields) -> Group:
    """The group of a row named by the argument `id`: of one of `entities`, or of none."""
    parsed = parse_id(given["id"])
    named = next((entity for entity in entities if parsed and entity.prefix == parsed[0]), None)
    if parsed is None or named is None:
        return Group(RowShape(None), ())
    return Group(RowShape(named.name), (parsed[1],))


def own_group(entity: Entity, given: Mapping[str, Any], _: CustomFields) -> Group:  # noqa: ARG001  # who asks is not an argument
    """The group of the viewer's own row."""
    return Group(RowShape(entity.name), ())


def rows_group(entities: Sequence[Entity], given: Mapping[str, Any], _: CustomFields) -> Group:
    """The group of the rows named by the argument `ids`: for each entity among them its numbers and their places."""
    ids = given["ids"]
    if len(ids) > LARGEST_PAGE:
        raise invalid_input(InvalidInput(path=("ids",), problem=Problem.TOO_MANY, limit=str(LARGEST_PAGE)))
    by_prefix = {entity.prefix: entity for entity in entities}
    parsed = [parse_id(text) for text in ids]
    return numbers_group(entities, [(by_prefix.get(found[0]), found[1]) if found else (None, 0) for found in parsed])


def numbers_group(entities: Sequence[Entity], wanted: Sequence[tuple[Entity | None, int]]) -> Group:
    """The group of rows named by entity and number; for each of `entities` among them its numbers and their places."""
    named: list[str] = []
    values: list[Any] = [len(wanted)]
    for entity in entities:
        mine = [(place, number) for place, (of, number) in enumerate(wanted) if of is entity]
        if mine:
            named.append(entity.name)
            values += [[number for _, number in mine], [place for place, _ in mine]]
    return Group(RowsShape(tuple(named)), tuple(values))


def keys_group(given: Mapping[str, Any], _: CustomFields) -> Group:
    """The group of the custom fields of a row that the argument `keys` names; of all without it."""
    keys = given.get("keys")
    if keys is not None and len(keys) > MOST_FIELDS:
        raise invalid_input(InvalidInput(path=("keys",), problem=Problem.TOO_MANY, limit=str(MOST_FIELDS)))
    return Group(KeysShape(chosen=False), ()) if keys is None else Group(KeysShape(chosen=True), (keys,))


def search_group(entities: Sequence[Entity], given: Mapping[str, Any], _: CustomFields) -> Group:
    """The group of a search: of the argument `text` in `entities`, or in those that `entities` names."""
    text, first, wanted = given["text"], given.get("first"), given.get("entities")
    for problem in search_problems(("text",), text):
        raise invalid_input(problem)
    size = USUAL_FOUND if first is None else first
    if not 0 <= size <= MOST_FOUND:
        raise invalid_input(InvalidInput(path=("first",), problem=Problem.OUT_OF_RANGE, limit=f"0..{MOST_FOUND}"))
    asked = sought(text)
    named = tuple(entity.name for entity in entities if wanted is None or entity.name in {of.value for of in wanted})
    shape = SearchShape(named, len(asked.words), bool(asked.digits))
    return Group(shape, (size, asked.whole, asked.digits[::-1], *asked.words))


def page_group(entity: Entity, given: Mapping[str, Any], custom_fields: CustomFields) -> Group:
    """The group of a connection's arguments: filter, sort, first, after, last, before."""
    parsed = _selection(entity, given, custom_fields)
    sort, descending = _sort(entity, given.get("sort"), custom_fields)
    values = list(parsed.values)
    after = _bound(sort, descending, given, "after", values)
    before = _bound(sort, descending, given, "before", values)
    backward, size = _size(given)
    values.append(size)
    return Group(PageShape(parsed.condition, sort, descending, backward, after, before, len(values) - 1), tuple(values))


def counts_group(given: Mapping[str, Any], custom_fields: CustomFields) -> Group:
    """The group of the arguments of counted orders: groupBy, filter."""
    parsed = _selection(ORDER, given, custom_fields)
    columns = dict.fromkeys(COLUMNS[dimension] for dimension in given["groupBy"])
    return Group(CountsShape(tuple(columns), parsed.condition), parsed.values)


def _selection(entity: Entity, given: Mapping[str, Any], custom_fields: CustomFields) -> Filter:
    """The filter that the arguments filter and segment make together."""
    raw, kept = given.get("filter"), given.get(SEGMENT)
    parsed = NO_FILTER
    if raw is not None:
        with _told_of("filter"):
            parsed = parse_filter(entity, raw, custom_fields)
    if kept is None:
        return parsed
    with _told_of(SEGMENT):
        (found,) = kept
        if found is None:
            raise Refused(InvalidInput(problem=Problem.NO_SEGMENT))
        return parsed.together(found.parse(entity, custom_fields))


@contextmanager
def _told_of(argument: str) -> Iterator[None]:
    """Raise what is wrong with a filter as an error about `argument`."""
    try:
        yield
    except Refused as refused:
        error = refused.errors[0]
        assert isinstance(error, InvalidInput)  # noqa: S101  # parse_filter raises no other
        raise invalid_input(error, prefix=(argument,)) from refused


def _sort(entity: Entity, given: Mapping[str, Any] | None, custom_fields: CustomFields) -> tuple[SortKey, bool]:
    """What a list is sorted by, and whether descending."""
    given = given or {}
    field, direction = given.get("field"), given.get("direction")
    if given.get(CUSTOM) is not None:
        key, descending = _custom_sort(entity, given, custom_fields), False
    else:
        name = str(field.value).lower() if field is not None else next(iter(entity.sorts))
        sort = entity.sorts[name]
        key, descending = SortKey(name, entity.columns[sort.column]), sort.descending
    return key, descending if direction is None else direction.value == "DESC"


def _custom_sort(entity: Entity, given: Mapping[str, Any], custom_fields: CustomFields) -> SortKey:
    if given.get("field") is not None:
        raise _wrong_sort(CUSTOM, Problem.NOT_TOGETHER, "field")
    found = custom_fields.get(entity.custom, given[CUSTOM]) if entity.custom else None
    if found is None:
        raise _wrong_sort(CUSTOM, Problem.UNKNOWN)
    if not found.indexed:
        raise _wrong_sort(CUSTOM, Problem.NOT_INDEXED)
    return SortKey(f"{CUSTOM}{found.id}", found.column)


def _wrong_sort(name: str, problem: Problem, limit: str = "") -> GraphQLError:
    return invalid_input(InvalidInput(path=("sort", name), problem=problem, limit=limit))


def _bound(sort: SortKey, descending: bool, given: Mapping[str, Any], name: str, values: list[Any]) -> Bound | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        position = decode(text, sort_tag(sort.name, descending=descending), sort.column)
    except InvalidCursor as error:
        raise coded(
            Words(f"{name}: not a cursor of this list in this order", f"{name}：不是此列表按此排序的游标"),
            Code.INVALID_CURSOR,
            path=(name,),
        ) from error
    return _keep(position, values)


def _keep(position: Position, values: list[Any]) -> Bound:
    slot = len(values)
    values += [position.value, position.id]
    return Bound(slot, position.value is None)


def _size(given: Mapping[str, Any]) -> tuple[bool, int]:
    first, last = given.get("first"), given.get("last")
    if first is not None and last is not None:
        raise invalid_input(InvalidInput(path=("last",), problem=Problem.NOT_TOGETHER, limit="first"))
    name, size = ("last", last) if last is not None else ("first", USUAL_PAGE if first is None else first)
    if not 0 <= size <= LARGEST_PAGE:
        raise invalid_input(InvalidInput(path=(name,), problem=Problem.OUT_OF_RANGE, limit=f"0..{LARGEST_PAGE}"))
    return last is not None, size

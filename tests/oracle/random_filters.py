"""Filters, sorts and pages at random, most of them good."""

from typing import Any

from graphql import GraphQLField, GraphQLInputObjectType, is_list_type

from tests.oracle.cursors import DEFAULT, cursor_of, order_of
from tests.oracle.custom_fields import ENTITIES, MEMBERS, in_use
from tests.oracle.random_values import Choices, Samples
from tests.oracle.values import named
from tests.oracle.world import custom_column

LISTS = {"in", "hasAny", "hasAll"}
TELLING = ["customField", "customField", "tags", "tags", "roles", "requiredBy", "email", "contactName"]
"""Fields that are compared more often than others: lists, what is absent, what is masked."""
GARBAGE = ["", "x", "!!", "=", "AAAA", "cGxhY2VkQXQ", "bmFtZS5hc2MsMSwt", "bmFtZS5hc2MsMA", "\U0001f600", "a" * 3000]
OTHER_SORTS = DEFAULT | {"Order": "CREATED_AT", "Lead": "SCORE", "LeadForm": "CREATED_AT"}
"""A sort that is not the one asked for; NAME for all other types."""


class Arguments:
    """Makes the arguments of connections. `broken` is the probability that something is wrong with them."""

    def __init__(self, choices: Choices, samples: Samples, *, broken: float = 0.0) -> None:
        self.choices = choices
        self.samples = samples
        self.broken = broken
        self.filters = 0

    def page(self, field: GraphQLField, *, most: int) -> dict[str, Any]:
        """Arguments for a connection that shows at most `most` rows, unless nobody says how many."""
        type_name = named(field.type).name.removesuffix("Connection")
        given: dict[str, Any] = {}
        if self.choices.chance(0.5):
            self.filters += 1
            given["filter"] = self.filter(named(field.args["filter"].type))
        if self.choices.chance(0.6):
            given["sort"] = self.sort(named(field.args["sort"].type))
        for name in ("after", "before"):
            if self.choices.chance(0.2):
                given[name] = cursor_of(
                    self.samples.row(type_name), order_of(type_name, given.get("sort"), self.samples.world)
                )
        if most < 50 or self.choices.chance(0.8):
            size = self.choices.pick([0, 1, 1, 2, 2, 3, min(most, 10), min(most, 250)])
            given[self.choices.pick(["first", "first", "last"])] = min(size, most)
        if self.choices.chance(0.1):
            given.setdefault(self.choices.pick(["filter", "sort", "after", "before", "last"]), None)
        if self.choices.chance(self.broken):
            self._break(given, type_name)
        return {name: given[name] for name in self.choices.random.sample(sorted(given), len(given))}

    def sort(self, of: GraphQLInputObjectType) -> dict[str, Any]:
        """A sort of the input type."""
        found: dict[str, Any]
        type_name = of.name.removesuffix("Sort")
        if type_name in ENTITIES and self.choices.chance(0.4):
            found = {"customField": self.choices.pick(in_use(self.samples.world, type_name)).columns["key"]}
        else:
            found = {"field": self.choices.pick(named(of.fields["field"].type).values)}
        if self.choices.chance(0.7):
            found["direction"] = self.choices.pick(["ASC", "DESC", "DESC", None])
        return found

    def filter(self, of: GraphQLInputObjectType, depth: int = 1) -> dict[str, Any]:
        """A filter of the input type, not deeper than is allowed."""
        kinds: list[list[str]] = [[], [], []]  # logic, comparisons, relations
        for name, field in of.fields.items():
            comparison = named(field.type).name.endswith("Comparison") or name in {"within", "customField", "frequency"}
            kinds[0 if name in {"and", "or", "not"} else 1 if comparison else 2].append(name)
        count = self.choices.pick([1, 1, 1, 2, 2, 3]) if self.choices.chance(0.93) else 0
        weights = [2, 3, 3 if kinds[2] else 0]
        kinds[1] += [name for name in TELLING if name in kinds[1]]
        names = [self.choices.pick(kind) for kind in self.choices.random.choices(kinds, weights, k=count)]
        return {name: made for name in names if (made := self._field(of, name, depth)) is not None}

    def _field(self, of: GraphQLInputObjectType, name: str, depth: int) -> Any:
        type_name = of.name.removesuffix("Filter")
        target = named(of.fields[name].type)
        if name == "within":
            return self.samples.global_id(type_name)
        if name == "frequency" and type_name == "Order":
            days = self.choices.pick([1, 30, 3660])
            return {"days": days, self.choices.pick(["eq", "gt", "gte", "lt", "lte"]): self.choices.pick([0, 1, 2, 5])}
        if name == "customField":
            return self._custom(target, type_name)
        if target.name.endswith("Comparison"):
            return self._comparison(target, type_name, name)
        if depth >= 5:
            return None
        if is_list_type(of.fields[name].type):
            return [self.filter(of, depth + 1) for _ in range(self.choices.pick([0, 1, 2, 2, 3]))]
        if self.choices.chance(0.35):
            # What a row repeats of a related one, or refers to it by, is compared without looking there.
            kept = self.choices.pick([each for each in ("id", "level", "within") if each in target.fields])
            return {kept: self._field(target, kept, depth + 1)}
        return self.filter(target, depth + 1)

    def _custom(self, of: GraphQLInputObjectType, type_name: str) -> dict[str, Any]:
        """A condition on one of the fields that the company defined."""
        field = self.choices.pick(in_use(self.samples.world, type_name))
        member = MEMBERS[field.columns["type"]]
        comparison = named(of.fields[member].type)
        of_type = "User" if member == "person" else type_name
        return {"key": field.columns["key"], member: self._comparison(comparison, of_type, custom_column(field))}

    def _comparison(self, of: GraphQLInputObjectType, type_name: str, field: str) -> dict[str, Any]:
        operators = self.choices.random.sample(list(of.fields), self.choices.pick([1, 1, 1, 2]))
        return {operator: self._operand(of, operator, type_name, field) for operator in operators}

    def _operand(self, of: GraphQLInputObjectType, operator: str, type_name: str, field: str) -> Any:
        def one() -> Any:
            return self.samples.value(type_name, field, of.fields[operator].type)

        if operator == "isNull":
            return self.choices.chance(0.5)
        if operator in LISTS:
            return [one() for _ in range(self.choices.pick([0, 2, 2, 3] if operator == "hasAll" else [0, 1, 2, 5]))]
        if operator == "startsWith":
            return self.choices.pick(["%", "_", "\\", *[one()[: self.choices.pick([0, 1, 2])]] * 6])
        if operator == "contains":
            return self._part(one())
        return one()

    def _part(self, text: str) -> str:
        """A part of a text, now and then written in another way, or something with a meaning in patterns."""
        start, size = self.choices.random.randrange(len(text) + 1), self.choices.pick([0, 1, 2, 2, 3, 5, 40])
        part = text[start : start + size]
        wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in part)
        return str(self.choices.pick([part, part, part.swapcase(), wide, part + "%", "_", "\\"]))

    def _break(self, given: dict[str, Any], type_name: str) -> None:
        """Make one of the arguments a wrong one."""
        other = {"field": OTHER_SORTS.get(type_name, "NAME"), "direction": "DESC"}
        match self.choices.random.randrange(8):
            case 0:
                given[self.choices.pick(["first", "last"])] = self.choices.pick([-1, 251, 2**31 - 1])
            case 1:
                given |= {"first": 1, "last": 1}
            case 2:
                given[self.choices.pick(["after", "before"])] = self.choices.pick(GARBAGE)
            case 3:
                row = self.samples.row(type_name)
                given["after"] = cursor_of(
                    row, order_of(type_name, None if "sort" in given else other, self.samples.world)
                )
            case 4:
                nothing = [{}, {"eq": None}, {"isNull": None}, {"in": [], "eq": None}]
                given["filter"] = {"id": self.choices.pick(nothing)}
            case 5:
                given["filter"] = self.choices.pick([{"not": None}, {"id": None}, {"or": [{"not": {"and": None}}]}])
            case 6:
                given["filter"] = {"id": {"eq": self.choices.pick(["", "ord_0", "xyz_1", "job", "ord_1 "])}}
            case _:
                deep: dict[str, Any] = {}
                for _ in range(5):
                    deep = {"not": deep} if self.choices.chance(0.5) else {"and": [deep]}
                many = [{"and": [{"id": {"isNull": False}}] * 51}, {"and": [{}] * 51}]
                given["filter"] = self.choices.pick([deep, *many])

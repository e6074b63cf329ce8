"""Valid documents at random: a walk over the schema, with fragments, aliases, directives and variables."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    parse,
    specified_scalar_types,
    validate,
)

from tests.oracle.random_filters import Arguments
from tests.oracle.random_values import Choices, Samples, Variables, seeded
from tests.oracle.values import named
from tests.oracle.world import World

BOOLEAN = GraphQLNonNull(specified_scalar_types["Boolean"])
DEEPEST = 5
MOST_ROWS = 1_500
NO_ROWS = {
    *("changes", "explainTier", "importPresets", "orderCounts", "previewTierRules", "search", "segmentTotals"),
    *("assignmentFairness", "explainAssignment", "explainLeadAssignment", "leadPoolFairness", "sessions", "workQueue"),
}
"""Root fields whose answers are not rows of the world; they have tests of their own."""

OF_THE_MOMENT = frozenset({"url", "secondsLeft"})
"""Fields whose values depend on the time at which they are asked for."""


@dataclass(frozen=True)
class Question:
    """A document with its variables, the operation to run, and how many filters it has."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None
    filters: int


def varied(variables: dict[str, Any], choices: Choices) -> dict[str, Any]:
    """Other values for some variables: the same document, asked in another way."""

    def other(value: Any) -> Any:
        if isinstance(value, bool):
            return value != choices.chance(0.4)
        return min(value, choices.pick([0, 1, 2, 250])) if isinstance(value, int) else value

    return {name: other(value) for name, value in variables.items()}


@dataclass(frozen=True)
class Fragment:
    """A named fragment, how deep it is and how many rows it may show for each that it is on."""

    name: str
    on: str
    text: str
    depth: int


@dataclass
class Writer:
    """Writes one operation. `aliased` is the probability of an alias where none is needed."""

    schema: GraphQLSchema
    choices: Choices
    samples: Samples
    arguments: Arguments
    aliased: float
    left: int = 60
    fragments: list[Fragment] = field(default_factory=list)
    _names: int = 0

    def __post_init__(self) -> None:
        self.variables = Variables(self.choices)

    def question(self) -> Question:
        """A whole document."""
        query = self.schema.query_type
        assert query is not None
        body = self._braces(self._field(query, name, DEEPEST, 1, "") for name in self._roots(query))
        definitions = ", ".join(self.variables.definitions)
        several = self.choices.chance(0.15)
        named = several or definitions or self.choices.chance(0.3)
        name = f"Asked{definitions and f'({definitions})'}" if named else ""
        parts = [f"query {name} {body}", *(f"fragment {each.name} on {each.on} {each.text}" for each in self.fragments)]
        if several:
            parts.append("query Other($skipped: Boolean!) { viewer { id @skip(if: $skipped) __typename } }")
        self.choices.random.shuffle(parts)
        operation_name = "Asked" if several else None
        return Question("\n".join(parts), self.variables.values, operation_name, self.arguments.filters)

    def _roots(self, query: GraphQLObjectType) -> list[str]:
        names = [name for name in query.fields if name not in {"node", "nodes", *NO_ROWS}]
        weighted = [*names, "node", "nodes", "orders", "orders"]
        found = self.choices.random.choices(weighted, k=self.choices.pick([1, 1, 2, 3]))
        return [*found, "__typename"] if self.choices.chance(0.1) else found

    def _field(self, on: Any, name: str, depth: int, rows: int, directive: str) -> str:
        """A field of `on`; `rows` is how many rows of it there may be."""
        if name == "__typename":
            return f"{self._alias(0.2)}__typename{directive}"
        self.left -= 1
        definition = on.fields[name]
        target = named(definition.type)
        many, arguments = self._arguments(definition, rows)
        alias = self._alias(0.8 if arguments else self.aliased)
        below = f" {self._selection(target, depth - 1, rows * many)}" if hasattr(target, "fields") else ""
        return f"{alias}{name}{arguments}{directive}{below}"

    def _arguments(self, definition: GraphQLField, rows: int) -> tuple[int, str]:
        """How many rows the field gives at most for each, and its arguments."""
        if "first" in definition.args:
            given = self.arguments.page(definition, most=max(2, min(60, MOST_ROWS // rows)))
            many = max(given.get("first") or 0, given.get("last") or 0) or 50
        elif "keys" in definition.args:
            keys = ["no", *(field.columns["key"] for field in self.samples.world.of("CustomField"))]
            given, many = ({"keys": self.choices.some(keys, 5)} if self.choices.chance(0.4) else {}), 7
        elif "ids" in definition.args:
            given = {"ids": [self.samples.global_id() for _ in range(self.choices.pick([0, 1, 2, 5, 9]))]}
            many = 9
        elif "id" in definition.args:
            of_one = named(definition.type).name
            own = of_one if of_one != "Node" and self.choices.chance(0.85) else None
            given, many = {"id": self.samples.global_id(own)}, 1
        else:
            given, many = {}, 3 if "[" in str(definition.type) else 1
        parts = [f"{key}: {self._argument(definition, key, value)}" for key, value in given.items()]
        return many, f"({', '.join(parts)})" if parts else ""

    def _argument(self, definition: GraphQLField, name: str, value: Any) -> str:
        of = definition.args[name].type
        if name == "filter" and self.arguments.broken and self.choices.chance(0.02):
            inner = named(of).fields["id"].type
            return f"{{id: {self.variables.unset(inner)}}}"
        return self.variables.text(of, value)

    def _selection(self, on: Any, depth: int, rows: int) -> str:
        """A selection set on a composite type."""
        if isinstance(on, GraphQLInterfaceType):
            return self._braces(self._of_interface(on, depth, rows))
        names = [
            name for name, each in on.fields.items() if name not in OF_THE_MOMENT and self._fits(each, depth, rows)
        ]
        chosen = self.choices.random.sample(names, min(len(names), self.choices.pick([1, 2, 3, 4, 6])))
        chosen += chosen[:1] if self.choices.chance(0.2) else []
        if self.choices.chance(0.2) or not chosen:
            chosen.append("__typename")
        parts = [self._part(on, name, depth, rows) for name in chosen]
        if depth > 0 and self.choices.chance(0.2):
            parts.append(self._spread(on, depth, rows))
        return self._braces(parts)

    def _fits(self, definition: GraphQLField, depth: int, rows: int) -> bool:
        composite = hasattr(named(definition.type), "fields")
        return not composite or (depth > 0 and self.left > 0 and rows < MOST_ROWS)

    def _of_interface(self, on: GraphQLInterfaceType, depth: int, rows: int) -> list[str]:
        possible = self.schema.get_possible_types(on)
        types = [of for of in possible if of.name in {"Order", "Customer"}] + self.choices.some(possible, 4)
        parts = [f"... on {of.name} {self._selection(of, depth, rows)}" for of in types]
        return [*parts, *self.choices.some(["id", "__typename", f"... on {on.name} {{ id }}"], 3)] or ["id"]

    def _part(self, on: GraphQLObjectType, name: str, depth: int, rows: int) -> str:
        if self.choices.chance(0.9):
            return self._field(on, name, depth, rows, self._directive())
        inner = self._field(on, name, depth, rows, "")
        condition = self.choices.pick(["", f" on {on.name}"])
        return f"...{condition}{self._directive(0.4)} {{ {inner} }}"

    def _spread(self, on: GraphQLObjectType, depth: int, rows: int) -> str:
        """A named fragment, an earlier one or a new one."""
        fitting = [each for each in self.fragments if each.on == on.name and each.depth <= depth and rows <= 20]
        if fitting and self.choices.chance(0.6):
            return f"...{self.choices.pick(fitting).name}{self._directive()}"
        if on.interfaces and self.choices.chance(0.2):
            found = Fragment(self._name("F"), on.interfaces[0].name, "{ id __typename }", 0)
        else:
            text = self._selection(on, depth - 1, rows)
            found = Fragment(self._name("F"), on.name, text, depth - 1)
        self.fragments.append(found)
        return f"...{found.name}{self._directive()}"

    def _directive(self, probability: float = 0.08) -> str:
        if not self.choices.chance(probability):
            return ""
        names = self.choices.random.sample(["skip", "include"], self.choices.pick([1, 1, 2]))
        return "".join(f" @{name}(if: {self._condition(name)})" for name in names)

    def _condition(self, name: str) -> str:
        value = self.choices.chance(0.3 if name == "skip" else 0.7)
        return self.variables.text(BOOLEAN, value, hoisted=0.6)

    def _alias(self, probability: float) -> str:
        if not self.choices.chance(probability):
            return ""
        return f"{self._name(self.choices.pick(['a', '_', 'True', 'id_']))}: "

    def _name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def _braces(self, parts: Any) -> str:
        return "{ " + " ".join(parts) + " }"


def random_question(seed: int, schema: GraphQLSchema, world: World, *, broken: float) -> Question:
    """A valid document out of a seed; `broken` is the probability of wrong arguments for each connection."""
    random = seeded(seed)
    for attempt in range(30):
        choices = Choices(random)
        samples = Samples(choices, world)
        arguments = Arguments(choices, samples, broken=broken)
        writer = Writer(schema, choices, samples, arguments, aliased=0.1 + attempt / 20)
        found = writer.question()
        if not validate(schema, parse(found.text)):
            return found
    raise RuntimeError(f"no valid document out of seed {seed}")

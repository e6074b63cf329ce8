"""Documents as they arrive: parsed and validated once per text, with the plans that were made from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError

from domain.words import Words
from reads.cache import Cache, Uses
from reads.echoes import repeat_values_as_json
from reads.errors import Code, Limit, beyond, coded
from reads.extents import MOST_DEPTH, Extents
from reads.literals import MOST_ERRORS, about_literal, forbidden_literals
from reads.plan import Plan
from reads.prices import Price

MOST_TOKENS = 10_000
LONGEST_KEPT = 10_000
MOST_KEPT = 1_000_000
"""How many characters a document, and all documents, may have to be kept, so that the cache stays small."""
_NESTED = Words("The document is nested too deeply.", "文档嵌套过深。")
_COMPLEX = Words("The document is too complex to be checked.", "文档过于复杂，无法检查。")
_TOKENS = Words(f"The document has more than {MOST_TOKENS} tokens.", f"文档超过 {MOST_TOKENS} 个词法单元。")
_SEVERAL = Words(
    "The document has several operations: name one in operationName.", "文档含有多个操作：请用 operationName 指定其一。"
)
_NONE = Words("The document has no operation of this name.", "文档中没有此名称的操作。")
MOST_PLANS = 32


repeat_values_as_json()
# graphql-core's own bound on comparing fields of one name, half a million steps, is a second for ten kilobytes.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 50_000


@dataclass(eq=False)
class Document:
    """A document that may be executed, or the errors for which it may not.

    `conditions` are its @skip and @include directives; a plan is kept for each way in which they can come out.
    """

    ast: DocumentNode | None
    errors: list[GraphQLError]
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    prices: dict[str | None, Price] = field(default_factory=dict)
    conditions: list[DirectiveNode] = field(default_factory=list)
    plans: Cache[tuple[Any, ...], Plan] = field(default_factory=lambda: Cache(MOST_PLANS))
    _roots: dict[str | None, Sequence[str]] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation called `name`, or the only one; a GraphQLError where that is none or more than one."""
        if name is None and len(self.operations) > 1:
            raise coded(_SEVERAL, Code.BAD_REQUEST)
        operation = self.operations.get(name) if name is not None else next(iter(self.operations.values()), None)
        if operation is None:
            raise coded(_NONE, Code.BAD_REQUEST)
        return operation

    def price(self, operation: OperationDefinitionNode) -> Price:
        """What the operation costs."""
        return self.prices[operation.name.value if operation.name else None]

    def root_fields(self, operation: OperationDefinitionNode) -> Sequence[str]:
        """The names of all root fields, those included whose conditions may leave them out."""
        name = operation.name.value if operation.name else None
        found = self._roots.get(name)
        if found is None:
            found = self._roots[name] = tuple(self._names(operation.selection_set, set()))
        return found

    def _names(self, selection: SelectionSetNode, visited: set[str]) -> Iterator[str]:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield node.name.value
            elif isinstance(node, InlineFragmentNode):
                yield from self._names(node.selection_set, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                yield from self._names(self.fragments[node.name.value].selection_set, visited)

    def outcomes(self, variables: VariableValues) -> tuple[bool, ...]:
        """For each condition whether it lets its node in."""
        return tuple(_included(directive, variables) for directive in self.conditions)


class DocumentCache:
    """Documents by their text."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._schema = schema
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        # Suggestions of names would tell, a guess at a time, what may not be asked for.
        self._hide_suggestions = not introspection
        self.documents: Cache[str, Document] = Cache(MOST_KEPT)
        self.plan_uses = Uses()

    def get(self, text: str) -> Document:
        """The document of this text."""
        if len(text) > LONGEST_KEPT:
            return self._read(text)
        return self.documents.get(text) or self.documents.put(text, self._read(text), weight=len(text))

    def _read(self, text: str) -> Document:
        try:
            ast = parse(text, no_location=False, max_tokens=MOST_TOKENS)
            document = self._weighed(ast)
            errors = validate(
                self._schema, ast, self._rules, max_errors=MOST_ERRORS, hide_suggestions=self._hide_suggestions
            )
        except GraphQLSyntaxError as error:
            return Document(None, [_too_many_tokens(error) or _as(error, Code.BAD_REQUEST)])
        except GraphQLError as error:
            return Document(None, [error])
        except RecursionError:
            deep = beyond(_NESTED, Limit.SELECTION_LEVELS, most=MOST_DEPTH)
            return Document(None, [deep])
        if any(isinstance(error, ValidationAbortedError) for error in errors):
            return Document(None, [beyond(_COMPLEX, Limit.COMPARISONS)])
        if errors:
            return Document(None, [about_literal(error, ast) or _as(error, Code.BAD_REQUEST) for error in errors])
        if errors := forbidden_literals(ast):
            return Document(None, errors)
        visit(ast, _Conditions(document.conditions))
        return document

    def _weighed(self, ast: DocumentNode) -> Document:
        """The document with its parts and prices, before it is known to be valid, which takes longer.

        Raises a GraphQLError where one of its operations is beyond a limit.
        """
        document = Document(ast, [], plans=Cache(MOST_PLANS, self.plan_uses))
        for definition in ast.definitions:
            if isinstance(definition, OperationDefinitionNode):
                document.operations[definition.name.value if definition.name else None] = definition
            elif isinstance(definition, FragmentDefinitionNode):
                document.fragments[definition.name.value] = definition
        extents = Extents(self._schema, document.fragments)
        document.prices = {name: extents.of(operation).price for name, operation in document.operations.items()}
        return document


class _Conditions(Visitor):
    def __init__(self, found: list[DirectiveNode]) -> None:
        super().__init__()
        self.found = found

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in {"skip", "include"}:
            self.found.append(node)


def _included(directive: DirectiveNode, variables: VariableValues) -> bool:
    given = directive.arguments[0].value if directive.arguments else None
    if isinstance(given, VariableNode) and given.name.value not in variables.coerced:
        return False  # of another operation: this one declares what it uses, and such a variable always has a value
    condition: bool = get_argument_values(GraphQLIncludeDirective, directive, variables)["if"]
    return condition == (directive.name.value == "include")


def _too_many_tokens(error: GraphQLSyntaxError) -> GraphQLError | None:
    if not error.message.endswith("Parsing aborted."):
        return None
    return beyond(_TOKENS, Limit.TOKENS, most=MOST_TOKENS)


def _as(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error

"""What the documents say is so: links lead somewhere, documents for the API are valid, tables are complete."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values
from pydantic_core import PydanticUndefined

from app.commands.demo_welcome import ACCOUNTS, LOGIN, QUERY
from app.pipeline import COST_OF_WRONG
from app.settings import Settings
from domain import numbers, search, text
from domain.custom_fields import definition
from domain.errors import ErrorCode
from domain.identities import Flaw
from domain.orders.entry import MOST_LINES
from domain.people import Role
from domain.problems import Problem
from domain.tiers import MOST_COMPARISONS
from reads import checks, documents, extents, prices
from reads.arguments import LARGEST_PAGE, argument_values
from reads.binding import compiled_roots
from reads.documents import DocumentCache
from reads.errors import Code, Limit
from reads.feed import SCANNED
from reads.selection import Selector
from reads.statement import compile_statement
from resolvers.changes import LONGEST_WAIT
from rows.conditions import OPERATORS
from rows.custom_fields import NO_CUSTOM_FIELDS
from rows.filters import DEEPEST, LONGEST_PART, MOST_CONDITIONS
from rows.search import MOST_FOUND
from rows.sql import ViewerShape
from schema.root import schema

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
PAGES = [*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}
LIMITS = {
    "request": DEFAULTS["request_bytes"],
    "tokens in a document": documents.MOST_TOKENS,
    "fields that an operation selects": extents.MOST_FIELDS,
    "rows nested in rows": extents.MOST_LEVELS,
    "selections nested in selections": extents.MOST_DEPTH,
    "aliases": extents.MOST_ALIASES,
    "directives": extents.MOST_DIRECTIVES,
    "root fields": checks.MOST_ROOTS,
    "mutations": checks.MOST_MUTATIONS,
    "points of an operation": DEFAULTS["operation_points"],
    "points of a caller": DEFAULTS["caller_points"],
    "time of an operation": DEFAULTS["operation_timeout"],
    "operations at once": DEFAULTS["operations_at_once"],
    "rows a page": LARGEST_PAGE,
    "seconds that `changes` waits": LONGEST_WAIT,
    "events that one reading": SCANNED,
    "conditions in a filter": MOST_CONDITIONS,
    "conditions in the filters of all tier rules": MOST_COMPARISONS,
    "levels of a filter": DEEPEST,
    "texts that others are to contain": LONGEST_PART,
    "texts that are searched for": search.LONGEST,
    "rows that a search finds": MOST_FOUND,
    "lines of an order": MOST_LINES,
    "tags": text.TAGS,
    "names": text.NAME,
    "skus": text.CODE,
    "notes": text.NOTES,
    "custom fields in use": definition.MOST_FIELDS,
    "values of a custom text": definition.LONGEST_TEXT,
    "choices of a custom field": definition.MOST_CHOICES,
    "idempotency keys": text.IDEMPOTENCY_KEY,
    "quantity": numbers.MOST_QUANTITY,
    "unit price": numbers.MOST_PRICE,
    "total of an order": numbers.MOST_MONEY,
}

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
every_readme = pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.name)


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands behind its fence, and its content."""

    kind: str
    content: str


def blocks(page: Path, *kinds: str) -> list[Block]:
    found = re.findall(r"^```([^\n]*)\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    return [Block(kind, content) for kind, content in found if not kinds or kind in kinds]


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ .*$", prose(page), re.M)


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    titles = [heading.lstrip("#").strip().lower().replace("`", "") for heading in headings(page)]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def table(page: Path, *header: str) -> list[list[str]]:
    """The rows of the table whose header begins with these words."""
    lines = iter(page.read_text("utf-8").splitlines())
    for line in lines:
        if f"{line}\n".startswith("| " + " | ".join(header)):
            next(lines)
            return list(_rows(lines))
    raise AssertionError(f"{page.name} has no table {header}")


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split(" | ")]


def quoted(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


@pytest.fixture(scope="module")
def committed() -> GraphQLSchema:
    """The schema as it is committed."""
    return build_schema((ROOT / "schema" / "schema.graphql").read_text("utf-8"))


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@every_page
def test_every_graphql_block_is_valid_with_its_variables(page: Path, committed: GraphQLSchema) -> None:
    for block, following in pairwise([*blocks(page), Block("", "")]):
        if block.kind == "graphql":
            variables = json.loads(following.content) if following.kind == "json variables" else {}
            assert problems(block.content, variables, committed) == []


def problems(document: str, variables: dict[str, Any], committed: GraphQLSchema) -> list[str]:
    ast = parse(document)
    errors = validate(committed, ast)
    (operation,) = [node for node in ast.definitions if isinstance(node, OperationDefinitionNode)]
    wanted = operation.variable_definitions if variables else ()
    # The committed schema does not know what its scalars accept.
    values = get_variable_values(schema._schema, wanted or (), variables)
    return [error.message for error in [*errors, *(values if isinstance(values, list) else ())]]


@every_page
def test_every_json_block_is_json(page: Path) -> None:
    for block in blocks(page, "json", "json variables"):
        json.loads(block.content)


@every_readme
def test_the_commands_of_the_readme_ask_what_the_demo_prints(readme: Path, committed: GraphQLSchema) -> None:
    bodies = [body for block in blocks(readme, "sh") for body in re.findall(r"-d '(\{\"query\".*?\})'", block.content)]
    assert bodies[0] == LOGIN
    assert json.loads(bodies[1]) == {"query": " ".join(QUERY.split())}
    for body in bodies:
        assert problems(json.loads(body)["query"], {}, committed) == []
    assert any(ACCOUNTS in block.content for block in blocks(readme, "text"))


@every_readme
def test_the_readme_has_every_setting_with_its_default(readme: Path) -> None:
    rows = {quoted(row[0])[0]: row[1] for row in table(readme, "setting" if readme == READMES[0] else "设置")}
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if field.default is None:
            assert rows[name.upper()] in {"not set", "未设置"}, name
        elif field.default is not PydanticUndefined:
            shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert rows[name.upper()] == f"`{shown}`", name
        elif field.is_required():
            assert rows[name.upper()] in {"required", "必填"}, name


@every_readme
def test_the_readme_names_every_folder_of_the_code(readme: Path) -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
    rows = table(readme, "folder" if readme == READMES[0] else "目录")
    named = {name.rstrip("/") for row in rows for name in quoted(row[0])}
    assert set(packages) <= named
    assert all((ROOT / name).is_dir() for name in named)


def test_both_readmes_have_the_same_headings_and_blocks() -> None:
    english, chinese = READMES
    assert [heading.split()[0] for heading in headings(english)] == [h.split()[0] for h in headings(chinese)]
    assert blocks(english) == blocks(chinese)


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    folder = ROOT / "docs" / "adr"
    decisions = sorted(folder.glob("0*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    listed = re.findall(r"\]\((0[^)]+)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == [path.name for path in decisions]
    for path in decisions:
        assert [heading.lstrip("# ") for heading in headings(path)[1:]] == ["Context", "Decision", "Consequences"]


def test_every_error_of_the_api_is_explained() -> None:
    page = ROOT / "docs" / "api.md"
    codes = {quoted(row[1])[0] for row in table(page, "type")}
    assert codes == {code.value for code in ErrorCode}
    exceeded = [name for row in table(page, "what", "at most", "refused") for name in quoted(row[-1])]
    assert sorted(exceeded) == sorted(name for name, _ in vars(Limit).items() if name.isupper())
    top_level = {quoted(row[0])[0] for row in table(page, "`code`")}
    assert top_level == {code for name, code in vars(Code).items() if name.isupper()}
    explained = {key for row in table(page, "`problem`") for key in quoted(row[0])}
    assert explained == {problem.value for problem in Problem}
    reasons = {key for row in table(page, "`reason`") for key in quoted(row[0])}
    assert reasons == {flaw.value for flaw in Flaw}


def test_every_operator_of_filters_is_named() -> None:
    rows = table(ROOT / "docs" / "api.md", "kind of field")
    named = {operator for row in rows for operator in quoted(row[1])}
    assert named == {operator for operators in OPERATORS.values() for operator in operators} | {"isNull"}


def test_the_limits_of_the_api_are_those_of_the_code() -> None:
    page = ROOT / "docs" / "api.md"
    rows = [*table(page, "what", "at most", "refused"), *table(page, "what", "at most |\n")]
    for start, limit in LIMITS.items():
        shown = [row[1] for row in rows if re.match(rf"{start}\b", row[0])]
        assert [words.split()[0].rstrip(",;") for words in shown] == [f"{limit:,}"], start


def test_the_prices_of_the_api_are_those_of_the_code() -> None:
    rows = {
        row[0].strip("`"): row[1].split()[0].rstrip(",") for row in table(ROOT / "docs" / "api.md", "what", "points")
    }
    prices_by_name = {
        "an operation": prices.OPERATION,
        "a row": prices.ROW,
        "a list without pages, such as `lines": prices.USUAL_LIST,
        "totalCount": prices.OF_FIELDS["totalCount"],
        "totalAmount": prices.OF_FIELDS["totalAmount"],
        "workQueue": prices.OF_FIELDS["workQueue"],
        "explainTier": prices.OF_FIELDS["explainTier"],
        "previewTierRules": prices.OF_FIELDS["previewTierRules"],
        "a condition on related rows": prices.RELATED,
        "a search": prices.SEARCH,
        "a condition on a custom field": prices.SEARCH,
        "a condition on a frequency": prices.SEARCH,
        "a segment that a list or a count is read by": prices.SEGMENT,
        "a mutation": prices.MUTATION,
        "a subscription": prices.SUBSCRIPTION,
        "__schema`, `__type": prices.INTROSPECTION,
        "a document that is refused, or that has more than 10,000 characters": COST_OF_WRONG,
    }
    assert {name: rows[name] for name in prices_by_name} == {name: str(price) for name, price in prices_by_name.items()}


def test_the_worked_example_is_what_the_compiler_writes() -> None:
    page = ROOT / "docs" / "architecture.md"
    (document,), (statement,) = blocks(page, "graphql"), blocks(page, "sql")
    compiled = sql_for_a_rep(document.content, size=2)
    assert re.sub(r"\s", "", statement.content) == re.sub(r"\s", "", compiled), f"it is now: {compiled}"


def sql_for_a_rep(text: str, *, size: int) -> str:
    document = DocumentCache(schema._schema, introspection=True).get(text)
    operation = document.operation(None)
    values = get_variable_values(schema._schema, operation.variable_definitions or (), {"size": size})
    assert not isinstance(values, list)
    plan = Selector(schema._schema, document.fragments, lambda _: True, compiled_roots(schema)).query(
        operation.selection_set
    )
    shapes = [group.bind(argument_values(group, values), NO_CUSTOM_FIELDS).shape for group in plan.groups]
    return compile_statement(plan.roots, shapes, ViewerShape(frozenset({Role.REP}), 0)).sql

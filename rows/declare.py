"""What an entity is made of: the vocabulary of the declarations in `rows.entities`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from domain.custom_fields.kinds import CustomFieldEntity
from domain.people import Role
from domain.scopes import TokenScope
from models.columns import NumericField, TimestampField, is_searched
from rows.viewer import Reader


class Kind(Enum):
    """How a value is compared and written down; the value is its type in SQL."""

    ID = "bigint"
    TEXT = "text"
    TEXTS = "text[]"
    ENUM = "varchar"
    INTEGER = "int8"
    DECIMAL = "numeric"
    MONEY = "decimal"
    DATETIME = "timestamptz"
    DATE = "date"
    BOOLEAN = "boolean"
    JSON = "jsonb"


@dataclass(frozen=True)
class Column:
    """A value of a row: `sql` is an expression over {t}, the alias of the row's table.

    `{me}` stands for who asks, `{currency}`, `{zone}` and `{today}` for the company's own, the last for the day in its
    zone, `{digits}` for how many digits its currency has, `{via}` for the alias of the row in to-one relation `via`.
    `entity` names the kind of thing that an ID is of. `mask` says on which grounds a viewer sees the value; for others
    it is null, in filters too. `searched`: an index finds what it contains (`models.columns.searched`). `uneven`: some
    of its values are rare and others are not, so that one plan for all of them is no good.
    """

    sql: str
    kind: Kind
    null: bool = False
    enum: type[StrEnum] | None = None
    entity: str = ""
    filtered: bool = True
    via: str = ""
    mask: "Callable[[frozenset[Role]], Scope] | None" = None
    searched: bool = False
    uneven: bool = False


@dataclass(frozen=True)
class Composite:
    """A value of several parts (money, an address); null where `present`, if given, is false. `via`: as of `Column`."""

    type: str
    parts: Mapping[str, Column]
    present: str = ""
    via: str = ""


@dataclass(frozen=True)
class ToOne:
    """The row of `target` whose id is in `column`.

    `copies` names columns of the target that this table repeats, so that a filter on them needs no join.
    """

    target: str
    column: str
    copies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ToAny:
    """The row of one of `targets`: of that whose name is in column `kind`, with the id in `column`."""

    kind: str
    column: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class ToMany:
    """The rows of `target` whose `column` holds this row's id, in a stated order.

    `inverse` is the target's to-one relation back to this row, given where the target is seen with this row.
    """

    target: str
    column: str
    inverse: str = ""
    order: str = "{t}.id"


@dataclass(frozen=True)
class Paged:
    """The rows of `target` whose `column` holds this row's id, a page at a time, each with its own visibility."""

    target: str
    column: str


@dataclass(frozen=True)
class Shape:
    """An object type that a rule answers with: its `leaves` and, under `below`, its lists of objects, by the names that
    clients use."""

    type: str
    leaves: tuple[str, ...]
    below: "Mapping[str, Shape]" = field(default_factory=dict)


@dataclass(frozen=True)
class Computed:
    """A rule's answer: `batch` gets a tuple of the `requires` columns for every row of an answer, and who reads it.

    Values arrive as JSON has them (ids as numbers, decimals and moments as strings); it returns as many JSON values.
    Those of a field with a `shape` are mappings, or lists of them, with all that the type has: the answer has what was
    selected.
    """

    requires: tuple[str, ...]
    batch: Callable[[Sequence[tuple[Any, ...]], Reader], Sequence[Any]]
    shape: Shape | None = None


@dataclass(frozen=True)
class Sort:
    """A declared order of rows by `column`, ties by id in the same direction, nulls last both ways."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Ground:
    """A reason why a viewer sees a row: a predicate over {t}, {me} and {teams}.

    `finds` says the same so that an index finds the rows instead of testing each. `spread` is a column for which the
    ground is "equals one of these" (the viewer's teams, or `among`): a list then merges one sorted branch for each.
    """

    name: str
    holds: str
    finds: str = ""
    spread: str = ""
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inherited:
    """Seen by whoever sees the row in to-one `relation`."""

    relation: str


class Everything:
    """All rows are seen."""


EVERYTHING = Everything()
Scope = Everything | Inherited | tuple[Ground, ...]


@dataclass(frozen=True)
class Search:
    """Where a text is looked for in rows: fields of the API with their columns. The newest rows by `newest` come first.

    `parts` contain it (`models.columns.searched` makes their index); `wholes` are those of their columns that are
    looked up by all of it, however many contain it (`models.columns.wholes_of`); `ends` are phone numbers that end with
    its digits, with an index on `search_end`.
    """

    parts: Mapping[str, str]
    wholes: tuple[str, ...]
    ends: Mapping[str, str]
    newest: str


@dataclass(frozen=True, eq=False)
class Entity:
    """One kind of row: where it is stored, what it has, and who sees it.

    `sorts` begin with the default one. `tree` is the closure table of an entity that is a tree. `total` is the column,
    in the company's currency, that lists add up. An API token sees rows only with `token_scope`, or where `any_token`;
    with neither, it sees none. What is seen with another row needs neither. `custom` says that its rows have custom
    fields, in a column `custom_fields`, and `frequency`, that filters can compare how often its customer orders.
    Without a `prefix` it is no row of its own, and no node. Rows with `search` are found by text.
    """

    name: str
    prefix: str
    table: str
    scope: Callable[[frozenset[Role]], Scope]
    columns: Mapping[str, Column]
    composites: Mapping[str, Composite] = field(default_factory=dict)
    to_one: Mapping[str, ToOne] = field(default_factory=dict)
    to_any: Mapping[str, ToAny] = field(default_factory=dict)
    to_many: Mapping[str, ToMany] = field(default_factory=dict)
    paged: Mapping[str, Paged] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    tree: str = ""
    total: str = ""
    token_scope: TokenScope | None = None
    any_token: bool = False
    custom: CustomFieldEntity | None = None
    frequency: bool = False
    search: Search | None = None


def in_words(
    requires: tuple[str, ...], words: Callable[[Sequence[tuple[Any, ...]], str], Sequence[str | None]]
) -> Computed:
    """What `words` says of each tuple of the `requires` columns in the reader's language."""
    return Computed(requires, lambda rows, reader: words(rows, reader.language))


def columns_of(model: type[Model], *names: str, unfiltered: tuple[str, ...] = ()) -> dict[str, Column]:
    """The id and the named columns of `model`, with kind, nullability and search indexes as the table has them."""
    entity = model.__name__
    found = {"id": Column("{t}.id", Kind.ID, entity=entity)}
    for name in names:
        found[name] = _column(model._meta.fields_map[name], filtered=name not in unfiltered, model=model)
    return found


def _column(of: fields.Field[Any], *, filtered: bool, model: type[Model]) -> Column:
    name = of.source_field or of.model_field_name
    enum = getattr(of, "enum_type", None)
    searched = is_searched(model, name)
    return Column(f"{{t}}.{name}", _kind(of), null=of.null, enum=enum, filtered=filtered, searched=searched)


def _kind(of: fields.Field[Any]) -> Kind:
    kinds: tuple[tuple[type[Any], Kind], ...] = (
        (ArrayField, Kind.TEXTS),
        (NumericField, Kind.DECIMAL),
        (TimestampField, Kind.DATETIME),
        (fields.DateField, Kind.DATE),
        (fields.BooleanField, Kind.BOOLEAN),
        (fields.JSONField, Kind.JSON),
        (fields.IntField, Kind.INTEGER),
        (fields.BigIntField, Kind.INTEGER),
    )
    if getattr(of, "enum_type", None):
        return Kind.ENUM
    return next((kind for field_type, kind in kinds if isinstance(of, field_type)), Kind.TEXT)


def money(amount: str, currency: str = "{t}.currency", *, via: str = "", null: bool = False) -> Composite:
    """An amount column with the expression of its currency."""
    return Composite(
        type="Money",
        parts={
            "amount": Column(f"{{t}}.{amount}", Kind.MONEY),
            "currency": Column(currency, Kind.ENUM, via=via),
        },
        present=f"{{t}}.{amount} IS NOT NULL" if null else "",
    )

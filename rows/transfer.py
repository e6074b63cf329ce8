"""The columns of an entity in files that go out, in one place: each is the way to a value from the exported row.

A way follows declarations alone ("number", "total.amount", "customer.external_id"), so that what a viewer may not see
is empty in a file as it is null in the API. One that begins with `lines` makes a row of each line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.naming import camel
from rows.conditions import Condition, Every
from rows.custom_fields import CustomField
from rows.declare import Column, Entity, Kind, ToMany
from rows.entities import CUSTOMER, ENTITIES, LEAD, ORDER, PRODUCT
from rows.sql import Compiler

Ways = Mapping[str, str]

ORDER_WAYS: Ways = {
    "id": "id",
    "number": "number",
    "external_id": "external_id",
    "channel": "channel.code",
    "type": "type",
    "status": "status",
    "placed_at": "placed_at",
    "required_by": "required_by",
    "customer_external_id": "customer.external_id",
    "customer_name": "customer_name",
    "region": "region.code",
    "owner": "owner.name",
    "team": "team.name",
    "currency": "currency",
    "discount": "discount.amount",
    "net_total": "net_total.amount",
    "tax_total": "tax_total.amount",
    "total": "total.amount",
    "base_total": "base_total.amount",
    "payment_state": "payment_state",
    "paid": "paid.amount",
    "due": "due.amount",
    "urgency": "urgency",
    "tags": "tags",
    "notes": "notes",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "line_kind": "lines.kind",
    "sku": "lines.sku",
    "product_name": "lines.name",
    "quantity": "lines.quantity",
    "unit_price": "lines.unit_price",
    "line_discount": "lines.discount.amount",
    "tax_rate": "lines.tax_rate",
    "line_net": "lines.net.amount",
    "line_tax": "lines.tax.amount",
    "line_gross": "lines.gross.amount",
}
CUSTOMER_WAYS: Ways = {
    "id": "id",
    "channel": "channel.code",
    "external_id": "external_id",
    "name": "name",
    "level": "level",
    "value_class": "value_class",
    "industry": "industry",
    "email": "email",
    "phone": "phone",
    "tax_id": "tax_id",
    "region": "region.code",
    "owner": "owner.name",
    "team": "team.name",
    "preferences": "preferences",
    "tags": "tags",
    "birthday": "birthday",
    "contract_day": "contract_day",
    "last_order_at": "last_order_at",
    "frequency": "frequency",
    "monetary": "monetary.amount",
    "recency_score": "recency_score",
    "frequency_score": "frequency_score",
    "monetary_score": "monetary_score",
    "created_at": "created_at",
    "updated_at": "updated_at",
}
PRODUCT_WAYS: Ways = {
    "id": "id",
    "sku": "sku",
    "name": "name",
    "description": "description",
    "category": "category",
    "price": "price.amount",
    "currency": "price.currency",
    "tax_rate": "tax_rate",
    "active": "active",
    "created_at": "created_at",
    "updated_at": "updated_at",
}
LEAD_WAYS: Ways = {
    "id": "id",
    "source": "source.code",
    "external_id": "external_id",
    "company": "company",
    "contact_name": "contact_name",
    "email": "email",
    "phone": "phone",
    "tax_id": "tax_id",
    "industry": "industry",
    "region": "region.code",
    "intent": "intent",
    "interest": "interest",
    "expected_value": "expected_value.amount",
    "tags": "tags",
    "status": "status",
    "score": "score",
    "owner": "owner.name",
    "team": "team.name",
    "pool": "pool.code",
    "entered_at": "entered_at",
    "assigned_at": "assigned_at",
    "first_contact_at": "first_contact_at",
    "last_follow_up_at": "last_follow_up_at",
    "closed_at": "closed_at",
    "updated_at": "updated_at",
}
WAYS: Mapping[str, Ways] = {
    ORDER.name: ORDER_WAYS,
    CUSTOMER.name: CUSTOMER_WAYS,
    PRODUCT.name: PRODUCT_WAYS,
    LEAD.name: LEAD_WAYS,
}

_FIGURES = frozenset({"last_order_at", "frequency", "monetary", "recency_score", "frequency_score", "monetary_score"})
# What a file has that names no columns: what is needed to import it again.
USUAL: Mapping[str, Sequence[str]] = {
    ORDER.name: (
        *(
            "external_id",
            "sku",
            "product_name",
            "quantity",
            "unit_price",
            "placed_at",
            "customer_external_id",
            "region",
        ),
        *("currency", "number", "type", "status", "total"),
    ),
    CUSTOMER.name: tuple(name for name in CUSTOMER_WAYS if name not in _FIGURES),
    PRODUCT.name: tuple(PRODUCT_WAYS),
    LEAD.name: tuple(LEAD_WAYS),
}

_DAY = "to_char({value}, 'YYYY-MM-DD')"
_MOMENT = """to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
_WRITTEN: Mapping[Kind, str] = {
    Kind.DECIMAL: "trim_scale({value})::text",
    Kind.MONEY: "({value})::text",
    Kind.DATETIME: _MOMENT,
    Kind.DATE: _DAY,
    Kind.TEXTS: "array_to_string({value}, ', ')",
}


@dataclass(frozen=True)
class ExportColumn:
    """A column of a file: its name there and the kind of its values."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class ExportShape:
    """What SQL depends on: the entity, columns by their names or as custom fields, the filter, and the sort."""

    entity: Entity
    columns: Sequence[str | CustomField]
    condition: Condition
    sort: Column
    descending: bool


def title(of: str | CustomField) -> str:
    """What a file calls a column."""
    return camel(of) if isinstance(of, str) else of.key


@dataclass
class Export:
    """Writes the statements of one export."""

    compiler: Compiler
    shape: ExportShape
    _joins: dict[str, str] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)

    def columns(self) -> list[ExportColumn]:
        """The columns of the file, in order."""
        return [ExportColumn(title(of), self._find(of)[0].kind) for of in self.shape.columns]

    def rows(self) -> str:
        """All rows, each value as text, in order."""
        values = [self._written(*self._find(of)) for of in self.shape.columns]
        return f"SELECT {', '.join(values)} FROM {self._from()} ORDER BY {self._order()}"

    def count(self) -> str:
        """How many rows there are."""
        return f"SELECT count(*) FROM {self._from()}"

    @property
    def _root(self) -> str:
        return self._aliases.setdefault("", "e")

    def _from(self) -> str:
        entity, root = self.shape.entity, self._root
        for of in self.shape.columns:
            self._find(of)
        conditions = [self.compiler.visible(entity, root)]
        if self.shape.condition != Every(()):
            conditions.append(self.compiler.condition(self.shape.condition, entity, root, 0))
        where = " AND ".join(filter(None, conditions)) or "true"
        return f"{entity.table} {root} {' '.join(self._joins.values())} WHERE {where}"

    def _order(self) -> str:
        way = "DESC" if self.shape.descending else "ASC"
        column = self.shape.sort.sql.format(t=self._root)
        many = next((name for name in self._aliases if name == "lines"), "")
        lines = f", {self._aliases[many]}.position, {self._aliases[many]}.id" if many else ""
        return f"{column} {way} NULLS LAST, {self._root}.id {way}{lines}"

    def _find(self, name: str | CustomField) -> tuple[Column, str, str]:
        """The column that a name leads to, the alias of its row, and that of the row whose currency it has."""
        if isinstance(name, CustomField):
            return name.column, self._root, ""
        way = WAYS[self.shape.entity.name][name].split(".")
        entity, alias, via = self.shape.entity, self._root, self._root
        if way[0] in entity.to_one or way[0] in entity.to_many:
            entity, alias = self._join(way.pop(0))
        if way[0] in entity.composites:
            return entity.composites[way[0]].parts[way[1]], alias, via
        return entity.columns[way[0]], alias, via

    def _join(self, relation: str) -> tuple[Entity, str]:
        """The related row, as far as the viewer sees it; what is seen with this row needs no more."""
        to = self.shape.entity.to_one.get(relation) or self.shape.entity.to_many[relation]
        target = ENTITIES[to.target]
        if relation not in self._aliases:
            alias = self._aliases[relation] = self.compiler.alias()
            if isinstance(to, ToMany):
                on = [f"{alias}.{to.column} = {self._root}.id"]
            else:
                on = [f"{alias}.id = {self._root}.{to.column}", self.compiler.visible(target, alias)]
            self._joins[relation] = f"LEFT JOIN {target.table} {alias} ON {' AND '.join(filter(None, on))}"
        return target, self._aliases[relation]

    def _written(self, column: Column, alias: str, via: str) -> str:
        value = self.compiler.column(column, alias, via)
        if column.kind is Kind.ID:
            return f"'{ENTITIES[column.entity].prefix}_' || {value}"
        return _WRITTEN.get(column.kind, "({value})::text").format(value=value)

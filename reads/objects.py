"""The JSON of one row, with the joins that its fields need."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reads.groups import KeysShape, Shape
from reads.plan import AnyOne, Calculated, CustomValues, Field, Many, Nested, ObjectPlan, One, Parts, Typename, Value
from reads.text import ARGUMENTS, END, MARK, Sql, Text, array_of, literal, object_text, unless, value_text
from rows.declare import Column, Composite, Entity
from rows.entities import ENTITIES
from rows.sql import Compiler


@dataclass
class _Row:
    """A row being written: its alias, its entity, and the aliases of the to-one relations joined so far."""

    entity: Entity
    alias: str
    joined: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)


@dataclass
class Objects:
    """Writes rows for one root field. `shapes` are those of the plan's groups."""

    compiler: Compiler
    shapes: Sequence[Shape | None]

    def row(self, plan: ObjectPlan, alias: str, inverse: tuple[str, str] | None = None) -> tuple[Text, str]:
        """The JSON of the row `alias`, and the joins that it needs.

        `inverse` is a to-one relation of the row with the alias of its row, already in the statement and seen.
        """
        row = _Row(plan.entity, alias, dict([inverse] if inverse else []))
        text = object_text((field.key, self._field(field, row)) for field in plan.fields)
        return text, " ".join(row.joins)

    def _field(self, field: Field, row: _Row) -> Text:
        match field:
            case Typename(_, name):
                return Text(f'"{name}"')
            case Value(_, column):
                return self._value(column, row)
            case Parts(_, composite, parts):
                return self._parts(composite, parts, row)
            case One():
                return self._one(field, row)
            case AnyOne():
                return self._any(field, row)
            case Many():
                return self._many(field, row)
            case Nested():
                return self._nested(field, row)
            case CustomValues():
                return self._custom(field, row)
            case Calculated(_, index, computed):
                arguments = array_of([self._value(row.entity.columns[name], row) for name in computed.requires])
                return Text(f"{MARK}{index}{ARGUMENTS}", arguments, END)

    def _value(self, column: Column, row: _Row) -> Text:
        via = self._join(column.via, row) if column.via else ""
        return value_text(column, self.compiler.column(column, row.alias, via))

    def _parts(self, composite: Composite, parts: Sequence[Value | Typename], row: _Row) -> Text:
        text = object_text((part.key, self._field(part, row)) for part in parts)
        if not composite.present:
            return text
        via = self._join(composite.via, row) if composite.via else ""
        return unless(f"({composite.present.format(t=row.alias, via=via)}) IS NOT TRUE", text)

    def _join(self, relation: str, row: _Row) -> str:
        """The alias of the row in to-one `relation`, joined where the viewer sees it."""
        if relation not in row.joined:
            to = row.entity.to_one[relation]
            target = ENTITIES[to.target]
            alias = row.joined[relation] = self.compiler.alias()
            on = [f"{alias}.id = {row.alias}.{to.column}", self.compiler.visible(target, alias)]
            row.joins.append(f"LEFT JOIN {target.table} {alias} ON {' AND '.join(filter(None, on))}")
        return row.joined[relation]

    def _one(self, field: One, row: _Row) -> Text:
        alias = self._join(field.relation, row)
        text, joins = self.row(field.object, alias)
        row.joins.append(joins)
        return unless(f"{alias}.id IS NULL", text)

    def _any(self, field: AnyOne, row: _Row) -> Text:
        """The row of whichever entity it is, where the viewer sees it: one join for each that it may be."""
        cases = []
        for name, plan in field.objects.items():
            alias = self.compiler.alias()
            text, joins = self.row(plan, alias)
            on = [
                f"{row.alias}.{field.relation.kind} = {literal(name)}",
                f"{alias}.id = {row.alias}.{field.relation.column}",
                self.compiler.visible(plan.entity, alias),
            ]
            row.joins += [f"LEFT JOIN {plan.entity.table} {alias} ON {' AND '.join(filter(None, on))}", joins]
            cases.append(f"WHEN {alias}.id IS NOT NULL THEN {text.sql()}")
        return Text(Sql(f"CASE {' '.join(cases)} ELSE 'null' END"))

    def _many(self, field: Many, row: _Row) -> Text:
        entity, alias = field.object.entity, self.compiler.alias()
        inverse = (field.relation.inverse, row.alias) if field.relation.inverse else None
        text, joins = self.row(field.object, alias, inverse)
        where = [f"{alias}.{field.relation.column} = {row.alias}.id"]
        if not inverse:
            where.append(self.compiler.visible(entity, alias))
        rows = (
            f"SELECT {text.sql()} AS j FROM {entity.table} {alias} {joins} WHERE {' AND '.join(filter(None, where))}"
            f" ORDER BY {field.relation.order.format(t=alias)}"
        )
        return Text("[", Sql(f"coalesce((SELECT string_agg(r.j, ',') FROM ({rows}) r), '')"), "]")

    def _custom(self, field: CustomValues, row: _Row) -> Text:
        """The values of the fields in use, in the order of the fields, each as text from the row's own column."""
        shape = self.shapes[field.group]
        assert isinstance(shape, KeysShape)  # noqa: S101  # the group was made by keys_group
        assert row.entity.custom is not None  # noqa: S101  # declared_names knows the field of these alone
        alias, values = self.compiler.alias(), f"{row.alias}.custom_fields"
        text, joins = self.row(field.object, alias)
        chosen = f" AND f.key = ANY({self.compiler.parameters.value(field.group, 0, 'text[]')})" if shape.chosen else ""
        source = (
            f"SELECT f.id AS field_id, f.key, f.type, f.labels, f.currency, f.position, {values}->>f.key AS value,"
            f" CASE WHEN f.type = 'PERSON' THEN ({values}->>f.key)::bigint END AS person_id, c.labels AS choice_labels"
            f" FROM custom_field f"
            f" LEFT JOIN custom_field_choice c ON c.field_id = f.id AND c.code = {values}->>f.key"
            f" WHERE f.entity = '{row.entity.custom.value}' AND f.archived_at IS NULL AND {values} ? f.key{chosen}"
        )
        rows = f"SELECT {text.sql()} AS j FROM ({source}) {alias} {joins} ORDER BY {alias}.position, {alias}.field_id"
        return Text("[", Sql(f"coalesce((SELECT string_agg(r.j, ',') FROM ({rows}) r), '')"), "]")

    def _nested(self, field: Nested, row: _Row) -> Text:
        from reads.pages import page_text  # pages hold rows, and rows hold pages

        return Text(Sql(f"({page_text(self, field.page, f'{{t}}.{field.relation.column} = {row.alias}.id')})"))

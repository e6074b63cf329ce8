"""Visibility and filters as SQL.

A `Compiler` is made for one statement and one shape of viewer; what it writes depends on shapes alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from domain.people import Role
from domain.permissions import Action, reach
from domain.scopes import TokenScope
from domain.tiers import FREQUENT_TYPES, NOT_FREQUENT
from rows import visibility
from rows.conditions import Compare, CompareCustom, Condition, Every, Frequency, Not, Related, Some, Within
from rows.declare import Column, Entity, Everything, Ground, Inherited, Kind, Scope, ToMany, ToOne
from rows.entities import ENTITIES
from rows.parameters import Parameters


@dataclass(frozen=True)
class ViewerShape:
    """All that SQL may depend on of a viewer: roles, scopes, and into how many branches their team tree is spread.

    `spread` 0 means that the tree is one condition, for viewers of a large part of the rows. `scopes` is None for
    whoever is no API token.
    """

    roles: frozenset[Role]
    spread: int
    scopes: frozenset[TokenScope] | None = None


@dataclass
class Compiler:
    """Writes conditions for one statement."""

    shape: ViewerShape
    parameters: Parameters = field(default_factory=Parameters)
    _aliases: Iterator[int] = field(default_factory=lambda: count(1))

    def alias(self) -> str:
        """A table alias that nothing else in the statement has."""
        return f"t{next(self._aliases)}"

    def column(self, column: Column, alias: str, via: str = "") -> str:
        """`column` of the row `alias`, null where it is masked from this viewer. `via`: see `Column`."""
        of_company = {
            "me": self.parameters.me,
            "currency": self.parameters.currency,
            "digits": self.parameters.currency_digits,
            "zone": self.parameters.zone,
            "today": self.parameters.today,
        }
        facts = {name: placeholder() for name, placeholder in of_company.items() if f"{{{name}}}" in column.sql}
        value = column.sql.format(t=alias, via=via, **facts)
        holds = self.unmasked(column, alias)
        return f"CASE WHEN {holds} THEN {value} END" if holds else value

    def unmasked(self, column: Column, alias: str) -> str:
        """A condition that this viewer is told `column` of the row `alias`, or "" where it always is."""
        return self.scope_holds(visibility.unmasked(column, self.shape.roles, self.shape.scopes), alias)

    def scope(self, entity: Entity) -> Scope:
        """On which grounds this viewer sees rows of `entity`."""
        return visibility.seen(entity, self.shape.roles, self.shape.scopes)

    def visible(self, entity: Entity, alias: str) -> str:
        """A condition that this viewer sees the row `alias`, or "" where all rows are seen."""
        return self.scope_holds(self.scope(entity), alias, entity)

    def scope_holds(self, scope: Scope, alias: str, entity: Entity | None = None) -> str:
        """A condition that the row `alias` is within `scope`, or "" for everything."""
        match scope:
            case Everything():
                return ""
            case Inherited(relation) if entity is not None:
                to = entity.to_one[relation]
                parent, target = self.alias(), ENTITIES[to.target]
                seen = self.visible(target, parent)
                if not seen:
                    return ""
                return (
                    f"EXISTS (SELECT 1 FROM {target.table} {parent} WHERE {parent}.id = {alias}.{to.column} AND {seen})"
                )
            case tuple() as grounds:
                return self.any_holds(grounds, alias)
            case _:
                raise TypeError(scope)

    def may(self, actions: Sequence[Action], alias: str) -> str:
        """A condition that this viewer may take one of `actions` with the row `alias`; "" where with all rows."""
        reached = [reach(self.shape.roles, action) for action in actions]
        if any(each.everywhere for each in reached):
            return ""
        of_teams, own = any(each.of_teams for each in reached), any(each.own for each in reached)
        grounds = [*([visibility.TEAM_TREE] if of_teams else []), *([visibility.OWN] if own else [])]
        return self.any_holds(grounds, alias)

    def any_holds(self, grounds: Sequence[Ground], alias: str) -> str:
        """A test that the row `alias` is seen on one of `grounds`."""
        return "(" + (" OR ".join(self.holds(ground, alias) for ground in grounds) or "false") + ")"

    def holds(self, ground: Ground, alias: str) -> str:
        """`ground` as a test of the row `alias`."""
        return self._fill(ground.holds, alias)

    def branches(self, entity: Entity, alias: str, *, spread: bool) -> list[str]:
        """Conditions of which exactly one holds for each row that this viewer sees, each found by an index.

        [""] where all rows are seen. `spread`: sorted branches, one for each team of a small tree.
        """
        scope = self.scope(entity)
        if isinstance(scope, Inherited):
            return [self.visible(entity, alias)]
        if isinstance(scope, Everything):
            return [""]
        return self.disjoint(scope, alias, spread=spread) or ["false"]

    def disjoint(self, grounds: Sequence[Ground], alias: str, *, spread: bool = False) -> list[str]:
        """For each of `grounds` a condition that an index finds, unless one of the grounds before it holds."""
        branches: list[str] = []
        for place, ground in enumerate(grounds):
            earlier = "".join(f" AND ({self.holds(before, alias)}) IS NOT TRUE" for before in grounds[:place])
            branches += [found + earlier for found in self._finds(ground, alias, spread=spread)]
        return branches

    def _finds(self, ground: Ground, alias: str, *, spread: bool) -> list[str]:
        if spread and ground.spread and ground.among:
            return [f"{alias}.{ground.spread} = '{value}'" for value in ground.among]
        if spread and ground.spread and self.shape.spread:
            places = range(self.shape.spread)
            return [f"{alias}.{ground.spread} = {self.parameters.team(place)}" for place in places]
        return [self._fill(ground.finds or ground.holds, alias)]

    def _fill(self, template: str, alias: str) -> str:
        me = self.parameters.me() if "{me}" in template else ""
        teams = self.parameters.teams() if "{teams}" in template else ""
        return template.format(t=alias, me=me, teams=teams)

    def condition(self, condition: Condition, entity: Entity, alias: str, group: int) -> str:
        """`condition` as a test of the row `alias` of `entity`, its values in `group`. Never null: true or false."""
        match condition:
            case Every(items):
                return self._joined(" AND ", "true", items, entity, alias, group)
            case Some(items):
                return self._joined(" OR ", "false", items, entity, alias, group)
            case Not(item):
                return f"({self.condition(item, entity, alias, group)}) IS NOT TRUE"
            case Compare(name, operator, slot):
                return self._compare(entity.columns[name], operator, alias, group, slot)
            case CompareCustom(of, operator, slot):
                return self._compare(of.column, operator, alias, group, slot)
            case Frequency(operator, days, slot):
                return self._frequent(operator, alias, group, days, slot)
            case Within(slot):
                root = self.parameters.value(group, slot, "bigint")
                return f"{alias}.id = ANY(ARRAY({_subtree(entity, root)}))"
            case Related(relation, item):
                return self._related(entity, relation, item, alias, group)

    def _joined(self, by: str, none: str, items: tuple[Condition, ...], entity: Entity, alias: str, group: int) -> str:
        return "(" + (by.join(self.condition(item, entity, alias, group) for item in items) or none) + ")"

    def _compare(self, column: Column, operator: str, alias: str, group: int, slot: int) -> str:
        left = self.column(column, alias)
        if operator == "isNull":
            return f"(({left}) IS NULL) = {self.parameters.value(group, slot, 'boolean')}"
        element = column.kind.value.removesuffix("[]")
        one = self.parameters.value(group, slot, element) if operator not in {"in", "hasAny", "hasAll"} else ""
        many = self.parameters.value(group, slot, f"{element}[]") if not one else ""
        match operator:
            case "in":
                return f"{left} = ANY({many})"
            case "startsWith":
                return f"starts_with({left}, {one})"
            case "contains":
                return contains(left, one, searched=column.searched)
            case "has":
                return f"{left} @> ARRAY[{one}]"
            case "hasAny":
                return f"{left} && {many}"
            case "hasAll":
                return f"{left} @> {many}"
            case _:
                return f"{left} {_SIGNS[operator]} {one}"

    def _frequent(self, operator: str, alias: str, group: int, days: int, slot: int) -> str:
        """How many sales of its customer the viewer sees, this one too, stored or not; false without a customer."""
        customer, whose = ENTITIES["Customer"], self.alias()
        count = self.earlier_sales(alias, group, days)
        number = self.parameters.value(group, slot, "int8")
        compared = f"({count}) + ({_IS_SALE.format(t=alias)})::int {_SIGNS[operator]} {number}"
        known = f"{alias}.customer_id IS NOT NULL"
        if seen := self.visible(customer, whose):
            of_it = f"{whose}.id = {alias}.customer_id AND {seen}"
            known = f"EXISTS (SELECT FROM {customer.table} {whose} WHERE {of_it})"
        return f"({known} AND {compared})"

    def earlier_sales(self, alias: str, group: int, days: int) -> str:
        """A select of how many other sales of its customer the viewer sees, in so many days up to its placement."""
        wide = self.parameters.value(group, days, "int")
        return f"SELECT count(*) {self.sales_since(alias, self.alias(), since(alias, wide))}"

    def sales_since(self, alias: str, other: str, begin: str) -> str:
        """What a select goes on with that is of sales, `other`, of its customer: from `begin` to its placement."""
        order = ENTITIES["Order"]
        conditions = [
            f"{other}.customer_id = {alias}.customer_id",
            f"{other}.placed_at > {begin}",
            f"{other}.placed_at <= {alias}.placed_at",
            f"{other}.id IS DISTINCT FROM {alias}.id",
            _IS_SALE.format(t=other),
            self.visible(order, other),
        ]
        return f"FROM {order.table} {other} WHERE {' AND '.join(filter(None, conditions))}"

    def _related(self, entity: Entity, relation: str, item: Condition, alias: str, group: int) -> str:
        to = entity.to_one.get(relation)
        if to is None:
            return self._exists(entity, relation, item, alias, group)
        target = ENTITIES[to.target]
        items = item.items if isinstance(item, Every) else (item,)
        here = [self._copied(to, target, part, alias, group) for part in items]
        told = [condition for condition in here if condition]
        if len(told) < len(items) or not items:
            told.append(self._exists(entity, relation, item, alias, group))
        elif not isinstance(self.scope(target), Everything):
            told.append(self._exists(entity, relation, Every(()), alias, group))
        return "(" + " AND ".join(told) + ")"

    def _copied(self, to: ToOne, target: Entity, item: Condition, alias: str, group: int) -> str:
        """`item`, a condition on the target, as one on what this table repeats of it; "" where it does not."""
        match item:
            case Compare("id", operator, slot) if operator != "isNull":
                return self._compare(Column(f"{{t}}.{to.column}", Kind.ID), operator, alias, group, slot)
            case Compare(name, operator, slot) if name in to.copies and operator != "isNull":
                copy = Column(f"{{t}}.{to.copies[name]}", target.columns[name].kind)
                return self._compare(copy, operator, alias, group, slot)
            case Within(slot):
                root = self.parameters.value(group, slot, "bigint")
                return f"{alias}.{to.column} = ANY(ARRAY({_subtree(target, root)}))"
            case _:
                return ""

    def _exists(self, entity: Entity, relation: str, item: Condition, alias: str, group: int) -> str:
        to = entity.to_one.get(relation) or entity.to_many.get(relation) or entity.paged[relation]
        target, other = ENTITIES[to.target], self.alias()
        joined = f"{other}.id = {alias}.{to.column}" if isinstance(to, ToOne) else f"{other}.{to.column} = {alias}.id"
        seen_with_this = isinstance(to, ToMany) and to.inverse
        visible = "" if seen_with_this else self.visible(target, other)
        conditions = [joined, visible, "" if item == Every(()) else self.condition(item, target, other, group)]
        where = " AND ".join(condition for condition in conditions if condition)
        return f"EXISTS (SELECT 1 FROM {target.table} {other} WHERE {where})"


def since(alias: str, days: str) -> str:
    """The moment so many days before the placement of the order."""
    return f"{alias}.placed_at - {days} * interval '24 hours'"


def contains(text: str, part: str, *, searched: bool) -> str:
    """A condition that `text` contains `part`, whatever their case and width; `searched`: by an index on `text`.

    What costs less stands first, for rows that no index has tested. Functions, unlike LIKE, say nothing to the planner
    of how rare it is: what the index's statistics say is enough.
    """
    holds = f"position(search_text({part}) IN search_text({text})) > 0"
    return f"({holds} AND search_grams({text}) @> search_keys({part}))" if searched else holds


_IS_SALE = (
    f"({{t}}.type IN ({', '.join(sorted(repr(of.value) for of in FREQUENT_TYPES))})"
    f" AND {{t}}.status NOT IN ({', '.join(sorted(repr(status.value) for status in NOT_FREQUENT))})"
    " AND {t}.split_from_id IS NULL)"  # which is one purchase with the order that it was split off
)
_SIGNS = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _subtree(entity: Entity, root: str) -> str:
    return f"SELECT x.descendant_id FROM {entity.tree} x WHERE x.ancestor_id = {root}"

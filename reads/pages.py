"""Connections: a page of rows, its cursors and its totals, as one subselect that gives the JSON."""

from dataclasses import dataclass, field

from reads.cursors import sort_tag
from reads.groups import PageShape
from reads.objects import Objects
from reads.plan import Cursor, Edges, Node, Nodes, PageInfo, PagePlan, Section, TotalAmount, TotalCount, Typename
from reads.slices import columns_in, rows_of_page, totals_of_list
from reads.text import Sql, Text, literal, moment, object_text
from rows.declare import Column, Kind


@dataclass
class _Page:
    """A connection being written.

    `row` is the alias of its rows. `elements` are expressions over a row, which become the arrays p.a0, p.a1, ...;
    `joins` is what they need. `exact`: nothing asks whether there are more rows than the page holds.
    """

    objects: Objects
    plan: PagePlan
    shape: PageShape
    row: str
    exact: bool
    elements: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def size(self) -> str:
        """The placeholder of how many rows the page holds."""
        return self.objects.compiler.parameters.value(self.plan.group, self.shape.limit, "bigint")

    def column(self) -> Column:
        """The column that the list is sorted by."""
        return self.shape.sort.column

    def array(self, element: str) -> str:
        """The array of `element` over the rows in the order in which they were found."""
        if element not in self.elements:
            self.elements.append(element)
        return f"p.a{self.elements.index(element)}"


def page_text(objects: Objects, plan: PagePlan, within: str = "") -> str:
    """A subselect of one text: the connection. `within` ties its rows, {t}, to a parent row."""
    shape = objects.shapes[plan.group]
    assert isinstance(shape, PageShape)  # noqa: S101  # the group was made by page_group
    page = _Page(objects, plan, shape, objects.compiler.alias(), exact=not _asks_for_more(plan, shape))
    text = object_text((section.key, _section(page, section)) for section in plan.sections)
    sources = []
    if page.elements or not page.exact:
        sources.append(f"({_arrays(page, within)}) p")
    if any(isinstance(section, TotalCount | TotalAmount) for section in plan.sections):
        amount = any(isinstance(section, TotalAmount) for section in plan.sections)
        sources.append(f"({totals_of_list(objects.compiler, plan, shape, within, amount=amount)}) s")
    return f"SELECT {text.sql()}" + (f" FROM {' CROSS JOIN '.join(sources)}" if sources else "")


def _asks_for_more(plan: PagePlan, shape: PageShape) -> bool:
    name = "hasPreviousPage" if shape.backward else "hasNextPage"
    infos = [section for section in plan.sections if isinstance(section, PageInfo)]
    return any(asked == name for info in infos for _, asked in info.fields)


def _arrays(page: _Page, within: str) -> str:
    """The elements of the page's rows, each as an array, and how many rows were found: one more than fits if asked."""
    wanted = columns_in(" ".join([*page.elements, *page.joins]), page.row)
    rows, order = rows_of_page(page.objects.compiler, page.plan, page.shape, within, page.row, wanted, exact=page.exact)
    columns = "".join(f", {element} AS e{place}" for place, element in enumerate(page.elements))
    arrays = "".join(f", array_agg(r.e{place}) AS a{place}" for place in range(len(page.elements)))
    return (
        f"SELECT count(*) AS found{arrays} FROM"
        f" (SELECT 1{columns} FROM ({rows}) {page.row} {' '.join(page.joins)} ORDER BY {order}) r"
    )


def _section(page: _Page, section: Section) -> Text:
    match section:
        case Typename(_, name):
            return Text(f'"{name}"')
        case Edges(_, fields):
            return _list(page, object_text((field.key, _edge_field(page, field)) for field in fields))
        case Nodes(_, plan):
            return _list(page, _node(page, Node("", plan)))
        case PageInfo(_, fields):
            return object_text((key, _page_info(page, name)) for key, name in fields)
        case TotalCount():
            return Text(Sql("s.rows::text"))
        case TotalAmount(_, parts):
            return object_text((key, _total(page, name)) for key, name in parts)


def _list(page: _Page, element: Text) -> Text:
    whole = page.array(element.sql())
    kept = whole if page.exact else f"{whole}[1:{page.size()}]"
    ordered = f"array_reverse({kept})" if page.shape.backward else kept
    return Text("[", Sql(f"coalesce(array_to_string({ordered}, ','), '')"), "]")


def _edge_field(page: _Page, field: Cursor | Node | Typename) -> Text:
    match field:
        case Typename(_, name):
            return Text(f'"{name}"')
        case Cursor():
            return Text('"', Sql(_encoded(_cursor(page))), '"')
        case Node():
            return _node(page, field)


def _node(page: _Page, node: Node) -> Text:
    text, joins = page.objects.row(node.object, page.row)
    page.joins.append(joins)
    return text


def _page_info(page: _Page, name: str) -> Text:
    shape = page.shape
    match name:
        case "__typename":
            return Text('"PageInfo"')
        case "hasNextPage":
            return Text("true" if shape.before else "false") if shape.backward else _more(page)
        case "hasPreviousPage":
            return _more(page) if shape.backward else Text("true" if shape.after else "false")
        case _:
            first_found = (name == "startCursor") != shape.backward
            place = f"least({'1' if first_found else 'p.found'}, {page.size()})"  # none of a page of no rows
            cursor = _encoded(f"({page.array(_cursor(page))})[{place}]")
            return Text(Sql(f"coalesce('\"' || {cursor} || '\"', 'null')"))


def _more(page: _Page) -> Text:
    return Text(Sql(f"(p.found > {page.size()})::text"))


def _total(page: _Page, name: str) -> Text:
    parameters = page.objects.compiler.parameters
    match name:
        case "__typename":
            return Text('"Money"')
        case "amount":
            return Text('"', Sql(f"round(s.amount, {parameters.currency_digits()})::text"), '"')
        case _:
            return Text('"', Sql(f"{parameters.currency()}::text"), '"')


def _cursor(page: _Page) -> str:
    """The plain text of a row's cursor; see `reads.cursors`."""
    column, tag = page.column(), sort_tag(page.shape.sort.name, descending=page.shape.descending)
    value = column.sql.format(t=page.row)
    match column.kind:
        case Kind.DATETIME:
            written = moment(value)
        case Kind.DATE:
            written = f"to_char({value}, 'YYYY-MM-DD')"
        case _:
            written = f"{value}::text"
    return f"{literal(tag + ',')} || {page.row}.id || coalesce(',=' || {written}, ',-')"


def _encoded(text: str) -> str:
    return f"translate(encode(convert_to({text}, 'UTF8'), 'base64'), '+/=\n', '-_')"

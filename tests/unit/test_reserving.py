"""What is reserved where for the lines of an order."""

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.errors import StockShort
from domain.stock.reserving import Need, Supply, Taking, reserve

D = Decimal
quantities = st.decimals(min_value=D("0.001"), max_value=D(20), places=3)
needs_of = st.lists(st.tuples(st.integers(1, 3), quantities), min_size=1, max_size=4)
supplies_of = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.decimals(min_value=D(0), max_value=D(20), places=3)),
    max_size=8,
    unique_by=lambda each: each[:2],
)


def need(line: int, product: int, quantity: str) -> Need:
    return Need(line_id=line, product_id=product, sku=f"P-{product}", quantity=D(quantity))


def supply(level: int, warehouse: int, product: int, available: str, *, rank: int = 0) -> Supply:
    return Supply(level_id=level, warehouse_id=warehouse, rank=rank, product_id=product, available=D(available))


def taken(decided: list[Taking] | list[StockShort]) -> list[tuple[int, int, str]]:
    return [(each.line_id, each.level_id, str(each.quantity)) for each in decided if isinstance(each, Taking)]


def test_one_warehouse_serves_alone_if_it_can_even_if_another_comes_first() -> None:
    supplies = [supply(1, 1, 7, "9", rank=1), supply(2, 2, 7, "5", rank=2), supply(3, 2, 8, "5", rank=2)]
    assert taken(reserve([need(1, 7, "3"), need(2, 8, "1")], supplies)) == [(1, 2, "3"), (2, 3, "1")]


def test_where_none_can_a_line_takes_from_warehouses_by_rank() -> None:
    supplies = [supply(1, 1, 7, "5", rank=2), supply(2, 2, 7, "4", rank=1), supply(3, 3, 7, "0", rank=0)]
    assert taken(reserve([need(1, 7, "6")], supplies)) == [(1, 2, "4"), (1, 1, "2")]


def test_of_two_lines_with_one_product_the_later_one_is_short_and_what_is_left_for_it_is_told() -> None:
    found = reserve([need(1, 7, "3"), need(2, 7, "3")], [supply(1, 1, 7, "4")])
    [short] = [each for each in found if isinstance(each, StockShort)]
    assert (short.line_id, short.sku, short.requested, short.available) == (2, "P-7", D(3), D(1))


@given(asked=needs_of, held=supplies_of)
def test_all_is_reserved_out_of_what_there_is_or_nothing_and_every_shortage_is_one(
    asked: list[tuple[int, D]], held: list[tuple[int, int, D]]
) -> None:
    needs = [Need(line_id=n, product_id=product, sku="", quantity=q) for n, (product, q) in enumerate(asked, start=1)]
    supplies = [
        Supply(level_id=n, warehouse_id=place, rank=place % 2, product_id=product, available=q)
        for n, (place, product, q) in enumerate(held, start=1)
    ]
    wanted, there = Counter[int](), Counter[int]()
    for each in needs:
        wanted[each.product_id] += each.quantity  # type: ignore[assignment]  # decimals add up as well
    for each_supply in supplies:
        there[each_supply.product_id] += each_supply.available  # type: ignore[assignment]  # as above
    decided = reserve(needs, supplies)
    short = {each.product_id for each in decided if isinstance(each, StockShort)}
    assert short == {product for product in wanted if wanted[product] > there[product]}
    if short:
        return
    of_line, of_level = Counter[int](), Counter[int]()
    for taking in decided:
        assert isinstance(taking, Taking)
        assert taking.quantity > 0
        of_line[taking.line_id] += taking.quantity  # type: ignore[assignment]  # as above
        of_level[taking.level_id] += taking.quantity  # type: ignore[assignment]  # as above
    assert of_line == {each.line_id: each.quantity for each in needs}
    assert all(of_level[each.level_id] <= each.available for each in supplies)

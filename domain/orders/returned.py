"""What comes back of an order is worth what was paid for it: each product's part of the stored amounts, by pieces.

An order that sold a product on several lines sold it on all of them together, since nobody can tell of which line a
piece is. Net and tax are divided each by itself. So many pieces are worth the rounded part of all that came back by
then, less what those before took: the last piece has the remainder, and all together exactly what was paid.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from domain.currencies import UNITS
from domain.errors import InvalidInput
from domain.money import exact, round_money
from domain.numbers import NOTHING
from domain.orders.amounts import PricedLine, PricedOrder, add_up
from domain.orders.entry import line_path
from domain.orders.lines import OrderedLine
from domain.problems import Problem


@dataclass(frozen=True)
class Worth:
    """Net and tax, above zero where they were paid or are paid back."""

    net: Decimal
    tax: Decimal


_ROUNDING = 2
"""How many units of the currency an amount may be off its part and still count as rounded."""
_Part = Callable[[Worth], Decimal]


def _net(worth: Worth) -> Decimal:
    return worth.net


def _tax(worth: Worth) -> Decimal:
    return worth.tax


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """So many pieces of a product, None for what is none, with the net and tax that they were sold or came back for.

    All are above zero. `unit_price` and `tax_rate` are those of their line.
    """

    product_id: int | None
    quantity: Decimal
    worth: Worth
    unit_price: Decimal = NOTHING
    tax_rate: Decimal = NOTHING


@dataclass(frozen=True, kw_only=True)
class Account:
    """One product of an order: what it was sold for, and what of it came back.

    `unit_price` is the highest that it was sold at, `tax_rate` that of the first line.
    """

    sold: Sequence[Pieces]
    back: Sequence[Pieces]
    currency: str

    @property
    def unit_price(self) -> Decimal:
        """The highest price at which the product was sold."""
        return max(pieces.unit_price for pieces in self.sold)

    @property
    def tax_rate(self) -> Decimal:
        """The rate of the first line that sold it."""
        return self.sold[0].tax_rate

    def worth_of(self, quantity: Decimal) -> Worth:
        """What the next `quantity` pieces are worth; never more than is left."""
        return Worth(*(self._value(part, quantity) for part in (_net, _tax)))

    def most_for(self, quantity: Decimal) -> Worth:
        """The most that so many pieces can be worth, be they the dearest: not more than is left either."""
        return Worth(*(min(self._dearest(part, quantity), self._left(part)) for part in (_net, _tax)))

    @property
    def left(self) -> Worth:
        """What was paid and has not come back."""
        return Worth(self._left(_net), self._left(_tax))

    def with_back(self, quantity: Decimal, worth: Worth) -> "Account":
        """The account when so many pieces more have come back for so much."""
        pieces = Pieces(product_id=self.sold[0].product_id, quantity=quantity, worth=worth)
        return replace(self, back=[*self.back, pieces])

    def _value(self, part: _Part, quantity: Decimal) -> Decimal:
        with exact():
            before = sum((pieces.quantity for pieces in self.back), NOTHING)
            by_then = round_money(self._part_of(part, before + quantity), self.currency)
            value = by_then - sum((self._used(part, pieces) for pieces in self.back), NOTHING)
            if before + quantity < sum((pieces.quantity for pieces in self.sold), NOTHING):
                least, most = self._around(part, quantity)
                value = min(max(value, least), most)
        return min(max(value, round_money(NOTHING, self.currency)), self._left(part))

    def _used(self, part: _Part, pieces: Pieces) -> Decimal:
        """What `pieces` that came back take of what was paid: their part, though they came back for another price.

        A few units off is what rounding left to them after others were declined.
        """
        least, most = self._around(part, pieces.quantity)
        with exact():
            off = _ROUNDING * UNITS[self.currency]
            rounded = least - off <= part(pieces.worth) <= most + off
        return part(pieces.worth) if rounded else min(max(part(pieces.worth), least), most)

    def _around(self, part: _Part, quantity: Decimal) -> tuple[Decimal, Decimal]:
        """The whole units below and above what so many pieces were paid."""
        fair, unit = self._part_of(part, quantity), UNITS[self.currency]
        with exact():
            return fair.quantize(unit, rounding=ROUND_FLOOR), fair.quantize(unit, rounding=ROUND_CEILING)

    def _part_of(self, part: _Part, quantity: Decimal) -> Decimal:
        with exact():
            return self._paid(part) * quantity / sum((pieces.quantity for pieces in self.sold), NOTHING)

    def _dearest(self, part: _Part, quantity: Decimal) -> Decimal:
        with exact():
            each = max(part(pieces.worth) * quantity / pieces.quantity for pieces in self.sold)
            return each.quantize(UNITS[self.currency], rounding=ROUND_CEILING)

    def _left(self, part: _Part) -> Decimal:
        with exact():
            left = self._paid(part) - sum((part(pieces.worth) for pieces in self.back), NOTHING)
        return max(left, round_money(NOTHING, self.currency))

    def _paid(self, part: _Part) -> Decimal:
        with exact():
            return sum((part(pieces.worth) for pieces in self.sold), NOTHING)


def accounts(sold: Sequence[Pieces], back: Sequence[Pieces], currency: str) -> dict[int | None, Account]:
    """The account of each product that was sold, and under None that of lines without one."""
    return {
        product: Account(
            sold=[pieces for pieces in sold if pieces.product_id == product],
            back=[pieces for pieces in back if pieces.product_id == product],
            currency=currency,
        )
        for product in {pieces.product_id for pieces in sold}
    }


@dataclass(frozen=True)
class Returned:
    """A line of a return or exchange; `worth` is what was paid for what it brings back, None where its terms say it."""

    line: OrderedLine
    worth: Worth | None = None


def as_sold(
    lines: Sequence[OrderedLine], of: Mapping[int | None, Account], *, same_basis: bool, tax_included: bool
) -> list[Returned]:
    """`lines`, of which those that bring a product back at the price and rate it was sold at are worth what was paid.

    Their discount is what they are worth less than their price: the original line's and its part of the order's.
    `same_basis` tells whether prices of both orders include tax, or of neither.
    """
    accounts_now, valued = dict(of), list[Returned]()
    for line in lines:
        account = accounts_now.get(line.product_id) if line.product_id is not None else None
        if account and same_basis and _says_nothing_new(line, account):
            quantity = -line.terms.quantity
            worth = account.worth_of(quantity)
            accounts_now[line.product_id] = account.with_back(quantity, worth)
            valued.append(Returned(_discounted(line, worth, account.currency, tax_included=tax_included), worth))
        else:
            valued.append(Returned(line))
    return valued


def _says_nothing_new(line: OrderedLine, account: Account) -> bool:
    terms = line.terms
    at_price = (terms.unit_price, terms.tax_rate) == (account.unit_price, account.tax_rate)
    return terms.quantity < 0 and at_price and not terms.discount


def _discounted(line: OrderedLine, worth: Worth, currency: str, *, tax_included: bool) -> OrderedLine:
    """`line` with the discount that leaves what it is worth; at odd prices that may be a unit more than its amount."""
    with exact():
        whole = line.terms.quantity * line.terms.unit_price
        amount = worth.net + worth.tax if tax_included else worth.net
        discount = min(max(round_money(whole, currency) + amount, whole), NOTHING)
    return replace(line, terms=replace(line.terms, discount=discount + 0))


def at_worth(priced: PricedOrder, lines: Sequence[Returned]) -> PricedOrder:
    """`priced`, in which lines that bring back what was paid come to just that, unless the order's discount is on them.

    A part of tax is rounded otherwise than the tax on a part.
    """
    return add_up(
        [
            amounts if each.worth is None or amounts.order_discount else _back(each.worth)
            for each, amounts in zip(lines, priced.lines, strict=True)
        ],
        zero=priced.total * 0,
    )


def _back(worth: Worth) -> PricedLine:
    with exact():
        net, tax = 0 - worth.net, 0 - worth.tax
        return PricedLine(order_discount=worth.net * 0, net=net, tax=tax, gross=net + tax)


@dataclass(frozen=True, kw_only=True)
class Beyond:
    """A line, counted from 0, that brings back an `amount` of net or tax, as `field` says, where `most` is left."""

    place: int
    field: str
    amount: Decimal
    most: Decimal

    def problem(self) -> InvalidInput:
        """Its refusal."""
        path = (*line_path(self.place), self.field)
        return InvalidInput(path=path, problem=Problem.RETURN_BEYOND_PAID, limit=str(self.most))


def beyond_paid(
    lines: Sequence[Returned], priced: PricedOrder, of: Mapping[int | None, Account], currency: str
) -> Iterator[Beyond]:
    """The lines whose own terms make what they bring back worth more than was paid for so many pieces.

    What names no product comes back for at most what was paid for all such lines.
    """
    accounts_now = dict(of)
    for place in sorted(range(len(lines)), key=lambda place: lines[place].worth is None):
        product, quantity = lines[place].line.product_id, -lines[place].line.terms.quantity
        if quantity <= 0:
            continue
        account, amounts = accounts_now.get(product), priced.lines[place]
        most = _most(account, product, quantity, currency)
        if lines[place].worth is None and -amounts.net > most.net:
            yield Beyond(place=place, field="unitPrice", amount=-amounts.net, most=most.net)
        elif lines[place].worth is None and -amounts.tax > most.tax:
            yield Beyond(place=place, field="taxRate", amount=-amounts.tax, most=most.tax)
        if account:
            accounts_now[product] = account.with_back(quantity, Worth(-amounts.net, -amounts.tax))


def _most(account: Account | None, product: int | None, quantity: Decimal, currency: str) -> Worth:
    if account is None:
        nothing = round_money(NOTHING, currency)
        return Worth(nothing, nothing)
    return account.most_for(quantity) if product is not None else account.left

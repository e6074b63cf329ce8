"""Orders with lines and history."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from rows.entities import ORDER
from schema.describe import object_type, text
from schema.enums import (
    ComplaintState,
    CustomerLevel,
    ErrorCode,
    FindingKind,
    FindingSeverity,
    Fulfilment,
    HistoryKind,
    LineKind,
    OrderAction,
    OrderStatus,
    OrderType,
    PaymentKind,
    PaymentMethod,
    PaymentState,
    ShipmentState,
    StatusGroup,
    Transition,
    Urgency,
)
from schema.lists import connection
from schema.scalars import JSON, CurrencyCode
from schema.types.base import Connection, ContactDetails, Money, Node, PostalAddress
from schema.types.custom_fields import CustomFieldValue, custom_fields
from schema.types.customers import Customer
from schema.types.lists import Reason, Tier
from schema.types.organisation import Channel, Region, Team, User
from schema.types.products import Product
from schema.types.tiers import TierRule

Orders: TypeAlias = Annotated["OrderConnection", strawberry.lazy("schema.types.orders")]


@object_type
class OrderLine(Node):
    """A line of an order: what, how much, at what price. `net` + `tax` = `gross`."""

    kind: LineKind = text("What the line charges for.")
    sku: str | None = text("The product's sku when it was sold.")
    name: str = text("What it was called when it was sold.")
    quantity: Decimal = text("How many; negative where goods come back.")
    unit_price: Decimal = text("The price of one, in the order's currency; may have more digits than the currency.")
    discount: Money = text("What was taken off the line itself; its part of the order's discount is not among it.")
    tax_rate: Decimal = text("Tax rate: 0.2 is 20 %.")
    net: Money = text("Amount before tax.")
    tax: Money = text("Tax.")
    gross: Money = text("Amount with tax.")
    shipped: Decimal = text("How many of these were sent; all of an order that was sent without shipments.")
    fulfilment: Fulfilment | None = text("The same in a word; null for what is not sent, such as freight.")
    returnable: Decimal | None = text(
        "How many of these can still come back: none before they were sent. Null for what is no product, or comes back."
    )
    product: Product | None = text("The product; none for shipping.")
    order: "Order | None" = text("The order.")


@object_type
class OrderStatusChange(Node):
    """A step in an order's life."""

    from_status: OrderStatus | None = text("The status before; null for the order's making.")
    to_status: OrderStatus = text("The status after.")
    kind: HistoryKind = text("What it is about: the status stays where lines change.")
    other_order: "Order | None" = text(
        "The other order, if you see it: what it was split from or was split off, or what a return is of."
    )
    at: datetime = text("When.")
    reason: str | None = text("Why.")
    actor: User | None = text("Who; null for the system.")
    order: "Order | None" = text("The order.")


@object_type
class OrderOwnerChange(Node):
    """An order went from one owner and team to another."""

    at: datetime = text("When.")
    reason: str | None = text("Why.")
    from_owner: User | None = text("Whose it was.")
    from_team: Team | None = text("The team that it belonged to.")
    to_owner: User | None = text("Whose it became.")
    to_team: Team | None = text("The team that it belongs to since.")
    actor: User | None = text("Who gave it away; null for the system.")
    order: "Order | None" = text("The order.")


@object_type
class OrderTierOverride(Node):
    """Somebody gave an order another tier than rules do, for a time."""

    priority: int | None = text("The priority that it gives; null where the order's own stayed.")
    reason: str = text("Why.")
    at: datetime = text("Since when.")
    expires_at: datetime = text("When it ends by itself.")
    ended_at: datetime | None = text("When it ended; null while it holds.")
    tier: Tier | None = text("The tier that it gives.")
    actor: User | None = text("Who gave it.")
    ended_by: User | None = text("Who ended it; null where it ended by itself, or holds.")
    order: "Order | None" = text("The order.")


@object_type
class OrderFinding(Node):
    """Something that was wrong with an order when it was last handed in."""

    kind: FindingKind = text("What is wrong.")
    severity: FindingSeverity = text("How much it weighs.")
    line: OrderLine | None = text("The line that it is about, if it is about one that is there.")
    other_order: "Order | None" = text("The other order that it is about, if you see it.")
    facts: JSON | None = text(
        "The figures of the message, by name. Null of credit, but for MANAGER, REVIEWER, FINANCE and ADMIN."
    )
    message: str = text("What is wrong, in the language of the request.")
    found_at: datetime = text("When it was found.")
    overridden_by: User | None = text("Who approved the order all the same; null if nobody did.")
    overridden_at: datetime | None = text("When the order was approved all the same.")
    order: "Order | None" = text("The order.")


@object_type
class Shipment(Node):
    """Goods of an order that were sent together."""

    version: int = text("Grows with every change; give it back as `expectedVersion`.")
    carrier: str | None = text("Who carries it.")
    tracking_number: str | None = text("The number by which the carrier finds it.")
    state: ShipmentState = text("Whether it has arrived.")
    shipped_at: datetime = text("When it was sent.")
    delivered_at: datetime | None = text("When it arrived; null while it is on its way, or nobody said so.")
    created_at: datetime = text("When it was entered.")
    lines: list["ShipmentLine"] = text("What is in it.")
    actor: User | None = text("Who sent it; null for the system.")
    order: "Order | None" = text("The order.")


@object_type
class Payment(Node):
    """An entry of an order's ledger, which nobody changes: what was booked by mistake is reversed by another entry."""

    kind: PaymentKind = text("Whether money came in or went back, or an entry is undone.")
    amount: Money = text("How much, above zero, in the order's currency.")
    method: PaymentMethod = text("How it came or went.")
    reference: str | None = text("Its number with the bank or provider; none for reversals.")
    received_at: datetime = text("When it came or went; of a reversal, when it was made.")
    reversed: bool = text("Whether another entry undoes it.")
    reason: str | None = text("Why, in words, for reversals and transfers.")
    at: datetime = text("When it was booked.")
    reverses: "Payment | None" = text("For a reversal: the entry that it undoes.")
    counterpart: "Payment | None" = text("For a transfer: the entry of the other order, if you see that.")
    actor: User | None = text("Who booked it; null for the system.")
    order: "Order | None" = text("The order.")


@object_type
class ShipmentLine(Node):
    """Pieces of a line of the order that were sent together."""

    quantity: Decimal = text("How many.")
    order_line: OrderLine | None = text("The line.")
    shipment: Shipment | None = text("The shipment.")


@object_type
class Feedback(Node):
    """What a customer thinks of an order that is done: once for each."""

    score: int = text("From 1, the worst, to 5.")
    comment: str | None = text("In words.")
    at: datetime = text("When it was entered.")
    actor: User | None = text("Who entered it; null for the system.")
    order: "Order | None" = text("The order.")


@object_type
class ComplaintChange(Node):
    """Something that was done about a complaint."""

    from_state: ComplaintState | None = text("Where it stood; null for its opening.")
    to_state: ComplaintState = text("Where it came to.")
    respond_by: datetime = text("Its deadline after that.")
    note: str | None = text("Why, in words.")
    at: datetime = text("When.")
    actor: User | None = text("Who; null for the system.")
    complaint: "Complaint | None" = text("The complaint.")
    order: "Order | None" = text("The order.")


@object_type
class Complaint(Node):
    """Something that a customer complains of, with a deadline of its own."""

    version: int = text("Grows with every change; give it back as `expectedVersion`.")
    reason: Reason | None = text("Of what kind it is.")
    description: str = text("What is wrong, as the customer says it.")
    state: ComplaintState = text("Where it stands.")
    respond_by: datetime = text("By when it has to be closed; overdue are those that are not, behind this.")
    created_at: datetime = text("When it was entered.")
    updated_at: datetime = text("When something was last done about it.")
    closed_at: datetime | None = text("When it was resolved or rejected; null while it is neither.")
    changes: list[ComplaintChange] = text("What was done about it, oldest first.")
    actor: User | None = text("Who entered it; null for the system.")
    order: "Order | None" = text("The order.")


@object_type
class Blocker:
    """Something that stands in the way of a step or an action, as far as it is known without trying."""

    code: ErrorCode = text("What kind of refusal it would be.")
    problem: str | None = text("What is wrong, where the code alone does not say it: a stable key, as in refusals.")
    message: str = text("The same in words, in the language of the request.")
    line_id: strawberry.ID | None = text("For STOCK_SHORT: the line of which too little is there.")
    sku: str | None = text("For STOCK_SHORT: what it asks for.")
    requested: Decimal | None = text("For STOCK_SHORT: how many it asks for.")
    available: Decimal | None = text("For STOCK_SHORT: how many there are for it.")


@object_type
class OrderTransition:
    """A step that leads on from where an order stands: what a button is made of."""

    transition: Transition = text("The step; its mutation is named after it, such as orderRequestInfo.")
    label: str = text("What to write on the button, in the language of the request.")
    allowed: bool = text("Whether you may take it now.")
    blocked_by: list[Blocker] = text("Why you may not: what its mutation would refuse it for; empty if you may.")
    reason_needed: bool = text("Whether it wants a reason.")


@object_type
class AvailableAction:
    """Something that is done with an order and is no step of its life: what a button is made of."""

    action: OrderAction = text("What is done.")
    mutation: str = text("The mutation that does it, such as orderSplit.")
    label: str = text("What to write on the button, in the language of the request.")
    allowed: bool = text("Whether you may do it now.")
    blocked_by: list[Blocker] = text("Why you may not: what its mutation would refuse it for; empty if you may.")


@object_type
class Order(Node):
    """An order, a return or an exchange."""

    version: int = text("Grows with every edit and change of status; give it back as `expectedVersion`.")
    number: str = text("The number that people know, unique in the company.")
    type: OrderType = text("Why the order exists.")
    status: OrderStatus = text("Where it stands.")
    status_group: StatusGroup = text("The group of its status.")
    status_label: str = text("The status in the language of the request.")
    external_id: str | None = text("The order's number in its channel.")
    customer_name: str | None = text("The customer's name when the order was written.")
    contact: ContactDetails | None = text("Whom to ask about it.")
    ship_to: PostalAddress | None = text("Where the goods go.")
    bill_to: PostalAddress | None = text("Where the invoice goes.")
    currency: CurrencyCode = text("The currency of all its amounts but `baseTotal`.")
    tax_included: bool = text("Whether its prices include tax.")
    discount: Money = text("What was taken off the whole order, spread over its lines.")
    net_total: Money = text("All lines before tax.")
    tax_total: Money = text("All tax.")
    total: Money = text("What the customer pays.")
    base_total: Money = text("`total` in the company's currency, at the rate of the day of placement.")
    stated_total: Money | None = text("What the partner who sent it says that it comes to; null where none said so.")
    payment_state: PaymentState = text("How far it is paid, and what of that went back.")
    paid: Money = text("What came in for it less what went back for it; below zero where more went back.")
    due: Money = text(
        "What is still to be paid; below zero, what is owed to the customer. Nothing once it is called off."
    )
    refunded: Money = text("What went back of what was paid for it, and for its returns beyond what came in for them.")
    refundable: Money | None = text(
        "What can still be refunded; of a return, of what was paid for its original. Null where that is not known, or"
        " you do not see the original."
    )
    urgency: Urgency = text("How soon the customer needs it.")
    required_by: date | None = text("The day by which the customer needs it.")
    late: bool = text("Whether it came after that day, or has not come and that day is over.")
    delay_reason: Reason | None = text("Why it is late, where somebody said so.")
    expected_on: date | None = text("For an order that waits for goods: the day for which they are expected.")
    fulfilment: Fulfilment = text("How much of it has gone; PARTIAL while it is PACKED and something is left.")
    delivered_at: datetime | None = text("When the last of it arrived; null while nobody has said so.")
    placed_at: datetime = text("When the customer placed it.")
    tags: list[str] = text("Tags.")
    notes: str | None = text("Notes.")
    created_at: datetime = text("When it was entered.")
    updated_at: datetime = text("When it last changed.")
    customer: Customer | None = text("The customer; none for a walk-in, and none that you may not see.")
    channel: Channel | None = text("Where it came from.")
    region: Region | None = text("Region.")
    priority: int | None = text("How urgent its tier makes it: 1 comes first, 9 last; null where no rule holds.")
    respond_by: datetime | None = text(
        "By when somebody has to have seen to it, in the company's working time; null where no rule holds, and while it"
        " stands still since the customer is asked."
    )
    tier_rule: TierRule | None = text("The rule that gave tier, priority and deadline; null where none holds.")
    tier_version: int | None = text("The number of the rules that it was classified by; null for none so far.")
    tier_override: OrderTierOverride | None = text("Who gave its tier instead of rules, and why; null where rules do.")
    tier: Tier | None = text("How much it matters.")
    owner: User | None = text("Who looks after it.")
    team: Team | None = text("The team that it belongs to, in figures and for managers.")
    original_order: "Order | None" = text("For a return or exchange: the order that it is of.")
    split_from: "Order | None" = text("The order whose lines it was made of; null for what was no part of another.")
    return_reason: Reason | None = text("For a return or exchange: why goods come back, if it was said.")
    feedback: Feedback | None = text("What the customer thinks of it, once it is done and they said so.")
    complaints: list[Complaint] = text("What the customer complained of, oldest first.")
    custom_fields: list[CustomFieldValue] = custom_fields("order")
    lines: list[OrderLine] = text("Lines, in their order.")
    available_transitions: list[OrderTransition] = text("The steps that lead on from where it stands.")
    available_actions: list[AvailableAction] = text("What else can be done with it.")
    status_changes: list[OrderStatusChange] = text("Its life so far, oldest first.")
    findings: list[OrderFinding] = text("What was wrong with it when it was last handed in, in the order of checks.")
    owner_changes: list[OrderOwnerChange] = text("Whose it was before, oldest first.")
    tier_overrides: list[OrderTierOverride] = text("What tiers it was given instead of rules, oldest first.")
    shipments: list[Shipment] = text("How it was sent, the first shipment first.")
    payments: list[Payment] = text("Its ledger, in the order of booking. Returns have ledgers of their own.")
    returns: Orders | None = connection(ORDER, Orders, "Returns and exchanges of this order.")
    split_into: Orders | None = connection(ORDER, Orders, "Orders that were made of lines of this one.")


@object_type
class OrderCount:
    """How many orders there are of one kind. What they are not grouped by is null, and so is what they have none of."""

    status: OrderStatus | None = text("Their status.")
    status_group: StatusGroup | None = text("The group of their status.")
    type: OrderType | None = text("Their type.")
    level: CustomerLevel | None = text("The level of their customers.")
    channel: Channel | None = text("Their channel.")
    region: Region | None = text("Their region.")
    tier: Tier | None = text("Their tier.")
    team: Team | None = text("The team that they belong to.")
    count: int = text("How many there are.")
    amount: Money = text("What they add up to, in the company's currency.")


@object_type
class OrderConnection(Connection[Order]):
    """A page of orders. Everything here follows what the viewer may see."""

    total_amount: Money = text("What the orders that the filter selects add up to, in the company's currency.")

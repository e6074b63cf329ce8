"""The rows that tests of authorisation ask for, and everybody who asks. Each text in them is found nowhere else."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.api_tokens import NewApiToken
from domain.audit import AuditAction
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.files import FileKind
from domain.jobs import JobKind
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from domain.scopes import TokenScope
from models import (
    ApiToken,
    AssignmentRule,
    AuditEntry,
    BusinessCalendar,
    Channel,
    ChannelPrice,
    Complaint,
    ComplaintChange,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerLevelChange,
    CustomerOwnerChange,
    CustomField,
    CustomFieldChoice,
    ExchangeRate,
    Feedback,
    File,
    Job,
    JobReportRow,
    Leave,
    LevelProposal,
    LevelRule,
    Order,
    OrderFinding,
    OrderLine,
    OrderOwnerChange,
    OrderStatusChange,
    OrderTierOverride,
    Payment,
    Product,
    Reason,
    Region,
    Reminder,
    ReviewPolicy,
    Segment,
    Shipment,
    ShipmentLine,
    StockLevel,
    StockMovement,
    Tag,
    Team,
    Tier,
    TierRule,
    TierRuleSet,
    User,
    Warehouse,
)
from rows.entities import ENTITIES
from rows.ids import global_id
from services.tokens.create import create_first_api_token
from tests.api.authorised import Caller, World
from tests.api.authorised_leads import make_leads
from tests.api.conftest import Client
from tests.factories import (
    make_channel,
    make_customer,
    make_order,
    make_product,
    make_rate,
    make_region,
    make_team,
    make_user,
    share_customer,
    share_order,
)

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_S = OrderStatus
STOCK = (Warehouse, StockLevel, StockMovement)
SELLING = (ChannelPrice, ReviewPolicy, AssignmentRule, LevelRule)
RETURNS = {_S.REQUESTED, _S.DECLINED, _S.AUTHORISED, _S.RECEIVED, _S.REFUNDED}


class Builder:
    """Makes the world, a part after the other."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.world = World()
        self.users: dict[str, User] = {}

    def add(self, label: str, row: Any) -> Any:
        """Remember a row by its label; the row."""
        name = type(row).__name__
        self.world.add(name, label, global_id(ENTITIES[name], row.id))
        return row

    async def build(self) -> World:
        """Everything."""
        await self.people()
        await self.lists()
        await self.fields()
        await self.customers()
        await self.orders()
        await self.work()
        await self.stock()
        await self.selling()
        await make_leads(self)
        await self.reminders()
        for model in (
            Region,
            Team,
            User,
            BusinessCalendar,
            Channel,
            ExchangeRate,
            Tier,
            Reason,
            Tag,
            Product,
            AuditEntry,
            *STOCK,
            *SELLING,
        ):
            for row in await model.all():
                self.add("any", row)
        return self.world

    async def people(self) -> None:
        """A user for each principal, and tokens."""
        north = await make_team("North")
        inner, south = await make_team("Inner", parent=north), await make_team("South")
        teams = {"rep": inner, "manager": north, "other": south}
        roles = {"nobody": (), "other": (Role.REP,), "machine": (Role.INTEGRATION,)}
        for name in ("nobody", "rep", "other", *(role.lower() for role in Role if role is not Role.REP), "machine"):
            of = roles.get(name) if name in roles else (Role(name.upper()),)
            user = await make_user(
                *of or (), team=teams.get(name), name=f"{name} named", phone=f"+44 {len(self.users)}"
            )
            self.users[name] = user
            if name != "machine":
                bearer = await self.client.token(user)
                self._caller(name, name, bearer, None)
        every = frozenset(TokenScope)
        for name, scopes in ({scope.lower(): frozenset({scope}) for scope in TokenScope} | {"all": every}).items():
            await self._token(f"machine, {name}", "machine", scopes)
        for principal in ("rep", "admin"):
            await self._token(f"{principal} by token", principal, every)
        await self._token("machine, no scope", "machine", frozenset())

    async def _token(self, name: str, principal: str, scopes: frozenset[TokenScope]) -> None:
        wanted = NewApiToken(name=name, scopes=list(scopes or TokenScope), expires_in_days=9)
        made = await create_first_api_token(token=wanted, email=self.users[principal].email)
        # Seen in times to come, so that no use is written while rows are compared.
        await ApiToken.filter(id=made.id).update(scopes=[*scopes], last_used_at=AT.replace(year=2100))
        label = {"rep": "reps", "admin": "admins", "machine": "machines"}[principal]
        self.add(label, await ApiToken.get(id=made.id))
        self._caller(name, principal, made.secret, frozenset(scopes))

    def _caller(self, name: str, principal: str, bearer: str, scopes: frozenset[TokenScope] | None) -> None:
        names = None if scopes is None else frozenset(scope.value for scope in scopes)
        user_id = global_id(ENTITIES["User"], self.users[principal].id)
        headers = {"authorization": f"Bearer {bearer}"}
        self.world.callers[name] = Caller(name, principal, user_id, headers, names)

    async def lists(self) -> None:
        """What everybody sees."""
        self.region = await make_region("inner", parent=await make_region("outer"))
        self.channel = await make_channel("shop")
        self.product = await make_product("SKU-seen", name="product seen", description="what", category="things")
        await make_rate("EUR", "0.85")
        words = {"en": "word", "zh": "词"}
        await Tier.create(code="gold", labels=words, colour="#ffcc00")
        self.complaints = await Reason.create(kind="COMPLAINT", code="late", labels=words)
        await Reason.create(kind="RETURN", code="broken", labels=words)
        self.delay = await Reason.create(kind="DELAY", code="fog", labels=words)
        await Tag.create(code="tea", labels=words)
        hours = [{"weekday": "MONDAY", "hours": ["09:00-17:00"]}]
        days = [{"date": "2026-01-05", "hours": [], "reason": "frost"}]
        await BusinessCalendar.create(
            code="usual", labels=words, time_zone="Europe/London", week=hours, exceptions=days, country="GB"
        )
        away = {"starts_at": AT, "ends_at": AT + timedelta(days=1), "reason": "reason of leave"}
        self.add("reps", await Leave.create(user=self.users["rep"], entered_by=self.users["manager"], **away))

    async def fields(self) -> None:
        """A custom field of each entity for a text and for a person, and one that is archived."""
        words = {"en": "word"}
        for entity in CustomFieldEntity:
            for key, of in (("note", CustomFieldType.TEXT), ("helper", CustomFieldType.PERSON)):
                self.add("in_use", await CustomField.create(entity=entity, key=key, type=of, labels=words))
            gone = await CustomField.create(
                entity=entity, key="gone", type=CustomFieldType.TEXT, labels=words, archived_at=AT
            )
            self.add("archived", gone)
        chosen = {"entity": CustomFieldEntity.ORDER, "type": CustomFieldType.CHOICE, "labels": words}
        for label, key, archived in (("in_use", "size", None), ("archived", "colour", AT)):
            field = self.add(label, await CustomField.create(key=key, archived_at=archived, **chosen))
            choice = await CustomFieldChoice.create(field=field, code=f"{key}-one", labels=words, position=1)
            self.add(label, choice)

    def custom(self, label: str) -> dict[str, Any]:
        """Values of custom fields."""
        return {"note": f"note-{label}", "helper": self.users["nobody"].id, "gone": f"gone-{label}"}

    async def customers(self) -> None:
        """Customers with all that is seen with them."""
        self.customer: dict[str, Customer] = {}
        owners = {"reps": "rep", "shared": "other", "others": "other", "unowned": None}
        for number, (label, owner) in enumerate(owners.items(), start=1):
            texts = ("name", "industry", "email", "phone", "tax_id", "external_id", "preferences")
            columns: dict[str, Any] = {name: f"{name}-customer-{label}" for name in texts}
            columns |= {"phone": f"+44 20 7000 000{number}", "tags": [f"tag-customer-{label}"]}
            columns |= {"birthday": date(1980, 1, number), "contract_day": date(2020, 1, number)}
            columns |= {"credit_limit": Decimal(f"{number}00.00")}
            columns |= {"region": self.region, "channel": self.channel, "custom_fields": self.custom(label)}
            made = await make_customer(owner=self.users[owner] if owner else None, **columns)
            self.customer[label] = self.add(label, made)
            for model in (CustomerContact, CustomerAddress):
                of = {"title": "Dr", "email": "x@y"} if model is CustomerContact else {"kind": "BILLING"}
                where = {"street": f"street-{label}", "country": "GB", "recipient": f"recipient-{label}"}
                of |= {"name": f"contact-{label}"} if model is CustomerContact else where
                self.add(label, await model.create(customer=made, phone=f"phone-below-{label}", **of))
            self.add(label, await CustomerOwnerChange.create(customer=made, **self._hands(label)))
            await self.levels(label, made)
        await share_customer(self.customer["shared"], self.users["rep"])

    async def levels(self, label: str, customer: Customer) -> None:
        """What a rule proposes for the customer, and the level that it had before."""
        found = await LevelRule.get_or_none(code="frequent")
        found = found or await LevelRule.create(code="frequent", condition={}, level="VIP", active=False)
        moved = {"customer": customer, "from_level": "REGULAR", "to_level": "VIP", "reason": f"level-{label}"}
        figures = {"last_order_at": AT, "frequency": 3, "monetary": Decimal("30.00"), "recency_score": 4}
        self.add(label, await LevelProposal.create(rule=found, rules_version=1, **moved, **figures))
        self.add(label, await CustomerLevelChange.create(by=self.users["admin"], at=AT, **moved))

    def _hands(self, label: str) -> dict[str, Any]:
        other = self.users["other"]
        of = {"from_owner": other, "from_team_id": other.team_id, "to_owner": other, "to_team_id": other.team_id}
        return {**of, "by": self.users["admin"], "reason": f"reason-{label}", "at": AT}

    async def orders(self) -> None:
        """Orders with all that is seen with them; the rep's first one is of a customer that the rep does not see."""
        reps = await self.order("reps", owner="rep", customer=self.customer["others"])
        shared = await self.order("shared", owner="other", customer=self.customer["shared"])
        await share_order(shared, self.users["rep"])
        others = await self.order("others", owner="other", customer=self.customer["others"])
        await self.order("unowned", owner=None, customer=self.customer["unowned"])
        await self.order("reviewed", _S.REJECTED, owner="other", reviewed_by=self.users["reviewer"])
        for status in _S:
            original = reps if status is _S.REQUESTED else others
            more = {"type": OrderType.RETURN, "original_order": original} if status in RETURNS else {}
            more |= {"type": OrderType.EXCHANGE} if status is _S.EXCHANGED else {}
            await self.order(f"others@{status.value}", status, owner="other", customer=self.customer["others"], **more)
        await self.order("reps", owner="rep", customer=self.customer["reps"], original_order=others)

    async def order(self, label: str, status: OrderStatus = _S.DRAFT, *, owner: str | None, **columns: Any) -> Order:
        """An order with its line and history."""
        number = len(self.world.of("Order"))
        texts = ("external_id", "customer_name", "contact_name", "contact_email", "notes")
        values: dict[str, Any] = {name: f"{name}-order-{number}-{label}" for name in texts}
        values |= {"contact_phone": f"+86 139 5555 01{number:02}", "tags": [f"tag-order-{label}"]}
        values |= {
            "required_by": date(2016, 1, 1) + timedelta(days=number),
            "region": self.region,
            "channel": self.channel,
        }
        address = {"street": f"to-{label}", "country": "GB"}
        values |= {"ship_to": address, "bill_to": address, "custom_fields": self.custom(label)}
        lines = [(self.product, f"{number + 1}")]
        made = await make_order(status, owner=self.users[owner] if owner else None, lines=lines, **(columns | values))
        self.add(label, made)
        self.add(label, await OrderLine.get(order_id=made.id))
        by = self.users["admin"]
        change = await OrderStatusChange.create(order=made, to_status=status, by=by, reason=f"why-{label}", at=AT)
        self.add(label, change)
        self.add(label, await OrderOwnerChange.create(order=made, **self._hands(label)))
        given = {"tier": await Tier.first(), "priority": 2, "reason": f"wanted-{label}", "at": AT, "by": by}
        override = await OrderTierOverride.create(order=made, expires_at=AT + timedelta(days=1), **given)
        await Order.filter(id=made.id).update(tier_override_id=override.id)
        self.add(label, override)
        facts = {"limit": "1.00", "exposure": "2.00", "currency": "GBP"}
        found = {"kind": "CREDIT_EXCEEDED", "severity": "ERROR", "facts": facts, "found_at": AT}
        self.add(label, await OrderFinding.create(order=made, overridden_by=by, overridden_at=AT, **found))
        paid = {"kind": "PAYMENT", "amount": made.total, "method": "CARD", "reference": f"paid-{label}"}
        self.add(label, await Payment.create(order=made, **paid, received_at=AT, by=by, at=AT))
        await self.said(label, made, by)
        if status is not _S.PACKED:  # what was sent in part is not called off any more
            await self.shipment(label, made)
        return made

    async def shipment(self, label: str, order: Order) -> Shipment:
        """What was sent of an order, a tenth of a piece."""
        of = {"carrier": f"carrier-{label}", "tracking_number": f"tracking-{label}", "shipped_at": AT}
        made = await Shipment.create(order=order, by=self.users["fulfilment"], **of)
        self.add(label, made)
        line = await OrderLine.get(order_id=order.id)
        self.add(label, await ShipmentLine.create(shipment=made, order_line=line, quantity=Decimal("0.1")))
        return made

    async def said(self, label: str, order: Order, by: User) -> None:
        """What the customer says of an order, unless one is to say it first."""
        if "COMPLETED" not in label:
            feedback = await Feedback.create(order=order, score=4, comment=f"comment-{label}", by=by, at=AT)
            await Order.filter(id=order.id).update(feedback_id=feedback.id)
            self.add(label, feedback)
        moments = {"respond_by": AT, "created_at": AT, "updated_at": AT}
        words = {"reason": self.complaints, "description": f"complaint-{label}"}
        complaint = await Complaint.create(order=order, **words, by=by, **moments)
        self.add(label, complaint)
        change = {"to_state": "OPEN", "respond_by": AT, "note": f"note-{label}", "by": by, "at": AT}
        self.add(label, await ComplaintChange.create(complaint=complaint, order=order, **change))

    async def reminders(self) -> None:
        """One that has fired, of a lead that is there no more, and one that has not."""
        for label, state, fired_at in (("reps", "FIRED", AT), ("scheduled", "SCHEDULED", None)):
            self.add(label, await self.reminder(state=state, fired_at=fired_at))

    async def reminder(self, **columns: Any) -> Reminder:
        """A reminder of the rep's."""
        number = await Reminder.all().count()
        of = {"kind": "LEAD_LOST", "subject_kind": "Lead", "subject_id": 999_999, "due_at": AT}
        facts = {"name": f"reminder-{number}", "zone": "UTC"}
        cause = AT + timedelta(minutes=number)
        return await Reminder.create(recipient=self.users["rep"], cause_at=cause, facts=facts, **(of | columns))

    async def work(self) -> None:
        """Files, jobs with reports, an entry of the audit."""
        for label, owner in (("reps", "rep"), ("others", "other"), ("machines", "machine")):
            whose = self.users[owner]
            await self._file(label, whose)
            made = await self._file(label, whose)
            hold = {"total": 3, "message": f"message-{label}", "started_at": AT, "finished_at": AT, "parameters": {}}
            of = {"kind": JobKind.ORDER_IMPORT, "started_by": whose, "result_file": made, "report_file": made}
            job = self.add(label, await Job.create(state="SUCCEEDED", **of, **hold))
            row = {"position": 1, "file": f"{label}.csv", "line": 2, "subject": f"subject-{label}"}
            self.add(label, await JobReportRow.create(job=job, reason=f"reason-{label}", **row))
        await self._file("incomplete")
        for label, owner in (("reps", "rep"), ("shared", "other"), ("machines", "machine")):
            of = {"entity": "ORDER", "condition": {"number": {"eq": label}}, "shared": label == "shared"}
            self.add(label, await Segment.create(owner=self.users[owner], name=f"segment-{label}", **of))
        for label, number in (("draft", None), ("published", 1)):
            stands = {"state": "RETIRED", "sole": None, "stamp": UUID(int=1)} if number else {"state": "DRAFT"}
            found = self.add(label, await TierRuleSet.create(number=number, edited_by=self.users["admin"], **stands))
            of = {"tier": await Tier.first(), "rank": 1, "name": f"rule-{label}", "priority": 1, "condition": {}}
            self.add(label, await TierRule.create(rule_set=found, response_minutes=60, **of))
        who = {"actor": self.users["admin"], "subject_kind": "User", "subject_id": "usr_1"}
        await AuditEntry.create(
            action=AuditAction.USER_CREATED, facts={"a": 1}, request_id="r", address="a", at=AT, **who
        )

    async def stock(self) -> None:
        """What two warehouses have of a product of which stock is kept, moved for the rep's order as well."""
        self.stocked = await make_product("SKU-stocked", name="product stocked", stocked=True)
        order = int(self.world.labelled("Order", "reps").split("_")[1])
        line = await OrderLine.get(order_id=order)
        for number, code in enumerate(("main", "second"), start=1):
            place = await Warehouse.create(code=code, name=f"warehouse-{code}", position=number)
            held = {"on_hand": 9 * number, "reserved": number, "reorder_point": 10, "low": number == 1}
            level = await StockLevel.create(warehouse=place, product=self.stocked, **held)
            moved = {
                "level": level,
                "warehouse_id": place.id,
                "product_id": self.stocked.id,
                "by": self.users["fulfilment"],
            }
            of_order = {"order_id": order, "order_line": line, "reason": f"reason-{code}", "at": AT}
            for kind, on_hand, reserved in (("RECEIPT", 9 * number, 0), ("RESERVATION", 0, number)):
                change = {"kind": kind, "on_hand_change": on_hand, "reserved_change": reserved}
                await StockMovement.create(**moved, **change, **of_order)

    async def selling(self) -> None:
        """What two channels ask for a product, a policy of review and a rule of assignment, which is out of force."""
        of: dict[str, Any] = {"product": self.product, "currency": "GBP", "starts_on": AT.date()}
        await ChannelPrice.create(channel=self.channel, price=Decimal("9.00"), **of)
        await ChannelPrice.create(channel=await make_channel("fair"), price=Decimal("10.00"), **of)
        bounds = {"most_per_line": Decimal(9), "price_tolerance": Decimal("0.1"), "duplicate_hours": 3}
        bounds |= {"placed_within_days": 5, "most_without_customer": Decimal(70)}
        await ReviewPolicy.create(code="usual", channel=self.channel, active=False, **bounds)
        where = {"channel": self.channel, "region": self.region, "team_id": self.users["rep"].team_id}
        await AssignmentRule.create(code="near", strategy="ROUND_ROBIN", active=False, **where)

    async def _file(self, label: str, owner: User | None = None) -> File:
        owner = owner or self.users[{"others": "other", "machines": "machine"}.get(label, "rep")]
        ended: dict[str, Any] = {"completed_at": AT, "sha256": label.encode() * 8} if label != "incomplete" else {}
        of = {"kind": FileKind.UPLOAD, "owner": owner, "name": f"file-{label}", "media_type": "text/csv"}
        made = await File.create(
            **of, size=Decimal(1), secret=label.encode(), expires_at=AT.replace(year=2040), **ended
        )
        row: File = self.add(label, made)
        return row

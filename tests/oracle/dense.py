"""A small world in which everything collides: equal sort keys, absent values, odd text, extreme numbers and moments."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any
from uuid import UUID

import asyncpg

from tests.oracle.random_values import seeded
from tests.oracle.values import CURRENCY_DIGITS

ROLES = [
    *(["REP"], ["REP"], ["REP"], ["MANAGER"], ["MANAGER"], ["MANAGER"], ["REVIEWER"], ["FULFILMENT"], ["SERVICE"]),
    *(["FINANCE"], ["ADMIN"], ["INTEGRATION"], [], ["REP", "MANAGER"], ["REVIEWER", "FULFILMENT"]),
    *(["SERVICE", "MANAGER", "REP"], ["MANAGER", "REVIEWER"], ["FULFILMENT", "SERVICE"], ["ADMIN", "REP"]),
    *(["MANAGER", "REVIEWER", "FULFILMENT", "SERVICE"], ["FINANCE", "MANAGER"]),
]
LEVELS = ["REGULAR", "VIP", "KEY_ACCOUNT"]
STATUSES = [
    *("DRAFT", "PENDING_REVIEW", "NEEDS_INFO", "APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED"),
    *("COMPLETED", "CANCELLED", "REJECTED"),
]
COMPLAINT_STATES = ["OPEN", "IN_PROGRESS", "RESOLVED", "REJECTED"]
RETURN_STATUSES = ["REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"]
TEXTS = [
    *("", " ", "a", "A", "aa", "b", "B", "é", "e\u0301", "ä", "Z", "漢字", "null", "-", "=,-", "0", "10", "9"),
    *('"', "\\", '\\"', "it's", "$1 %s {t} {me}", "</script>", "a,b", "[]", "{}", "\U0001f469\u200d\U0001f467"),
    *("\x01", "\x010\x02[]\x03", "\x02", "\x03", "\x1f", "\x7f", "\x80", "\n", "\r\n\t\b\f", "\u2028\u2029", "\ufeff"),
    *("\ud7ff", "\ue000", "\uffff", "\U0010ffff", "1\x02[1]\x03", "%", "_", "''", "$$", "--", "/*"),
    *(
        "\u4e0a\u6d77\u6c49\u5b57\u516c\u53f8",
        "Stra\u00dfe Ltd",
        "\uff33\uff34\uff32\uff21\uff33\uff33\uff25",
        "\uff8a\uff9f\u30d1\u30cf\u309a",
    ),
]
LONG = ["x" * 200, "\U0001f600" * 200, '"' * 200]
MOMENTS = [
    datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 2, 9, 30, 0, 1000, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(9999, 12, 29, 23, 59, tzinfo=UTC),
    datetime(2000, 2, 29, 12, 0, 0, 120000, tzinfo=UTC),
    datetime(999, 12, 31, 1, 2, 3, 40000, tzinfo=UTC),
]
DAYS = [date(2026, 3, 2), date(2026, 3, 3), date(1, 1, 2), date(9999, 12, 30), date(2000, 2, 29), date(987, 6, 5)]
QUANTITIES = [
    *("1", "-1", "1.0", "2.500", "100", "1000", "0.000001", "-0.50", "12345678901234567890.123456789012"),
    *("9999999999999999999999999999", "0.1"),
]
HELD = ["0", "0", "1", "2.500", "0.000001", "1000", "99999999"]
AMOUNTS = ["0", "0", "1", "1", "10", "-1", "12345678901234567890123456", "99", "-100", "7"]
CUSTOM_TYPES = ["TEXT", "NUMBER", "MONEY", "DATE", "YES_NO", "CHOICE", "PERSON"]
CODES = ["a", "A", "b'\"", "漢"]
RATES = ["0", "0.0", "1", "0.2", "0.20", "0.0725000", "1.000"]


class Dense:
    """Rows of every table, by table, made from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = seeded(seed)
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self._make()

    async def write(self, connection: asyncpg.Connection) -> None:
        """Put everything into the empty database of `connection`."""
        await connection.execute("DELETE FROM tier; DELETE FROM reason")  # those that every company begins with
        for table, rows in self.tables.items():
            records = [tuple(row.values()) for row in rows]
            await connection.copy_records_to_table(table, records=records, columns=list(rows[0]))
        await connection.execute("ANALYZE")

    def _make(self) -> None:
        self._tree("team", 9)
        self._tree("region", 7, code=True)
        self._table("channel", 4, lambda number: {"code": f"{self._text()}{number}", "name": self._text()})
        self._calendars()
        self._table("app_user", len(ROLES), self._user)
        self._table("user_leave", 16, self._leave)
        self._table("custom_field", 36, self._custom_field)
        self._choices()
        self._table("product", 8, self._product)
        self._table("customer", 14, self._customer)
        self._table("customer_contact", 16, self._contact, created=False)
        self._table("customer_address", 16, self._address, created=False)
        self._table(
            "tier", 5, lambda number: self._listed(number) | {"rank": self._pick([0, 0, 1, -1]), "colour": None}
        )
        self._table("reason", 5, lambda number: self._listed(number) | self._placed() | {"kind": "DELAY"})
        self._table("sales_order", 60, self._order)
        self._table("order_line", 90, self._line, created=False)
        self._table("order_status_change", 70, self._change, created=False)
        self._payments()
        self._feedback()
        self._table("stored_file", 12, self._file)
        self._table("order_owner_change", 20, lambda _: self._hands("order_id", "sales_order"), created=False)
        self._table("order_tier_override", 12, self._override, created=False)
        self._table("customer_owner_change", 20, lambda _: self._hands("customer_id", "customer"), created=False)
        self._table("job", 9, self._job)
        self._table("exchange_rate", 6, self._exchange_rate, created=False)
        self._table("warehouse", 4, lambda number: self._warehouse(number))
        self._stock()
        self._shipments()
        self._table("tag", 5, lambda number: self._listed(number) | self._placed())
        self._table("job_report_row", 20, self._report_row, created=False)
        self._table("audit_entry", 12, self._entry, created=False)
        self._table("api_token", 9, self._token)
        self._table("segment", 9, self._segment)
        self._table("tier_rule_set", 4, self._rule_set)
        self._table("tier_rule", 9, self._rule, created=False)
        self._table("user_identity", 6, self._identity)
        self._table("user_skill", 12, self._skill, created=False)
        self._selling()
        self._levels()
        self._leads()
        self._table("reminder", len(self.tables["lead"]), self._reminder, created=False)
        self._shares("order_share", "order_id", "sales_order", 50)
        self._shares("customer_share", "customer_id", "customer", 20)
        self._shares("lead_share", "lead_id", "lead", 30)
        for share in self.tables["lead_share"]:
            share["percent"] = self._pick([0, 50])

    def _table(self, table: str, count: int, make: Any, *, created: bool = True) -> None:
        rows = self.tables[table] = []
        for place in range(1, count + 1):
            # The largest ids are beyond what a double holds.
            number = place if place < count else 2**63 - 1 - self.random.randrange(3)
            rows.append({"id": number, **make(number), **({"created_at": self._moment()} if created else {})})

    def _tree(self, table: str, count: int, *, code: bool = False) -> None:
        nodes: list[dict[str, Any]] = []
        above: dict[int, list[int]] = {}
        for number in range(1, count + 1):
            parent = self._pick([None, *above, *above]) if number > 1 else None
            above[number] = [number, *(above[parent] if parent else [])]
            node = {"id": number, "name": self._text(), "parent_id": parent, "created_at": self._moment()}
            nodes.append(node | ({"code": f"{number}{self._text()}"} if code else {}))
        self.tables[table] = nodes
        pairs = [(top, number, depth) for number, tops in above.items() for depth, top in enumerate(tops)]
        self.tables[f"{table}_closure"] = [
            {"id": place, "ancestor_id": top, "descendant_id": number, "depth": depth}
            for place, (top, number, depth) in enumerate(pairs, start=1)
        ]

    def _user(self, _: int) -> dict[str, Any]:
        place = len(self.tables["app_user"])
        return {
            "email": f"{self._text()}{place}".lower(),
            "name": self._text(),
            "phone": self._maybe(self._text()),
            "roles": ROLES[place],
            "team_id": self._some("team", absent=0.2),
            "active": True,
            "calendar_id": self._some("business_calendar"),
            "language": self._maybe(self._pick(["EN", "ZH"])),
            "reminder_channels": self._pick([[], ["EMAIL"]]),
        }

    def _calendars(self) -> None:
        """Calendars of two places, and what is known of holidays there."""
        year = datetime.now(UTC).year
        for table in ("holiday_source", "public_holiday"):
            self.tables[table] = []
        for number, (country, part) in enumerate((("GB", ""), ("GB", "SCT"), ("CN", "")), start=1):
            place = {"country": country, "subdivision": part}
            until = {"last_year": year + 5, "known_until": self._maybe(date(year, 12, 31))}
            self.tables["holiday_source"].append(
                {"id": number, **place, **until, "library": "1", "loaded_at": self._moment()}
            )
            for day in (date(year - 2, 12, 31), date(year - 1, 1, 1), date(year, 5, 6)):
                of = {"date": day, "worked": self._chance(0.3), "labels": self._listed(number)["labels"]}
                self.tables["public_holiday"].append({"id": len(self.tables["public_holiday"]) + 1, **place, **of})
        self._table("business_calendar", 5, self._calendar)

    def _calendar(self, number: int) -> dict[str, Any]:
        hours = ["09:00-12:00", "13:00-24:00"][: self.random.randrange(1, 3)]
        day = {"date": self._pick(DAYS).isoformat(), "hours": self._pick([[], hours]), "reason": self._maybe("x")}
        country = self._maybe(self._pick(["GB", "CN"]))
        return {
            **{name: value for name, value in self._listed(number).items() if name != "active"},
            "version": self.random.randrange(1, 4),
            "time_zone": self._pick(["Europe/London", "Asia/Shanghai"]),
            "week": json.dumps([{"weekday": "MONDAY", "hours": hours}]),
            "country": country,
            "subdivision": self._maybe("SCT") if country else None,
            "exceptions": json.dumps([day] if self._chance(0.5) else []),
            "company_default": True if number == 2 else None,
            "worked_out_until": self._maybe(self._pick(DAYS)),
        }

    def _leave(self, _: int) -> dict[str, Any]:
        begin, end = sorted(self.random.sample(MOMENTS, 2))
        return {
            "user_id": self._some("app_user", absent=0),
            "starts_at": begin,
            "ends_at": end,
            "reason": self._maybe(self._text()),
            "entered_by_id": self._some("app_user", absent=0),
        }

    def _reminder(self, _: int) -> dict[str, Any]:
        state = self._pick(["SCHEDULED", "FIRED", "FIRED", "SNOOZED", "ACKNOWLEDGED", "WITHDRAWN"])
        fired = state != "SCHEDULED" and (state != "WITHDRAWN" or self._chance(0.5))
        return {
            "kind": self._pick(["FIRST_CONTACT_DUE", "FOLLOW_UP_PLANNED", "LEAD_LOST", "DEADLINE_MISSED"]),
            "subject_kind": "Lead",
            "subject_id": self.tables["lead"][len(self.tables["reminder"])]["id"],
            "cause_at": self._moment(),
            "recipient_id": self._some("app_user", absent=0),
            "state": state,
            "due_at": self._moment(),
            "fired_at": self._moment() if fired else None,
            "facts": json.dumps({"name": self._maybe(self._text()), "zone": self._pick(["UTC", "Asia/Shanghai"])}),
        }

    def _identity(self, number: int) -> dict[str, Any]:
        return {
            "user_id": self._some("app_user", absent=0),
            "issuer": f"https://{number}.example",
            "subject": self._text(),
        }

    def _skill(self, number: int) -> dict[str, Any]:
        skill = {"region_id": self._some("region", absent=0), "industry": self._text(), "category": self._text()}
        kind = list(skill)[number % 3]
        return {"user_id": self._some("app_user", absent=0)} | dict.fromkeys(skill) | {kind: skill[kind]}

    def _product(self, number: int) -> dict[str, Any]:
        currency = self._maybe(self._currency())
        return {
            "version": self.random.randrange(1, 4),
            "sku": f"{self._text()}{number}",
            "name": self._text(long=True),
            "description": self._maybe(self._text()),
            "category": self._maybe(self._text()),
            "price": self._amount(currency).copy_abs() if currency else None,
            "currency": currency,
            "tax_rate": self._maybe(Decimal(self._pick(RATES))),
            "active": self._chance(0.5),
            "stocked": self._chance(0.6),
            "custom_fields": self._custom_values("PRODUCT"),
            "last_seq": 0,
            "updated_at": self._moment(),
        }

    def _customer(self, number: int) -> dict[str, Any]:
        channel = self._some("channel")
        return {
            "version": 1,
            "name": self._text(long=True),
            "level": self._pick(LEVELS),
            "value_class": self._pick(["IMPORTANT", "GENERAL", "POTENTIAL"]),
            **{name: self._maybe(self._text()) for name in ("industry", "email", "phone", "tax_id", "preferences")},
            "region_id": self._some("region"),
            "channel_id": channel,
            "external_id": f"{number}" if channel and self._chance(0.5) else None,
            **self._owned(),
            "tags": self._tags(),
            "birthday": self._maybe(self._pick(DAYS)),
            "contract_day": self._maybe(self._pick(DAYS)),
            "credit_limit": self._maybe(self._amount("GBP").copy_abs()),
            **self._figures(number),
            "custom_fields": self._custom_values("CUSTOMER"),
            "last_seq": 0,
            "updated_at": self._moment(),
        }

    def _figures(self, number: int) -> dict[str, Any]:
        return {
            "last_order_at": self._maybe(self._moment()),
            "frequency": self.random.randrange(4),
            "monetary": self._amount("GBP"),
            **{f"{of}_score": self._maybe(number % 5 + 1) for of in ("recency", "frequency", "monetary")},
        }

    def _levels(self) -> None:
        """Rules of levels, what they proposed, and the levels that customers had."""
        self._table("level_rule", 4, self._level_rule)
        self._table("level_proposal", 20, self._proposal)
        self._table("customer_level_change", 20, self._level_change, created=False)

    def _level_rule(self, number: int) -> dict[str, Any]:
        return {
            "version": 1,
            "code": f"{self._text()}{number}",
            "rank": self._pick([0, 0, 1]),
            "condition": json.dumps({"name": {"eq": self._text()}}),
            "level": self._pick(LEVELS),
            "confirm": self._pick(["BY_PERSON", "AUTOMATICALLY"]),
            "active": self._chance(0.5),
        }

    def _proposal(self, number: int) -> dict[str, Any]:
        opened = {row["customer_id"] for row in self.tables["level_proposal"] if row["sole"]}
        customer = self._some("customer", absent=0)
        state = self._pick(["OPEN", "CONFIRMED", "DECLINED", "WITHDRAWN"])
        state = "WITHDRAWN" if customer in opened else state
        before, after = self.random.sample(LEVELS, 2)
        return {
            "customer_id": customer,
            "rule_id": self._some("level_rule", absent=0),
            "rules_version": 1,
            "from_level": before,
            "to_level": after,
            "state": state,
            "sole": True if state == "OPEN" else None,
            **self._figures(number),
            "decided_at": None if state == "OPEN" else self._moment(),
            "by_id": self._some("app_user"),
            "reason": self._maybe(self._text()),
        }

    def _level_change(self, _: int) -> dict[str, Any]:
        before, after = self.random.sample(LEVELS, 2)
        return {
            "customer_id": self._some("customer", absent=0),
            "from_level": before,
            "to_level": after,
            "proposal_id": self._some("level_proposal"),
            "by_id": self._some("app_user"),
            "reason": self._maybe(self._text()),
            "at": self._moment(),
        }

    def _leads(self) -> None:
        """Pools with their members, leads with and without owners, and what was done about them."""
        self._table("lead_pool", 5, self._pool)
        members = [("user_id", self._some("app_user", absent=0)) for _ in range(6)]
        members += [("team_id", self._some("team", absent=0)) for _ in range(5)]
        pairs = {(self._some("lead_pool", absent=0), *member) for member in members}
        self.tables["lead_pool_member"] = [
            {"id": place, "pool_id": pool, "user_id": None, "team_id": None, column: of}
            for place, (pool, column, of) in enumerate(sorted(pairs), start=1)
        ]
        self._table("lead", 40, self._lead, created=False)
        self._table("lead_form", 4, self._form)
        self._table("lead_assignment", 30, self._lead_move, created=False)
        self._table("lead_follow_up", 30, self._follow_up, created=False)

    def _pool(self, number: int) -> dict[str, Any]:
        minutes = ("cool_down", "head_start", "first_contact", "follow_up", "convert", "remind_before")
        return {
            "version": 1,
            "code": f"{self._text()}{number}",
            "labels": self._labels(),
            "rank": self._pick([0, 0, 1]),
            "active": self._chance(0.5),
            "entry_filter": self._maybe(json.dumps({"industry": {"eq": self._text()}})),
            "strategy": self._pick(["CLAIM", "ROUND_ROBIN", "WEIGHTED", "EXPERTISE", "LEAST_LOADED"]),
            "claim_quota": self._maybe(self._pick([0, 5])),
            "hold_limit": self._maybe(3),
            **{f"{of}_minutes": self._maybe(60) for of in minutes},
            "head_start_value": self._maybe(self._amount("GBP").copy_abs()),
            "head_start_percent": self._pick([1, 100]),
            "on_breach": self._pick(["RETURN_TO_POOL", "REASSIGN", "ESCALATE"]),
            "weight_floor_percent": self._pick([0, 20]),
            "calendar_id": self._some("business_calendar"),
        }

    def _form(self, number: int) -> dict[str, Any]:
        return {
            "version": 1,
            "code": f"{self._text()}{number}",
            "labels": self._labels(),
            "source_id": self._some("channel", absent=0),
            "pool_id": self._some("lead_pool"),
            "tags": self._tags(),
            "origins": self._tags(),
            "per_minute": self._pick([1, 60]),
            "active": self._chance(0.5),
            "key_hash": None,
            "key_hint": self._maybe(self._text()),
        }

    def _lead(self, number: int) -> dict[str, Any]:
        owned = self._owned() if self._chance(0.5) else {"owner_id": None, "team_id": self._some("team", absent=0.8)}
        customer, source = self._some("customer", absent=0.6), self._some("channel")
        closed = self._chance(0.2)
        names = ("contact_name", "email", "phone", "tax_id", "industry", "interest")
        others = [row["id"] for row in self.tables["lead"]]
        moments = (
            *("pooled_at", "head_start_until", "first_contact_at", "last_follow_up_at", "next_follow_up_at"),
            *("contact_by", "follow_up_by", "convert_by"),
        )
        return {
            "version": 1,
            "status": self._pick(["NEW", "CONTACTED", "QUALIFIED"])
            if not closed
            else "CONVERTED"
            if customer
            else "DISQUALIFIED",
            "company": self._text(long=True),
            **{name: self._maybe(self._text()) for name in names},
            "region_id": self._some("region"),
            "source_id": source,
            "external_id": f"{number}" if source and self._chance(0.5) else None,
            "intent": self._maybe(self._pick(["HIGH", "MEDIUM", "LOW"])),
            "score": self._pick([0, 0, 10, -1]),
            "expected_value": self._maybe(self._amount("GBP").copy_abs()),
            "tags": self._tags(),
            **owned,
            "pool_id": self._some("lead_pool"),
            "customer_id": customer,
            "duplicate_of_id": self._pick(others) if others and self._chance(0.3) else None,
            "reason_id": self._some("reason"),
            "entered_at": self._moment(),
            **{name: self._maybe(self._moment()) for name in moments},
            "assigned_at": self._moment() if owned["owner_id"] else None,
            "breach": 0,
            "closed_at": self._moment() if closed else None,
            "custom_fields": self._custom_values("LEAD"),
            "last_seq": 0,
            "updated_at": self._moment(),
        }

    def _lead_move(self, _: int) -> dict[str, Any]:
        return {
            "lead_id": self._some("lead", absent=0),
            "move": self._pick(["CLAIMED", "ASSIGNED", "RECYCLED", "MERGED"]),
            **{f"{way}_owner_id": self._some("app_user") for way in ("from", "to")},
            **{f"{way}_team_id": self._some("team") for way in ("from", "to")},
            **{f"{way}_pool_id": self._some("lead_pool") for way in ("from", "to")},
            "by_id": self._some("app_user"),
            "reason": self._maybe(self._text()),
            "rule": self._maybe(self._text()),
            "at": self._moment(),
        }

    def _follow_up(self, _: int) -> dict[str, Any]:
        at = self._pick(MOMENTS[:4])
        return {
            "lead_id": self._some("lead", absent=0),
            "by_id": self._some("app_user"),
            "at": at,
            "channel": self._pick(["PHONE", "VISIT", "OTHER"]),
            "result": self._pick(["REACHED", "APPOINTMENT"]),
            "content": self._text(),
            "next_at": self._maybe(at + timedelta(days=1)),
            "created_at": at + timedelta(hours=1),
        }

    def _contact(self, _: int) -> dict[str, Any]:
        parts = {name: self._maybe(self._text()) for name in ("title", "email", "phone")}
        return {"customer_id": self._some("customer", absent=0), "name": self._text(), **parts}

    def _address(self, _: int) -> dict[str, Any]:
        names = ("recipient", "phone", "city", "province", "postcode")
        return {
            "customer_id": self._some("customer", absent=0),
            "kind": self._pick(["SHIPPING", "BILLING"]),
            "street": self._text(),
            "country": self._pick(["GB", "DE", "CN"]),
            **{name: self._maybe(self._text()) for name in names},
        }

    def _order(self, number: int) -> dict[str, Any]:
        return self._order_alone(number) | {
            "tier_rule_id": self._maybe(self.random.randrange(1, 9)),
            "tier_version": self._maybe(number % 5),
            "tier_override_id": self._maybe(self.random.randrange(1, 12)),
            "priority": self._maybe(number % 9 + 1),
            "respond_by": self._maybe(self._moment()),
        }

    def _order_alone(self, number: int) -> dict[str, Any]:
        originals = [row["id"] for row in self.tables["sales_order"]]
        returned = bool(originals) and self._chance(0.25)
        customer = self._maybe(self._pick(self.tables["customer"]))
        channel = self._some("channel")
        original = self._pick(self.tables["sales_order"]) if returned and self._chance(0.8) else None
        currency = original["currency"] if original else self._currency()
        net, tax = self._amount(currency), self._amount(currency)
        with localcontext(prec=200):
            total = net + tax
        return {
            "version": self.random.randrange(1, 9),
            "number": f"SO-{number}{self._text()}",
            "type": self._pick(["RETURN", "EXCHANGE"] if returned else ["NEW", "RENEWAL"]),
            "status": self._pick(RETURN_STATUSES if returned else STATUSES),
            "channel_id": channel,
            "external_id": f"{number}" if channel and self._chance(0.5) else None,
            "customer_id": customer and customer["id"],
            "customer_name": self._maybe(self._text(long=True)),
            "customer_level": customer and customer["level"],
            **{f"contact_{part}": self._maybe(self._text(), 0.6) for part in ("name", "email", "phone")},
            "ship_to": self._postal(),
            "bill_to": self._postal(),
            "region_id": self._some("region"),
            "tier_id": self._some("tier"),
            **self._owned(),
            "reviewed_by_id": self._some("app_user", absent=0.7),
            "split_from_id": self._pick(originals) if originals and self._chance(0.2) else None,
            "return_reason_id": self._some("reason"),
            "original_order_id": original and original["id"],
            "currency": currency,
            "tax_included": self._chance(0.5),
            "discount": self._amount(currency),
            "net_total": net,
            "tax_total": tax,
            "total": total,
            "base_total": self._amount("GBP"),
            "stated_total": self._maybe(self._amount(currency)),
            "urgency": self._pick(["LOW", "NORMAL", "HIGH", "CRITICAL"]),
            "required_by": self._maybe(self._pick(DAYS)),
            "expected_on": self._maybe(self._pick(DAYS)),
            "delivered_at": self._maybe(self._moment()),
            "delay_reason_id": self._some("reason"),
            "placed_at": self._moment(),
            "tags": self._tags(),
            "notes": self._maybe(self._pick([self._text(), self._text() * 500])),
            "custom_fields": self._custom_values("ORDER"),
            "last_seq": 0,
            "updated_at": self._moment(),
        }

    def _line(self, _: int) -> dict[str, Any]:
        order = self._pick(self.tables["sales_order"])
        net, tax = self._amount(order["currency"]), self._amount(order["currency"])
        with localcontext(prec=200):
            gross = net + tax
        product = self._some("product")
        return {
            "order_id": order["id"],
            "position": self.random.randrange(1, 4),
            "kind": "PRODUCT" if product and self._chance(0.9) else "SHIPPING",
            "product_id": product,
            "sku": self._maybe(self._text()),
            "name": self._text(long=True),
            "quantity": Decimal(self._pick(QUANTITIES)),
            "unit_price": Decimal(self._pick(QUANTITIES)).copy_abs(),
            "discount": self._amount(order["currency"]),
            "tax_rate": Decimal(self._pick(RATES)),
            "net": net,
            "tax": tax,
            "gross": gross,
        }

    def _change(self, _: int) -> dict[str, Any]:
        statuses = STATUSES + RETURN_STATUSES
        return {
            "order_id": self._some("sales_order", absent=0),
            "from_status": self._maybe(self._pick(statuses)),
            "to_status": self._pick(statuses),
            "by_id": self._some("app_user"),
            "reason": self._maybe(self._text()),
            "at": self._moment(),
            "kind": self._pick([None, None, "SPLIT", "LINES_CANCELLED"]),
            "other_order_id": self._some("sales_order"),
        }

    def _override(self, _: int) -> dict[str, Any]:
        at, expires_at = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        return {
            "order_id": self._some("sales_order", absent=0),
            "tier_id": self._some("tier", absent=0),
            "priority": self._maybe(self.random.randrange(1, 10)),
            "reason": self._text(),
            "at": at,
            "expires_at": expires_at,
            "ended_at": self._maybe(expires_at),
            "by_id": self._some("app_user"),
            "ended_by_id": self._some("app_user"),
        }

    def _hands(self, column: str, table: str) -> dict[str, Any]:
        return {
            column: self._some(table, absent=0),
            "from_owner_id": self._some("app_user"),
            "from_team_id": self._some("team"),
            "to_owner_id": self._some("app_user"),
            "to_team_id": self._some("team"),
            "by_id": self._some("app_user"),
            "reason": self._maybe(self._text()),
            "at": self._moment(),
        }

    def _job(self, _: int) -> dict[str, Any]:
        return {
            "kind": "ORDER_IMPORT",
            "state": self._pick(["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]),
            "started_by_id": self._some("app_user"),
            "parameters": "{}",
            "total": self._maybe(self.random.randrange(2**31)),
            "done": self.random.randrange(4, 9),
            "failed": self.random.randrange(3),
            "unchanged": self.random.randrange(3),
            "message": self._maybe(self._text()),
            "result_file_id": self._some("stored_file"),
            "report_file_id": self._some("stored_file"),
            "cancel_asked_at": self._maybe(self._moment()),
            "started_at": self._maybe(self._moment()),
            "finished_at": self._maybe(self._moment()),
        }

    def _exchange_rate(self, number: int) -> dict[str, Any]:
        day = date(2026, 1, 1) + timedelta(days=min(number, 1000))
        return {"currency": self._currency(), "date": day, "rate": Decimal(self._pick(RATES)) + 1}

    def _listed(self, number: int) -> dict[str, Any]:
        return {
            "version": 1,
            "code": f"{self._text()}{number}",
            "labels": self._labels(),
            "active": self._chance(0.5),
        }

    def _warehouse(self, number: int) -> dict[str, Any]:
        named = {"version": 1, "code": f"{self._text()}{number}", "name": self._text()}
        return named | self._placed() | {"active": self._chance(0.7)}

    def _stock(self) -> None:
        """What warehouses have of products, and movements that need not add up to it: nobody here compares them."""
        places = [(house["id"], goods["id"]) for house in self.tables["warehouse"] for goods in self.tables["product"]]
        pairs = self.random.sample(places, 20)
        self._table("stock_level", len(pairs), lambda number: self._level(pairs[min(number, len(pairs)) - 1]))
        self._table("stock_movement", 30, self._movement, created=False)

    def _level(self, place: tuple[int, int]) -> dict[str, Any]:
        on_hand = Decimal(self._pick(HELD))
        reserved = min(on_hand, Decimal(self._pick(HELD)))
        point = self._maybe(Decimal(self._pick(HELD)))
        with localcontext(prec=200):
            low = point is not None and on_hand - reserved < point
        return {
            "warehouse_id": place[0],
            "product_id": place[1],
            "on_hand": on_hand,
            "reserved": reserved,
            "reorder_point": point,
            "low": low,
            "last_seq": 0,
            "updated_at": self._moment(),
        }

    def _movement(self, _: int) -> dict[str, Any]:
        level = self._pick(self.tables["stock_level"])
        line = self._maybe(self._pick(self.tables["order_line"]))
        return {
            "level_id": level["id"],
            "warehouse_id": level["warehouse_id"],
            "product_id": level["product_id"],
            "kind": self._pick(
                ["RECEIPT", "ADJUSTMENT", "TRANSFER", "RESERVATION", "RELEASE", "ISSUE", "RETURN", "SCRAP"]
            ),
            "on_hand_change": Decimal(self._pick(QUANTITIES)),
            "reserved_change": Decimal(self._pick(["0", *QUANTITIES])),
            "order_id": line and line["order_id"],
            "order_line_id": line and line["id"],
            "by_id": self._some("app_user"),
            "reason": self._maybe(self._text()),
            "at": self._moment(),
        }

    def _shipments(self) -> None:
        """What was sent of orders, wherever these stand, and of lines that need not be theirs."""
        self._table("shipment", 30, self._shipment)
        places = [(sent["id"], line["id"]) for sent in self.tables["shipment"] for line in self.tables["order_line"]]
        pairs = self.random.sample(places, 60)
        self._table("shipment_line", 60, lambda number: self._parts(pairs[min(number, 60) - 1]), created=False)

    def _shipment(self, _: int) -> dict[str, Any]:
        sent = self._moment()
        return {
            "version": self.random.randrange(1, 4),
            "order_id": self._some("sales_order", absent=0),
            "carrier": self._maybe(self._text()),
            "tracking_number": self._maybe(self._text()),
            "shipped_at": sent,
            "delivered_at": self._maybe(sent),
            "by_id": self._some("app_user"),
        }

    def _parts(self, place: tuple[int, int]) -> dict[str, Any]:
        pieces = Decimal(self._pick(QUANTITIES)).copy_abs()
        return {"shipment_id": place[0], "order_line_id": place[1], "quantity": pieces}

    def _feedback(self) -> None:
        """What customers said of some orders, each of which has it, and complaints with what was done about them."""
        said = self.random.sample(self.tables["sales_order"], 20)
        scores = [{"order_id": order["id"], "score": self.random.randrange(1, 6)} for order in said]
        words = [{"comment": self._maybe(self._text()), "by_id": self._some("app_user")} for _ in said]
        self.tables["feedback"] = [
            {"id": number, **scores[number - 1], **words[number - 1], "at": self._moment()}
            for number in range(1, len(said) + 1)
        ]
        for order in self.tables["sales_order"]:
            order["feedback_id"] = next(
                (row["id"] for row in self.tables["feedback"] if row["order_id"] == order["id"]), None
            )
        self._table("complaint", 30, self._complaint)
        self._table("complaint_change", 40, self._complaint_change, created=False)

    def _complaint(self, _: int) -> dict[str, Any]:
        state = self._pick(COMPLAINT_STATES)
        return {
            "version": self.random.randrange(1, 9),
            "order_id": self._some("sales_order", absent=0),
            "reason_id": self._some("reason", absent=0),
            "description": self._text(),
            "state": state,
            "respond_by": self._moment(),
            "by_id": self._some("app_user"),
            "updated_at": self._moment(),
            "closed_at": self._moment() if state in {"RESOLVED", "REJECTED"} else None,
        }

    def _complaint_change(self, _: int) -> dict[str, Any]:
        complaint = self._pick(self.tables["complaint"])
        return {
            "complaint_id": complaint["id"],
            "order_id": complaint["order_id"],
            "from_state": self._maybe(self._pick(COMPLAINT_STATES)),
            "to_state": self._pick(COMPLAINT_STATES),
            "respond_by": self._moment(),
            "note": self._maybe(self._text()),
            "by_id": self._some("app_user"),
            "at": self._moment(),
        }

    def _payments(self) -> None:
        """Ledgers that the rules allow: what goes back was paid, where that is known; some of it is undone."""
        self.orders = {order["id"]: order for order in self.tables["sales_order"]}
        self.left: dict[int, Decimal] = {}
        self._table("payment", 60, self._payment, created=False)
        refunds = [row for row in self.tables["payment"] if row["kind"] == "REFUND"]
        for number, entry in enumerate(refunds[::3], start=100):
            undone = {name: entry[name] for name in ("order_id", "amount", "method")} | {"reverses_id": entry["id"]}
            how = {"kind": "REVERSAL", "reference": None, "turn": 0, "reason": self._text(), "by_id": None}
            when = {"received_at": self._moment(), "at": self._moment()}
            row = undone | how | when | {"id": number, "counterpart_id": None}
            self.tables["payment"].append({name: row[name] for name in entry})
        self._transfers()

    def _transfers(self) -> None:
        """Money that goes from orders that have some left to others of their currency."""
        entry = self.tables["payment"][0]
        rich = [self.orders[number] for number, left in self.left.items() if left > 0]
        for number, source in enumerate([each for each in rich if each["type"] in {"NEW", "RENEWAL"}][:8], start=200):
            others = [
                each for each in self.orders.values() if each["currency"] == source["currency"] and each != source
            ]
            if others:
                ids, target = (2 * number, 2 * number + 1), self._pick(others)
                for place, (order, kind) in enumerate(((source, "TRANSFER_OUT"), (target, "TRANSFER_IN"))):
                    pair = {"id": ids[place], "counterpart_id": ids[1 - place], "order_id": order["id"], "kind": kind}
                    row = entry | pair | {"amount": self.left[source["id"]], "reverses_id": None, "reference": None}
                    self.tables["payment"].append(row)

    def _payment(self, number: int) -> dict[str, Any]:
        order = self._pick(self.tables["sales_order"])
        kind, amount = self._refund(order) if self._chance(0.5) else ("PAYMENT", None)
        if amount is None:
            exact = self._chance(0.4) and order["total"] > 0
            with localcontext(prec=200):
                unit = Decimal(1).scaleb(-CURRENCY_DIGITS[order["currency"]])
                amount = order["total"] if exact else self._amount(order["currency"]).copy_abs() or unit
                self.left[order["id"]] = self.left.get(order["id"], Decimal(0)) + amount
        return {
            "order_id": order["id"],
            "kind": kind,
            "amount": amount,
            "method": self._pick(["CARD", "CASH", "OFFSET"]),
            "reference": self._maybe(f"{self._text()}{number}"),
            "turn": 0,
            "received_at": self._moment(),
            "reverses_id": None,
            "counterpart_id": None,
            "reason": None,
            "by_id": self._some("app_user"),
            "at": self._moment(),
        }

    def _refund(self, order: dict[str, Any]) -> tuple[str, Decimal | None]:
        """Of what its original was paid, all that is left; anything where no limit is known; else there is none."""
        source = self.orders[order["original_order_id"] or order["id"]]
        if source["type"] in {"RETURN", "EXCHANGE"}:
            amount = self._amount(order["currency"]).copy_abs()
            return ("REFUND", amount) if amount else ("PAYMENT", None)
        left = self.left.get(source["id"], Decimal(0))
        if left <= 0 or source["currency"] != order["currency"]:
            return "PAYMENT", None
        self.left[source["id"]] = Decimal(0)
        return "REFUND", left

    def _placed(self) -> dict[str, Any]:
        return {"position": self._pick([0, 0, 1, 2**31 - 1])}

    def _file(self, _: int) -> dict[str, Any]:
        complete = self._maybe(self._moment())
        return {
            "kind": self._pick(["UPLOAD", "REPORT", "RESULT"]),
            "owner_id": self._some("app_user"),
            "name": self._text(),
            "media_type": "text/csv; charset=utf-8",
            "size": self.random.randrange(2**31),
            "sha256": complete and self.random.randbytes(32),
            "secret": b"",
            "completed_at": complete,
            "expires_at": self._moment(),
        }

    def _report_row(self, _: int) -> dict[str, Any]:
        return {
            "job_id": self._some("job", absent=0),
            "position": len(self.tables["job_report_row"]) + 1,
            "file": self._text(),
            "line": self.random.randrange(2**31),
            "subject": self._maybe(self._text()),
            "reason": self._text(),
        }

    def _token(self, number: int) -> dict[str, Any]:
        return {
            "name": self._text(),
            "user_id": self._some("app_user", absent=0),
            "scopes": [scope for scope in ("ORDERS_READ", "FILES", "JOBS") if self._chance(0.5)],
            "token_hash": str(number).encode(),
            "hint": self._text(),
            "created_by_id": self._some("app_user"),
            "expires_at": self._maybe(self._moment()),
            "last_used_at": self._maybe(self._moment()),
            "revoked_at": self._maybe(self._moment()),
        }

    def _rule_set(self, number: int) -> dict[str, Any]:
        published = len(self.tables["tier_rule_set"]) > 0
        return {
            "version": number % 3 + 1,
            "state": "RETIRED" if published else "DRAFT",
            "sole": None if published else True,
            "number": len(self.tables["tier_rule_set"]) if published else None,
            "stamp": UUID(int=number) if published else None,
            "restored_from": self._maybe(1),
            "edited_by_id": self._some("app_user"),
            "published_by_id": self._some("app_user"),
            "published_at": self._maybe(self._moment()),
            "updated_at": self._moment(),
        }

    def _rule(self, number: int) -> dict[str, Any]:
        return {
            "rule_set_id": self._some("tier_rule_set", absent=0),
            "rank": len(self.tables["tier_rule"]) + 1,
            "name": f"{self._text()}{number}",
            "tier_id": self._some("tier", absent=0),
            "priority": number % 9 + 1,
            "response_minutes": number % 1000 + 1,
            "condition": "{}",
        }

    def _selling(self) -> None:
        """What was found in orders, what channels ask, and rules and policies that nobody goes by."""
        self._table("order_finding", 30, self._finding, created=False)
        channels, products = self.tables["channel"], self.tables["product"]
        keys = [(a["id"], b["id"], c, d) for a in channels for b in products[:3] for c in ("GBP", "JPY") for d in DAYS]
        chosen = self.random.sample(keys, 25)
        self._table("channel_price", 25, lambda _: self._price(*chosen[len(self.tables["channel_price"])]))
        self._table("review_policy", 4, self._policy)
        self._table("assignment_rule", 4, self._assignment)

    def _finding(self, _: int) -> dict[str, Any]:
        return {
            "order_id": self._some("sales_order", absent=0),
            "kind": self._pick(["ADDRESS_MISSING", "CONTACT_MISSING", "CREDIT_EXCEEDED"]),
            "severity": self._pick(["WARNING", "ERROR"]),
            "line_id": self._some("order_line"),
            "other_order_id": self._some("sales_order"),
            "facts": "{}",
            "found_at": self._moment(),
            "overridden_by_id": self._some("app_user"),
            "overridden_at": self._maybe(self._moment()),
        }

    def _price(self, channel: int, product: int, currency: str, day: date) -> dict[str, Any]:
        return {
            "version": 1,
            "channel_id": channel,
            "product_id": product,
            "currency": currency,
            "promotion": False,
            "starts_on": day,
            "ends_on": self._pick([None, *(later for later in DAYS if later >= day)]),
            "price": Decimal(self._pick(["0", "1", "2", "2", "3", "10"])).quantize(
                Decimal(1).scaleb(-CURRENCY_DIGITS[currency])
            ),
        }

    def _policy(self, number: int) -> dict[str, Any]:
        return {
            "version": 1,
            "code": f"{self._text()}{number}",
            "rank": self._pick([0, 0, 1]),
            "channel_id": self._some("channel"),
            **{name: self._chance(0.5) for name in ("approve_clean", "address_needed", "contact_needed", "active")},
            "most_per_line": self._maybe(Decimal("2.5")),
            "price_tolerance": self._maybe(Decimal("0.1")),
            "duplicate_hours": self._maybe(24),
            "placed_within_days": self._maybe(7),
            "most_without_customer": self._maybe(Decimal(1000)),
        }

    def _assignment(self, number: int) -> dict[str, Any]:
        return {
            "version": 1,
            "code": f"{self._text()}{number}",
            "rank": self._pick([0, 0, 1]),
            "channel_id": self._some("channel"),
            "region_id": self._some("region"),
            "team_id": self._some("team", absent=0),
            "strategy": self._pick(["LEAST_LOADED", "ROUND_ROBIN", "EXPERTISE"]),
            "most_open": self._pick([None, 1, 20]),
            "last_given_id": self._some("app_user"),
            "active": self._chance(0.5),
        }

    def _segment(self, number: int) -> dict[str, Any]:
        return {
            "version": number % 3 + 1,
            "entity": self._pick(["ORDER", "CUSTOMER"]),
            "name": f"{self._text()}{number}",
            "owner_id": self._some("app_user", absent=0),
            "shared": self._chance(0.4),
            "condition": "{}",
            "updated_at": self._moment(),
        }

    def _entry(self, _: int) -> dict[str, Any]:
        subject = self._some("app_user")
        return {
            "at": self._moment(),
            "actor_id": self._some("app_user"),
            "action": self._pick(["SIGNED_IN", "ROLES_CHANGED", "RECORDS_TRANSFERRED"]),
            "subject_kind": subject and "User",
            "subject_id": subject and f"usr_{subject}",
            "facts": "{}",
            "request_id": self._maybe(self._text()),
            "address": self._maybe("192.0.2.0/24"),
        }

    def _custom_field(self, _: int) -> dict[str, Any]:
        number = len(self.tables["custom_field"])
        kind = CUSTOM_TYPES[number % len(CUSTOM_TYPES)]
        return {
            "version": 1,
            "entity": ["ORDER", "CUSTOMER", "PRODUCT", "LEAD"][number % 4],
            "key": f"key_{number // 2}",
            "type": kind,
            "labels": self._labels(),
            "description": self._maybe(self._text()),
            "required": self._chance(0.5),
            "longest": 255 if kind == "TEXT" else None,
            "minimum": self._maybe(Decimal("1.50")) if kind in {"NUMBER", "MONEY"} else None,
            "maximum": None,
            "decimals": 6 if kind == "NUMBER" else None,
            "currency": self._currency() if kind == "MONEY" else None,
            "index_state": "READY",
            "index_job_id": None,
            "archived_at": self._maybe(self._moment(), 0.85),
            "updated_at": self._moment(),
            **self._placed(),
        }

    def _choices(self) -> None:
        self.tables["custom_field_choice"] = [
            {
                "id": 1 + 4 * place + nth,
                "field_id": field["id"],
                "code": code,
                "labels": self._labels(),
                "active": self._chance(0.5),
                "position": self._pick([1, 2]),
            }
            for place, field in enumerate(self.tables["custom_field"])
            if field["type"] == "CHOICE"
            for nth, code in enumerate(CODES)
        ]

    def _custom_values(self, entity: str) -> str:
        of = [field for field in self.tables["custom_field"] if field["entity"] == entity]
        values = {field["key"]: self._custom_value(field) for field in of if self._chance(0.6)}
        return json.dumps(values)

    def _custom_value(self, field: dict[str, Any]) -> Any:
        match field["type"]:
            case "TEXT":
                return self._text()
            case "NUMBER":
                return self._pick(["0", "-1", "1.5", "9", "10", "0.000001", "12345678901234567890.5"])
            case "MONEY":
                return format(self._amount(field["currency"]), "f")
            case "DATE":
                return self._pick(DAYS).isoformat()
            case "YES_NO":
                return self._chance(0.5)
            case "CHOICE":
                return self._pick(CODES)
            case _:
                return self._some("app_user", absent=0)

    def _labels(self) -> str:
        return json.dumps(
            self._pick([{"en": self._text()}, {"zh": self._text()}, {"en": self._text(), "zh": self._text()}])
        )

    def _shares(self, table: str, column: str, of: str, count: int) -> None:
        pairs = {(self._some(of, absent=0), self._some("app_user", absent=0)) for _ in range(count)}
        self.tables[table] = [
            {"id": place, column: row, "user_id": user} for place, (row, user) in enumerate(sorted(pairs), start=1)
        ]

    def _owned(self) -> dict[str, int | None]:
        owner = self._some("app_user", absent=0.3)
        return {"owner_id": owner, "team_id": self._some("team", absent=0 if owner else 0.5)}

    def _postal(self) -> Any:
        names = ("recipient", "phone", "street", "city", "province", "postcode", "country")
        parts = {name: self._maybe(self._text()) for name in names if self._chance(0.8)}
        return self._maybe(json.dumps(parts, ensure_ascii=False))

    def _tags(self) -> list[str]:
        return [self._text() for _ in range(self._pick([0, 0, 1, 2, 3]))]

    def _text(self, *, long: bool = False) -> Any:
        return self._pick(TEXTS + LONG if long else TEXTS)

    def _moment(self) -> Any:
        return self._pick(MOMENTS) + timedelta(milliseconds=self._pick([0, 0, 0, 1, 60_000]))

    def _currency(self) -> Any:
        return self._pick(["GBP", "GBP", *CURRENCY_DIGITS])

    def _amount(self, currency: str) -> Decimal:
        with localcontext(prec=200):
            scale = CURRENCY_DIGITS[currency]
            amount = Decimal(self._pick(AMOUNTS)) + Decimal(self._pick([0, 0, 5, 99])).scaleb(-scale)
            return amount.quantize(Decimal(1).scaleb(-scale))

    def _some(self, table: str, *, absent: float = 0.3) -> int | None:
        return None if self._chance(absent) else self._pick(self.tables[table])["id"]

    def _maybe(self, value: Any, chance: float = 0.4) -> Any:
        return None if self._chance(chance) else value

    def _chance(self, of: float) -> bool:
        return self.random.random() < of

    def _pick(self, among: Iterable[Any]) -> Any:
        return self.random.choice(list(among))

"""Customers with their contacts, addresses and history."""

import models
from domain.custom_fields.kinds import CustomFieldEntity
from domain.scopes import TokenScope
from rows import visibility
from rows.declarations.rfm import RFM_COLUMNS, RFM_VALUE
from rows.declarations.shared import HANDS
from rows.declare import Entity, Paged, Search, Sort, ToMany, ToOne, columns_of, money

CUSTOMER = Entity(
    name="Customer",
    prefix="cus",
    table="customer",
    scope=visibility.customers,
    columns=columns_of(
        models.Customer,
        *("version", "name", "level", "value_class", "industry", "email", "phone", "tax_id", "external_id"),
        *("preferences", "tags", "birthday", "contract_day", "credit_limit", "created_at", "updated_at"),
        unfiltered=("version", "preferences"),
    )
    | RFM_COLUMNS,
    composites={"credit_limit": money("credit_limit", "{currency}", null=True), "monetary": RFM_VALUE},
    to_one={
        "region": ToOne("Region", "region_id"),
        "channel": ToOne("Channel", "channel_id"),
        "owner": ToOne("User", "owner_id"),
        "team": ToOne("Team", "team_id"),
    },
    to_many={
        "contacts": ToMany("CustomerContact", "customer_id", inverse="customer"),
        "addresses": ToMany("CustomerAddress", "customer_id", inverse="customer"),
        "owner_changes": ToMany("CustomerOwnerChange", "customer_id", inverse="customer", order="{t}.at, {t}.id"),
        "level_changes": ToMany("CustomerLevelChange", "customer_id", inverse="customer", order="{t}.at, {t}.id"),
    },
    paged={"orders": Paged("Order", "customer_id")},
    sorts={
        "name": Sort("name"),
        "created_at": Sort("created_at", descending=True),
        "last_order_at": Sort("last_order_at", descending=True),
        "frequency": Sort("frequency", descending=True),
        "monetary": Sort("monetary", descending=True),
    },
    token_scope=TokenScope.CUSTOMERS_READ,
    custom=CustomFieldEntity.CUSTOMER,
    search=Search(
        parts={"name": "name", "externalId": "external_id", "email": "email", "phone": "phone", "taxId": "tax_id"},
        wholes=("name", "external_id", "email", "tax_id"),
        ends={"phone": "phone"},
        newest="created_at",
    ),
)

CUSTOMER_OWNER_CHANGE = Entity(
    name="CustomerOwnerChange",
    prefix="coc",
    table="customer_owner_change",
    scope=visibility.with_customer,
    columns=columns_of(models.CustomerOwnerChange, "reason", "at"),
    to_one={"customer": ToOne("Customer", "customer_id"), **HANDS},
)

CUSTOMER_CONTACT = Entity(
    name="CustomerContact",
    prefix="con",
    table="customer_contact",
    scope=visibility.with_customer,
    columns=columns_of(models.CustomerContact, "name", "title", "email", "phone"),
    to_one={"customer": ToOne("Customer", "customer_id")},
)

CUSTOMER_ADDRESS = Entity(
    name="CustomerAddress",
    prefix="adr",
    table="customer_address",
    scope=visibility.with_customer,
    columns=columns_of(
        models.CustomerAddress, "kind", "recipient", "phone", "street", "city", "province", "postcode", "country"
    ),
    to_one={"customer": ToOne("Customer", "customer_id")},
)

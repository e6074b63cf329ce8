"""Enums of customers, users and tokens."""

from domain.customers import AddressKind, CustomerLevel, ValueClass
from domain.people import Role
from domain.scopes import TokenScope
from schema.describe import enum

enum(
    CustomerLevel,
    {
        "REGULAR": "普通: a customer like most.",
        "VIP": "VIP: a preferred customer.",
        "KEY_ACCOUNT": "大客户: a key account.",
    },
)
enum(
    ValueClass,
    {
        "IMPORTANT": "Brings much of the company's revenue.",
        "GENERAL": "Brings an ordinary part of it.",
        "POTENTIAL": "May bring more.",
    },
)
enum(AddressKind, {"SHIPPING": "Goods go there.", "BILLING": "Invoices go there."})
enum(
    Role,
    {
        "REP": "Sells: claims leads, follows up, enters orders.",
        "MANAGER": "Leads a team: approves, reassigns, reads figures.",
        "REVIEWER": "Works the review queue.",
        "FULFILMENT": "Picks, packs, ships, keeps stock.",
        "SERVICE": "Handles returns, complaints and feedback.",
        "FINANCE": "Payments, invoices, reconciliation.",
        "ADMIN": "Configures everything and sees everything.",
        "INTEGRATION": "A machine with the scopes of its token.",
    },
)
enum(
    TokenScope,
    {
        "ORDERS_READ": "Orders with their lines and history.",
        "ORDERS_WRITE": "Enter and change orders; includes ORDERS_READ.",
        "CUSTOMERS_READ": "Customers with their contacts and addresses.",
        "CUSTOMERS_WRITE": "Enter and change customers; includes CUSTOMERS_READ.",
        "LEADS_READ": "Leads with their history, and pools.",
        "LEADS_WRITE": "Enter and change leads; includes LEADS_READ.",
        "PRODUCTS_READ": "Products.",
        "PRODUCTS_WRITE": "Make and change products; includes PRODUCTS_READ.",
        "STOCK_READ": "What warehouses hold, and its movements.",
        "STOCK_WRITE": "Keep warehouses and move stock; includes STOCK_READ.",
        "PAYMENTS_WRITE": "Record payments and refunds, and reverse them; includes ORDERS_READ.",
        "EVENTS_READ": "Changes and live updates, of rows that the other scopes name.",
        "JOBS": "Start imports and exports, watch and cancel them.",
        "FILES": "Send files in, fetch those that jobs made.",
    },
)

"""What the demo company sells."""

from datetime import datetime
from decimal import Decimal
from random import Random

from app.demo.custom_fields import product_values
from app.demo.rows import Rows

CATEGORIES = {
    "Furniture": ("FUR", 38, 690),
    "Lighting": ("LGT", 9, 140),
    "Stationery": ("STA", 1, 28),
    "Storage": ("STO", 6, 160),
    "Packaging": ("PKG", 1, 60),
    "Electronics": ("ELE", 12, 480),
    "Kitchen": ("KIT", 3, 85),
    "Safety": ("SAF", 4, 120),
}
"""Each category with its mark in the sku, and its cheapest and dearest list price in GBP."""

BOUGHT_AS_NEEDED = "Packaging"
"""Of this category no stock is kept."""

KINDS = {
    "Furniture": ("Desk", "Office chair", "Bookcase", "Meeting table", "Bench"),
    "Lighting": ("Desk lamp", "Floor lamp", "LED panel", "Pendant", "Work light"),
    "Stationery": ("Notebook", "Fountain pen", "Marker set", "Ring binder", "签字笔"),
    "Storage": ("Shelf box", "Filing cabinet", "Locker", "Parts bin", "收纳箱"),
    "Packaging": ("Carton", "Bubble wrap", "Packing tape", "Mailing bag", "封箱胶带"),
    "Electronics": ("Label printer", "Barcode scanner", "Docking station", "Headset", "碎纸机"),
    "Kitchen": ("Kettle", "Coffee maker", "Mug set", "Water filter", "茶具"),
    "Safety": ("First-aid kit", "Fire blanket", "Hi-vis vest", "Safety boots", "安全帽"),
}
LINES = ("Classic", "Compact", "Pro")
INACTIVE_EVERY = 23
UNPRICED_EVERY = 29


def add_products(rows: Rows, choice: Random, *, made_at: datetime) -> None:
    """120 products; some are no longer sold, some have no list price."""
    for category, (mark, cheapest, dearest) in CATEGORIES.items():
        for kind in KINDS[category]:
            for line in LINES:
                number = len(rows.of("product")) + 1
                price = Decimal(choice.randint(cheapest * 20, dearest * 20)) * 5 / 100
                priced = number % UNPRICED_EVERY != 0
                rows.add(
                    "product",
                    version=1,
                    sku=f"{mark}-{number:04}",
                    name=f"{kind} {line}",
                    description=f"{kind} of the {line} line",
                    category=category,
                    price=price.quantize(Decimal("0.01")) if priced else None,
                    currency="GBP" if priced else None,
                    tax_rate=Decimal("0.2"),
                    active=number % INACTIVE_EVERY != 0,
                    stocked=category != BOUGHT_AS_NEEDED,
                    custom_fields=product_values(category),
                    last_seq=0,
                    created_at=made_at,
                    updated_at=made_at,
                )

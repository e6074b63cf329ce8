"""Recency, frequency and monetary value of customers. They are of all their orders, whoever sees those."""

import models
from rows.declare import Column, Composite, Kind, columns_of

FIGURES = ("last_order_at", "frequency", "monetary", "recency_score", "frequency_score", "monetary_score")
"""What is kept of a customer, and with what was decided by it."""
RFM_COLUMNS = {
    **columns_of(models.Customer, *FIGURES),
    "recency_days": Column("({today} - ({t}.last_order_at AT TIME ZONE {zone})::date)", Kind.INTEGER, null=True),
}
RFM_VALUE = Composite(
    "Money",
    {"amount": Column("round({t}.monetary, {digits})", Kind.MONEY), "currency": Column("{currency}", Kind.ENUM)},
)

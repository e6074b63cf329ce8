"""Recency, frequency and monetary value of customers (RFM), kept from their completed orders, with scores by quintiles.

The figures and the scoring are those of A. M. Hughes, Strategic Database Marketing: customers are ranked by each of the
three and cut into fifths, the best of which is 5. Equal customers have equal scores: whoever lies on a border, all that
are equal to it with them, has the lower one.
"""

from domain.orders.life_cycle import STATUS_GROUPS, OrderStatus, StatusGroup

BOUGHT = OrderStatus.COMPLETED
"""A sale is an order that has come to this end: the newest is the recency, their number the frequency."""
COUNTED = STATUS_GROUPS[StatusGroup.COMPLETED]
"""What adds to the monetary value: sales, and returns and exchanges that were settled, whose totals take off."""
SHARES = (0.2, 0.4, 0.6, 0.8)
"""Where scores are cut: a customer has one point, and one more for each share of customers' best that is exceeded."""

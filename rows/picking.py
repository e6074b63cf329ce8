"""Which lines of an order have to be reserved when it is picked."""

NEEDED = "l.kind = 'PRODUCT' AND l.quantity > 0 AND p.stocked"
"""A condition over a line `l` and its product `p`."""

"""Rules of stock: what a movement may do, and what is taken from where for an order."""

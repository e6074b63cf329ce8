"""Counters of orders: changes are folded into them; they are compared with the orders, and made anew."""

"""What is done with orders. Locks are taken in one order: the customer's row, then the order's."""

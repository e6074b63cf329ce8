"""What is done with customers. Locks are taken in one order: the customer's row, then its orders by id."""

"""The ledger of payments and refunds."""

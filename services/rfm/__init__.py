"""Recency, frequency and monetary value of customers: kept current, scored, and compared with the orders."""

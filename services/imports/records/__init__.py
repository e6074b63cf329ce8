"""Customers and products from files: read, checked, written a batch at a time, reported."""

"""Rows that a viewer sees, written into files."""

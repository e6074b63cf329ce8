"""Measurements at scale: Sluice beside a naive version of itself and beside a hand-written endpoint."""

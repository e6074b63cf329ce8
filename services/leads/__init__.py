"""Leads: how they come in, whose they are, and the pools in which they wait."""

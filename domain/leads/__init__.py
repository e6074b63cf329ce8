"""Leads: what they are, who may take them, and what follows from time that passes (线索)."""

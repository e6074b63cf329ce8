"""Leads: who gets them, what is done about them, and what follows when nothing is."""

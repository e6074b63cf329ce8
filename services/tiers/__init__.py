"""Tier rules, and orders classified by them."""

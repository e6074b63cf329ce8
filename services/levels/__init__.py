"""Levels of customers by rule: rules, what they propose, and what people say to it."""

"""Reminders (提醒): found by their causes, fired once, withdrawn, sent, and seen by whom they are for.

`sources` says what a kind of reminder is made of, `registry` which there are; the rest is the same for all kinds.
"""

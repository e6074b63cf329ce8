"""Enums of lists."""

from enum import StrEnum

from schema.describe import enum


class SortDirection(StrEnum):
    """Which way a list runs; nulls come last both ways."""

    ASC = "ASC"
    DESC = "DESC"


enum(SortDirection, {"ASC": "Smallest, earliest or first in the alphabet first.", "DESC": "The other way round."})

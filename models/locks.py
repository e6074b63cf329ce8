"""The advisory locks of a database: any numbers, as long as each stands for one thing and nothing else takes them."""

from enum import IntEnum, unique


@unique
class AdvisoryLock(IntEnum):
    """What is held. Where one transaction takes several, it takes them in this order."""

    MIGRATIONS = 7_083_601
    """Of the session: one process brings the tables up to date."""
    DEMO_DATA = 7_083_604
    """Two demos must not both find the database empty."""
    RFM = 7_083_609
    """Whoever measures customers, or says by what."""
    MATCH_KEYS = 7_083_612
    """Whoever enters somebody with a phone, an email, a tax number or a company: one lock for each of these."""
    TREE_OF_TEAMS = 7_083_602
    """Shared: it keeps its shape."""
    TREE_OF_REGIONS = 7_083_603
    COUNTERS = 7_083_605
    """Whoever changes the counts of orders."""
    ADMINISTRATORS = 7_083_607
    """Somebody stops to be one."""
    TIER_RULES = 7_083_608
    """Somebody puts other rules into force. Shared: those that are in force stay."""
    CALENDARS = 7_083_610
    """Whoever changes a business calendar, or the holidays that it is made of."""
    CUSTOM_FIELDS = 7_083_606
    """Two administrators must not both define the last field that there is room for."""

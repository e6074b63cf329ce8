"""By when the owner of a lead has to do something about it."""


def minutes_after(start: str, column: str) -> str:
    """SQL of the moment when `column` minutes of pool `p`'s working time are over since `start`; null for none."""
    return f"add_working_time(coalesce(p.calendar_id, company_calendar()), {start}, {column} * 60)"

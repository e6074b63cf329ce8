"""By when the owner of a lead has to do something about it."""


def minutes_after(start: str, column: str) -> str:
    """SQL of the moment when `column` minutes of pool `p`'s working time are over since `start`; null for none."""
    return f"add_working_time(coalesce(p.calendar_id, company_calendar()), {start}, {column} * 60)"


FOLLOW_UP_BY = f"""
UPDATE lead l SET follow_up_by = {minutes_after("greatest(l.assigned_at, l.last_follow_up_at)", "p.follow_up_minutes")}
FROM lead_pool p WHERE p.id = l.pool_id AND l.id = $1
"""  # noqa: S608  # of names of ours
"""Sets the next follow-up's deadline of a lead whose first contact was made."""

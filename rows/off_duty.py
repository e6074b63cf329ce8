"""Who is off duty, as SQL."""


def off_duty(user: str, at: str) -> str:
    """A condition that the user with the id `user` is on leave at the moment `at`, both expressions.

    Whoever is not at work at that hour is not off duty: what they are given waits for the next one.
    """
    return f"EXISTS (SELECT FROM user_leave v WHERE v.user_id = {user} AND v.starts_at <= {at} AND v.ends_at > {at})"

"""What can go wrong with the private servers."""


class ServersError(Exception):
    """The private servers cannot be started; the message says why and what to do."""

"""Teams, as people name them."""

from models.connection import TransactionClient

_NAMED = "SELECT id FROM team WHERE name = $1 LIMIT 2"


class TeamNotFound(Exception):
    """The name is that of no team, or of several; the message says which."""


async def find_team(client: TransactionClient, name: str) -> int:
    """The id of the one team of that name. Raises TeamNotFound."""
    found = await client.connection.fetch(_NAMED, name)
    if len(found) != 1:
        raise TeamNotFound(f"there is {'more than one' if found else 'no'} team {name}")
    return int(found[0]["id"])

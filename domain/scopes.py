"""What an API token may be used for, whatever its user may do beside that."""

from collections.abc import Iterable
from enum import StrEnum

from domain.people import Role


class TokenScope(StrEnum):
    """A part of the API that an API token opens; scopes add up, and one that writes also reads.

    Payments are read with their orders.
    """

    ORDERS_READ = "ORDERS_READ"
    ORDERS_WRITE = "ORDERS_WRITE"
    CUSTOMERS_READ = "CUSTOMERS_READ"
    CUSTOMERS_WRITE = "CUSTOMERS_WRITE"
    LEADS_READ = "LEADS_READ"
    LEADS_WRITE = "LEADS_WRITE"
    PRODUCTS_READ = "PRODUCTS_READ"
    PRODUCTS_WRITE = "PRODUCTS_WRITE"
    STOCK_READ = "STOCK_READ"
    STOCK_WRITE = "STOCK_WRITE"
    PAYMENTS_WRITE = "PAYMENTS_WRITE"
    EVENTS_READ = "EVENTS_READ"
    JOBS = "JOBS"
    FILES = "FILES"


_IMPLIED = {
    TokenScope.ORDERS_WRITE: TokenScope.ORDERS_READ,
    TokenScope.CUSTOMERS_WRITE: TokenScope.CUSTOMERS_READ,
    TokenScope.LEADS_WRITE: TokenScope.LEADS_READ,
    TokenScope.PRODUCTS_WRITE: TokenScope.PRODUCTS_READ,
    TokenScope.STOCK_WRITE: TokenScope.STOCK_READ,
    TokenScope.PAYMENTS_WRITE: TokenScope.ORDERS_READ,
}


def granted(scopes: Iterable[TokenScope]) -> frozenset[TokenScope]:
    """The scopes with those that they imply."""
    named = frozenset(scopes)
    return named | {_IMPLIED[scope] for scope in named if scope in _IMPLIED}


def roles_with(roles: Iterable[Role], scopes: frozenset[TokenScope] | None) -> frozenset[Role]:
    """The roles that count for a caller with these scopes; None for a person, whom no scope limits.

    INTEGRATION stands for what a token's scopes name, and so for nothing where there is no token.
    """
    return frozenset(roles) - ({Role.INTEGRATION} if scopes is None else frozenset())

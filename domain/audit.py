"""What is kept for those who must be able to tell later who did what: the actions that leave an audit entry."""

import ipaddress
from enum import StrEnum


class AuditAction(StrEnum):
    """What was done."""

    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SIGNED_OUT = "SIGNED_OUT"
    SESSIONS_ENDED = "SESSIONS_ENDED"
    TOKEN_REUSED = "TOKEN_REUSED"  # noqa: S105  # no token
    API_TOKEN_CREATED = "API_TOKEN_CREATED"  # noqa: S105  # no token
    API_TOKEN_REVOKED = "API_TOKEN_REVOKED"  # noqa: S105  # no token
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105  # no password
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105  # no password

    USER_CREATED = "USER_CREATED"
    USER_UPDATED = "USER_UPDATED"
    ROLES_CHANGED = "ROLES_CHANGED"
    TEAM_CHANGED = "TEAM_CHANGED"
    USER_DEACTIVATED = "USER_DEACTIVATED"
    USER_REACTIVATED = "USER_REACTIVATED"
    RECORDS_TRANSFERRED = "RECORDS_TRANSFERRED"

    TREE_NODE_CREATED = "TREE_NODE_CREATED"
    TREE_NODE_UPDATED = "TREE_NODE_UPDATED"
    TREE_NODE_MOVED = "TREE_NODE_MOVED"
    TREE_NODE_DELETED = "TREE_NODE_DELETED"
    LIST_ENTRY_CREATED = "LIST_ENTRY_CREATED"
    LIST_ENTRY_UPDATED = "LIST_ENTRY_UPDATED"
    LIST_ENTRY_DELETED = "LIST_ENTRY_DELETED"
    LEAVE_ENTERED = "LEAVE_ENTERED"
    LEAVE_CANCELLED = "LEAVE_CANCELLED"

    CUSTOM_FIELD_CREATED = "CUSTOM_FIELD_CREATED"
    CUSTOM_FIELD_UPDATED = "CUSTOM_FIELD_UPDATED"
    CUSTOM_FIELD_ARCHIVED = "CUSTOM_FIELD_ARCHIVED"
    CUSTOM_FIELD_RESTORED = "CUSTOM_FIELD_RESTORED"
    CUSTOM_FIELD_INDEXED = "CUSTOM_FIELD_INDEXED"

    RULE_CREATED = "RULE_CREATED"
    RULE_UPDATED = "RULE_UPDATED"
    RULE_DELETED = "RULE_DELETED"
    RULES_PUBLISHED = "RULES_PUBLISHED"
    OVERRIDE_SET = "OVERRIDE_SET"
    OVERRIDE_WITHDRAWN = "OVERRIDE_WITHDRAWN"
    FINDINGS_OVERRIDDEN = "FINDINGS_OVERRIDDEN"
    CREDIT_LIMIT_CHANGED = "CREDIT_LIMIT_CHANGED"

    IMPORT_STARTED = "IMPORT_STARTED"
    EXPORT_STARTED = "EXPORT_STARTED"
    EXPORT_DOWNLOADED = "EXPORT_DOWNLOADED"
    FILE_DELETED = "FILE_DELETED"
    JOB_CANCELLED = "JOB_CANCELLED"
    PERSONAL_DATA_EXPORTED = "PERSONAL_DATA_EXPORTED"
    PERSONAL_DATA_ERASED = "PERSONAL_DATA_ERASED"


PERSON = "person"
"""The one key of an entry's facts under which personal data may stand: erasure takes it away, and nothing else."""


def coarse_address(text: str | None) -> str | None:
    """The network that an IP address is in, "192.0.2.0/24" or "2001:db8:1::/48"; None for what is no IP address.

    Enough to tell the office from another country, too little to follow a person.
    """
    try:
        address = ipaddress.ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))

"""Who is known already: the keys that contacts are matched by, held, and everybody who has one of them.

Texts are brought into one form by functions of the database, so that indexes find customers by them whoever wrote
them, files included; phone numbers are compared by `services.leads.phones`, which knows how countries write them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.leads.matching import Keys, Known, Match, MatchKey, match
from domain.ownership import Person
from domain.personal_data import ERASED
from models.connection import TransactionClient
from models.locks import AdvisoryLock
from rows.lead_seats import OPEN_STATUSES
from services.leads.phones import digits_of, phone_key

MOST_COMPARED = 200
"""How many that end with the same digits are compared; numbers are not so common."""
_KEYS = """
SELECT match_code(tax_id) AS tax_id, search_text(email) AS email, match_name(company) AS company
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS g (tax_id, email, company, place) ORDER BY place
"""
_HOLD = """
SELECT pg_advisory_xact_lock($1::int, hash) FROM (
    SELECT DISTINCT hashtext(key) AS hash FROM unnest($2::text[]) key ORDER BY hash
) each
"""
# Without those who were erased: they are called the same, and known to nobody.
_CUSTOMERS = f"""
SELECT 'TAX_ID' AS key, id, owner_id, NULL AS phone FROM customer WHERE match_code(tax_id) = $1
UNION ALL SELECT 'COMPANY', id, owner_id, NULL FROM customer WHERE match_name(name) = $4 AND name <> '{ERASED}'
UNION ALL SELECT 'EMAIL', id, owner_id, NULL FROM customer WHERE search_text(email) = $3
UNION ALL SELECT 'EMAIL', c.id, c.owner_id, NULL FROM customer_contact p JOIN customer c ON c.id = p.customer_id
    WHERE search_text(p.email) = $3
UNION ALL (SELECT 'PHONE', id, owner_id, phone FROM customer
    WHERE search_end(phone) >= $2 AND search_end(phone) < $2 || ':' LIMIT {MOST_COMPARED})
UNION ALL (SELECT 'PHONE', c.id, c.owner_id, p.phone FROM customer_contact p JOIN customer c ON c.id = p.customer_id
    WHERE search_end(p.phone) >= $2 AND search_end(p.phone) < $2 || ':' LIMIT {MOST_COMPARED})
"""  # noqa: S608  # of our own making
_LEADS = f"""
SELECT each.key, coalesce(l.duplicate_of_id, l.id) AS id, l.owner_id FROM lead l
CROSS JOIN LATERAL (VALUES
    ('TAX_ID', l.tax_key = $1), ('PHONE', l.phone_key = $2),
    ('EMAIL', l.email_key = $3), ('COMPANY', l.company_key = $4)
) each (key, same)
WHERE (l.tax_key = $1 OR l.phone_key = $2 OR l.email_key = $3 OR l.company_key = $4)
  AND each.same AND l.status IN ({OPEN_STATUSES})
  AND (l.id = $5 OR l.duplicate_of_id = $5) IS NOT TRUE
"""  # noqa: S608  # of our own making
_PEOPLE = "SELECT id, team_id, active FROM app_user WHERE id = ANY ($1::bigint[]) ORDER BY id FOR SHARE"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What somebody is known by, as it was typed."""

    company: str | None
    email: str | None
    phone: str | None
    tax_id: str | None


def contact_of(of: Any) -> Contact:
    """What a lead, however it is held, is known by."""
    return Contact(company=of.company, email=of.email, phone=of.phone, tax_id=of.tax_id)


async def hold_keys(client: TransactionClient, contact: Contact, *, country: str | None) -> Keys:
    """The keys of a contact, which nobody else enters until the transaction ends; `country` is whose numbers are short.

    To be called before any row is locked.
    """
    [keys] = await hold_all_keys(client, [contact], country=country)
    return keys


async def hold_all_keys(client: TransactionClient, contacts: Sequence[Contact], *, country: str | None) -> list[Keys]:
    """As `hold_keys`, of many, in their order."""
    rows = await client.connection.fetch(
        _KEYS,
        [each.tax_id for each in contacts],
        [each.email for each in contacts],
        [each.company for each in contacts],
    )
    keys = [Keys(phone=phone_key(each.phone, country), **dict(row)) for each, row in zip(contacts, rows, strict=True)]
    held = [f"{key}:{value}" for each in keys for key, value in each.given()]
    await client.connection.execute(_HOLD, AdvisoryLock.MATCH_KEYS, held)
    return keys


async def find_match(
    client: TransactionClient, keys: Keys, *, country: str | None, besides: int | None = None
) -> Match | None:
    """Who has one of the held `keys`, but for the lead `besides`; None if nobody. Its owner stays as they are."""
    found = await client.connection.fetch(
        _CUSTOMERS, keys.tax_id, keys.phone and digits_of(keys.phone), keys.email, keys.company
    )
    same = [row for row in found if row["key"] != MatchKey.PHONE or phone_key(row["phone"], country) == keys.phone]
    leads = await client.connection.fetch(_LEADS, keys.tax_id, keys.phone, keys.email, keys.company, besides)
    owners = {row["owner_id"] for row in (*same, *leads)} - {None}
    people = {row["id"]: Person(**dict(row)) for row in await client.connection.fetch(_PEOPLE, sorted(owners))}
    return match(
        [
            Known(is_customer=is_customer, id=row["id"], key=MatchKey(row["key"]), owner=people.get(row["owner_id"]))
            for is_customer, rows in ((True, same), (False, leads))
            for row in rows
        ]
    )


def key_columns(keys: Keys) -> dict[str, str | None]:
    """The columns of a lead in which its keys are."""
    return {"phone_key": keys.phone, "email_key": keys.email, "tax_key": keys.tax_id, "company_key": keys.company}

"""What tests of mutations share: documents, what was refused, and what the database holds."""

from collections.abc import Iterable, Mapping
from typing import Any

from models import User
from models.connection import pool
from tests.api.conftest import Client

ERRORS = """errors { __typename code message path
    ... on InvalidInput { problem limit }
    ... on NotEditable { status }
    ... on VersionConflict { currentVersion }
    ... on RateMissing { currency date }
    ... on TotalMismatch { given { amount currency } computed { amount currency } } }"""
ORDER = """order { id number version type status currency taxIncluded notes tags requiredBy customerName
    total { amount currency } netTotal { amount } taxTotal { amount } baseTotal { amount currency } discount { amount }
    owner { id } customer { id }
    lines { sku name quantity unitPrice taxRate
        discount { amount } net { amount } tax { amount } gross { amount } } }"""
CUSTOMER = """customer { id version name level valueClass industry email tags birthday owner { id } team { id }
    contacts { name email } addresses { kind street country } }"""
PRODUCT = "product { id version sku name description price { amount currency } taxRate active }"

ORDER_CREATE = f"mutation($input: OrderCreateInput!) {{ orderCreate(input: $input) {{ {ORDER} {ERRORS} }} }}"
ORDER_UPDATE = f"mutation($input: OrderUpdateInput!) {{ orderUpdate(input: $input) {{ {ORDER} {ERRORS} }} }}"
CUSTOMER_CREATE = (
    f"mutation($input: CustomerCreateInput!) {{ customerCreate(input: $input) {{ {CUSTOMER} {ERRORS} }} }}"
)
CUSTOMER_UPDATE = (
    f"mutation($input: CustomerUpdateInput!) {{ customerUpdate(input: $input) {{ {CUSTOMER} {ERRORS} }} }}"
)
PRODUCT_UPSERT = f"mutation($input: ProductUpsertInput!) {{ productUpsert(input: $input) {{ {PRODUCT} {ERRORS} }} }}"

_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
AND relname NOT LIKE 'tortoise_migrations%' AND relname NOT IN ('session', 'idempotency_key') ORDER BY relname
"""


async def payload(client: Client, document: str, given: Mapping[str, Any], *, as_: User) -> dict[str, Any]:
    """The payload of the document's only mutation."""
    [(_, answer)] = (await client.data(document, {"input": given}, as_=as_)).items()
    result: dict[str, Any] = answer
    return result


async def written(client: Client, document: str, given: Mapping[str, Any], *, as_: User) -> dict[str, Any]:
    """What the document's only mutation wrote."""
    answer = await payload(client, document, given, as_=as_)
    errors = answer.pop("errors")
    assert not errors, errors
    [row] = answer.values()
    result: dict[str, Any] = row
    return result


async def refused(client: Client, document: str, given: Mapping[str, Any], *, as_: User) -> list[dict[str, Any]]:
    """Why the document's only mutation was refused. It left nothing behind."""
    before = await everything()
    answer = await payload(client, document, given, as_=as_)
    assert await everything() == before
    errors: list[dict[str, Any]] = answer.pop("errors")
    assert errors
    assert set(answer.values()) == {None}
    return errors


def told(errors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Path, and problem or code, of each error."""
    return [(".".join(error["path"]), error.get("problem", error["code"])) for error in errors]


async def everything() -> dict[str, tuple[Any, ...]]:
    """How many rows each table has, and a digest of them; but for sessions and the keys of refused requests."""
    digest = "SELECT '{0}' AS name, count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {0} t"
    tables = [row["relname"] for row in await pool().fetch(_TABLES)]
    digests = await pool().fetch(" UNION ALL ".join(map(digest.format, tables)))
    return {name: (count, md5) for name, count, md5 in digests}

"""Making a product, or changing the one with that sku."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tortoise.exceptions import IntegrityError

from domain.custom_fields.kinds import CustomFieldEntity
from domain.errors import AlreadyExists, DomainError, InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.events import Aggregate, EventType
from domain.money import round_money
from domain.naming import camel
from domain.numbers import plain
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from domain.product_entry import ProductEntry, emptied_together, list_price_problems, product_problems
from domain.text import is_storable
from domain.unset import Unset, given
from models import Product
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import PRODUCT
from rows.viewer import Viewer
from services.clock import now
from services.custom_fields.values import CheckedValues, changed_values, new_values
from services.idempotency import Request, once
from services.outbox import append
from services.references import violates
from services.transaction import retrying, savepoint, transaction

_TAKEN = AlreadyExists(path=(*INPUT, "sku"))


@retrying
async def upsert_product(
    *, viewer: Viewer, product: ProductEntry, expected_version: int | None, idempotency_key: str | None = None
) -> int:
    """Make the product with this sku if `expected_version` is None, else change it if it still has that version.

    Gives its id. Its version grows by one, or not at all when nothing really changes. Raises Refused with NotPermitted,
    InvalidInput, NotFound (there is none to change), AlreadyExists (there is one, where none was expected),
    VersionConflict or IdempotencyKeyReused.
    """
    asked = {"expectedVersion": expected_version, "product": product}
    request = Request(principal=viewer.user_id, mutation="productUpsert", key=idempotency_key, asked=asked)
    async with transaction() as client:
        outcome = await once(
            client, request, lambda: _upsert(client, viewer, emptied_together(product), expected_version)
        )
    return outcome.settle()


async def _upsert(
    client: TransactionClient, viewer: Viewer, product: ProductEntry, expected_version: int | None
) -> int:
    if not may(viewer, Action.KEEP_PRODUCTS):
        raise Refused(NotPermitted())
    found = await _lock(client, viewer, product.sku)
    if found and expected_version is None:
        raise Refused(_TAKEN)
    if found and found.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=found.version))
    custom = await _custom_fields(client, viewer, product, found)
    problems = [
        *_problems(product, found),
        *(_absence(product, expected_version) if found is None else ()),
        *custom.problems,
    ]
    if problems:
        raise Refused(*problems)
    if found:
        return await _change(client, viewer, found, _columns(product, found, custom))
    return await _make(client, viewer, product.sku, _columns(product, None, custom))


async def _custom_fields(
    client: TransactionClient, viewer: Viewer, product: ProductEntry, found: Product | None
) -> CheckedValues:
    entity, entries = CustomFieldEntity.PRODUCT, given(product.custom_fields, ())
    if found is None:
        return await new_values(client, viewer, entity, entries)
    return await changed_values(client, viewer, entity, entries, before=found.custom_fields)


async def _lock(client: TransactionClient, viewer: Viewer, sku: str) -> Product | None:
    if not is_storable(sku):
        return None
    ids = await client.connection.fetch("SELECT id FROM product WHERE sku = $1", sku)
    seen = await visible_ids(client, PRODUCT, viewer, [row["id"] for row in ids], lock=True)
    return await Product.get(id=seen[0], using_db=client) if seen else None


def _problems(product: ProductEntry, found: Product | None) -> Iterator[DomainError]:
    yield from product_problems(product)
    price, currency = _list_price(product, found)
    yield from list_price_problems(price=price, currency=currency)


def _absence(product: ProductEntry, expected_version: int | None) -> Iterator[DomainError]:
    """What is wrong where there is no product with this sku: it should be there, or cannot be made."""
    if expected_version is not None:
        yield NotFound(path=(*INPUT, "sku"))
    elif isinstance(product.name, Unset):
        yield InvalidInput(path=(*INPUT, "name"), problem=Problem.MISSING)


async def _make(client: TransactionClient, viewer: Viewer, sku: str, columns: dict[str, Any]) -> int:
    row = Product(sku=sku, created_at=now(), last_seq=1, **columns)
    try:
        async with savepoint(client):
            await row.save(using_db=client)
    except IntegrityError as error:
        if not violates(error, "product_sku_once"):
            raise
        raise Refused(_TAKEN) from error
    product_id: int = row.id
    await _tell(client, EventType.PRODUCT_CREATED, product_id, before=None, facts={"version": 1, "by": viewer.user_id})
    return product_id


async def _change(client: TransactionClient, viewer: Viewer, found: Product, columns: dict[str, Any]) -> int:
    product_id: int = found.id
    changed = {name: value for name, value in columns.items() if getattr(found, name) != value}
    if "currency" in changed and "price" in columns:
        changed["price"] = columns["price"]  # the same number with other digits
    if not changed:
        return product_id
    version, seq = found.version + 1, found.last_seq + 1
    await (
        Product.filter(id=product_id)
        .using_db(client)
        .update(**changed, version=version, last_seq=seq, updated_at=now())
    )
    facts = {"version": version, "changed": [camel(name) for name in changed], "by": viewer.user_id}
    await _tell(client, EventType.PRODUCT_UPDATED, product_id, before=found, facts=facts)
    return product_id


def _list_price(product: ProductEntry, found: Product | None) -> tuple[Decimal | None, str | None]:
    """The price and its currency as they will be stored."""
    price, currency = (found.price, found.currency) if found else (None, None)
    return given(product.price, price), given(product.currency, currency)


def _columns(product: ProductEntry, found: Product | None, custom: CheckedValues) -> dict[str, Any]:
    """The columns that `product` sets, with their values: money with the digits of its currency."""
    columns = {name: getattr(product, name) for name in product.mentioned if name != "sku"}
    columns["custom_fields"] = dict(custom.after)
    if isinstance(product.tax_rate, Decimal):
        columns["tax_rate"] = plain(product.tax_rate)
    price, currency = _list_price(product, found)
    if price is not None and currency is not None:
        columns["price"] = round_money(price, currency)
    return columns


async def _tell(
    client: TransactionClient, event: EventType, product_id: int, *, before: Product | None, facts: dict[str, Any]
) -> None:
    await append(client, aggregate=Aggregate.PRODUCT, aggregate_id=product_id, type=event, before=before, payload=facts)

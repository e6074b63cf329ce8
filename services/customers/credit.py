"""Saying how much a customer may owe."""

from decimal import Decimal

from domain.audit import AuditAction
from domain.credit import credit_problems
from domain.errors import Refused
from domain.events import Aggregate, EventType
from domain.money import round_money
from domain.permissions import Action
from models import Customer
from models.connection import TransactionClient
from rows.entities import CUSTOMER
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.company import Company
from services.customers.locking import lock_customer_as
from services.idempotency import Request, once
from services.outbox import append
from services.transaction import retrying, transaction


@retrying
async def limit_credit(
    *,
    viewer: Viewer,
    company: Company,
    customer_id: int,
    expected_version: int,
    limit: Decimal | None,
    idempotency_key: str | None = None,
) -> int:
    """Let the customer owe `limit`, in the company's currency, None for no limit; its id.

    Its version grows by one, or not at all when nothing really changes. Orders that were handed in before are not
    looked at again. Raises Refused with NotFound, NotPermitted, VersionConflict, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": customer_id, "expectedVersion": expected_version, "creditLimit": limit}
    request = Request(principal=viewer.user_id, mutation="customerCreditLimitUpdate", key=idempotency_key, asked=asked)

    async def update() -> int:
        customer = await lock_customer_as(client, viewer, customer_id, expected_version, Action.LIMIT_CREDIT)
        if problems := tuple(credit_problems(limit, currency=company.currency)):
            raise Refused(*problems)
        exact = None if limit is None else round_money(limit, company.currency)
        if exact != customer.credit_limit:
            await _write(client, viewer, customer, exact)
        return customer_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _write(client: TransactionClient, viewer: Viewer, customer: Customer, limit: Decimal | None) -> None:
    version, seq = customer.version + 1, customer.last_seq + 1
    await (
        Customer.filter(id=customer.id)
        .using_db(client)
        .update(credit_limit=limit, version=version, last_seq=seq, updated_at=now())
    )
    await append(
        client,
        aggregate=Aggregate.CUSTOMER,
        aggregate_id=customer.id,
        type=EventType.CUSTOMER_UPDATED,
        before=customer,
        payload={"version": version, "changed": ["creditLimit"], "by": viewer.user_id},
    )
    facts = {"from": _text(customer.credit_limit), "to": _text(limit)}
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.CREDIT_LIMIT_CHANGED,
        subject=(CUSTOMER, customer.id),
        facts=facts,
    )


def _text(limit: Decimal | None) -> str | None:
    return None if limit is None else format(limit, "f")

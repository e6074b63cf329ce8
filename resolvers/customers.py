"""Mutations of customers."""

import strawberry

from domain.customer_entry import CustomerChanges, NewCustomer
from resolvers.answers import Info, written
from rows.entities import CUSTOMER
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.customers import CustomerCreateInput, CustomerUpdateInput
from schema.payloads.customers import CustomerCreatePayload, CustomerUpdatePayload
from services.customers.create import create_customer
from services.customers.update import update_customer


@strawberry.type
class CustomerMutations:
    @mutation("Enter a customer. One that is somebody's customer or lead already is left to them.")
    async def customer_create(self, info: Info, input: CustomerCreateInput) -> CustomerCreatePayload | None:
        async def work() -> int:
            return await create_customer(
                viewer=info.context.viewer,
                company=info.context.company,
                customer=command(NewCustomer, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, CustomerCreatePayload, CUSTOMER, work)

    @mutation("Change a customer.")
    async def customer_update(self, info: Info, input: CustomerUpdateInput) -> CustomerUpdatePayload | None:
        async def work() -> int:
            return await update_customer(
                viewer=info.context.viewer,
                customer_id=row_id(CUSTOMER, input.id),
                expected_version=input.expected_version,
                changes=command(CustomerChanges, input),
                idempotency_key=input.idempotency_key,
            )

        return await written(info, CustomerUpdatePayload, CUSTOMER, work)

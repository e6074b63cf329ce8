"""The schema: types, root fields, scalars, put together and checked."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.reads import Query
from schema.scalars import SCALARS
from schema.types.customers import CustomerAddress, CustomerContact
from schema.types.orders import OrderLine, OrderStatusChange

schema = strawberry.Schema(
    query=Query,
    types=[OrderLine, OrderStatusChange, CustomerContact, CustomerAddress],
    config=StrawberryConfig(scalar_map=SCALARS),
)

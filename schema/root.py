"""The schema: types, root fields, scalars, put together."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.after_sales import AfterSalesMutations
from resolvers.api_tokens import ApiTokenMutations
from resolvers.assigning import AssignmentMutations
from resolvers.calendars import CalendarMutations
from resolvers.custom_fields import CustomFieldMutations
from resolvers.customers import CustomerMutations
from resolvers.exports import ExportMutations
from resolvers.jobs import JobMutations
from resolvers.lead_claims import LeadClaimMutations
from resolvers.lead_work import LeadWorkMutations
from resolvers.leads import LeadMutations
from resolvers.levels import LevelMutations
from resolvers.lists import ListMutations
from resolvers.order_steps import OrderStepMutations
from resolvers.orders import OrderMutations
from resolvers.organisation import OrganisationMutations
from resolvers.payments import PaymentMutations
from resolvers.personal_data import PersonalDataMutations
from resolvers.products import ProductMutations
from resolvers.reads import Query
from resolvers.record_imports import RecordImportMutations
from resolvers.reminders import ReminderMutations
from resolvers.segments import SegmentMutations
from resolvers.selling import SellingMutations
from resolvers.sessions import SessionMutations
from resolvers.shipments import ShipmentMutations
from resolvers.short_lines import ShortLineMutations
from resolvers.stock import StockMutations
from resolvers.subscriptions import Subscription
from resolvers.tiers import TierMutations
from resolvers.users import UserMutations
from schema.describe import object_type
from schema.errors import ERROR_TYPES
from schema.scalars import SCALARS
from schema.types.customers import CustomerAddress, CustomerContact, CustomerOwnerChange
from schema.types.leads import LeadAssignment, LeadFollowUp, LeadPoolMember, LeadShare
from schema.types.levels import CustomerLevelChange
from schema.types.orders import (
    OrderFinding,
    OrderLine,
    OrderOwnerChange,
    OrderStatusChange,
    OrderTierOverride,
    Shipment,
    ShipmentLine,
)


@object_type
class Mutation(
    SessionMutations,
    OrderMutations,
    OrderStepMutations,
    AssignmentMutations,
    ShortLineMutations,
    ShipmentMutations,
    CustomerMutations,
    LeadMutations,
    LeadClaimMutations,
    LeadWorkMutations,
    ProductMutations,
    SellingMutations,
    StockMutations,
    PaymentMutations,
    AfterSalesMutations,
    ApiTokenMutations,
    ListMutations,
    LevelMutations,
    JobMutations,
    ExportMutations,
    RecordImportMutations,
    OrganisationMutations,
    CustomFieldMutations,
    CalendarMutations,
    ReminderMutations,
    UserMutations,
    SegmentMutations,
    TierMutations,
    PersonalDataMutations,
):
    """Everything that can be done. What a user can cause comes back in the payload's `errors`, and nothing changes."""


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[
        OrderLine,
        OrderStatusChange,
        OrderOwnerChange,
        OrderTierOverride,
        OrderFinding,
        Shipment,
        ShipmentLine,
        CustomerContact,
        CustomerAddress,
        CustomerOwnerChange,
        CustomerLevelChange,
        LeadFollowUp,
        LeadAssignment,
        LeadShare,
        LeadPoolMember,
        *ERROR_TYPES.values(),
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
)

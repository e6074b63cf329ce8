"""Enums of lists and fields that a company keeps itself."""

from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from domain.managed_lists import ReasonKind
from domain.segments import SegmentEntity
from domain.tiers import RuleSetState
from schema.describe import enum

enum(
    ReasonKind,
    {
        "DELAY": "Why an order is late.",
        "RETURN": "Why goods come back.",
        "LOSS": "Why a deal was lost.",
        "CANCELLATION": "Why an order was called off.",
        "COMPLAINT": "What a customer complains of.",
        "DISQUALIFICATION": "Why nothing comes of a lead.",
    },
)
enum(
    RuleSetState,
    {
        "DRAFT": "Being edited.",
        "PUBLISHED": "In force.",
        "RETIRED": "Was in force.",
    },
)
enum(SegmentEntity, {"ORDER": "Orders.", "CUSTOMER": "Customers."})
enum(
    CustomFieldEntity,
    {
        "CUSTOMER": "A field of customers.",
        "ORDER": "A field of orders.",
        "PRODUCT": "A field of products.",
        "LEAD": "A field of leads.",
    },
)
enum(
    CustomFieldType,
    {
        "TEXT": "A text of one line.",
        "NUMBER": "An exact number.",
        "MONEY": "An amount in the field's currency.",
        "DATE": "A day.",
        "YES_NO": "Yes or no.",
        "CHOICE": "One of the field's choices.",
        "PERSON": "A colleague.",
    },
)
enum(
    CustomFieldIndexState,
    {
        "NONE": "There is no index: lists cannot be sorted by the field, and filters read row by row.",
        "BUILDING": "The index is being built.",
        "READY": "Lists can be sorted by the field, and filters find its values.",
        "DROPPING": "The index is being dropped.",
    },
)

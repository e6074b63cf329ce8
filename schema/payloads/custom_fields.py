"""What mutations of custom fields answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.custom_fields import CustomField

_CUSTOM_FIELD = "The field as it is now; null if anything was refused."


@object_type
class CustomFieldCreatePayload:
    """The custom field that was defined."""

    custom_field: CustomField | None = text(_CUSTOM_FIELD)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomFieldUpdatePayload:
    """The custom field that was changed."""

    custom_field: CustomField | None = text(_CUSTOM_FIELD)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomFieldArchivePayload:
    """The custom field that is out of use."""

    custom_field: CustomField | None = text(_CUSTOM_FIELD)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomFieldRestorePayload:
    """The custom field that is in use again."""

    custom_field: CustomField | None = text(_CUSTOM_FIELD)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomFieldIndexPayload:
    """The custom field whose index is built or dropped; `indexJob` tells how far that is."""

    custom_field: CustomField | None = text(_CUSTOM_FIELD)
    errors: list[UserError] = text(ERRORS)

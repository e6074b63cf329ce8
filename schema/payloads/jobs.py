"""What mutations that start and stop jobs answer."""

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.jobs import Job

_JOB = "The job as it is now; null if anything was refused."


@object_type
class JobCancelPayload:
    """The job that stops."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class FileDeletePayload:
    """The file that was removed."""

    deleted_id: strawberry.ID | None = text("The global id that it had; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class OrderExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomerExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class ProductExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class LeadImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class CustomerImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class ProductImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)


@object_type
class ChannelPriceImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(ERRORS)

"""The runners of long jobs, one for each kind; `workers.context` says what a runner is."""

from domain.jobs import JobKind
from workers.context import JobRunner
from workers.jobs.custom_field_index import run_custom_field_index
from workers.jobs.export import run_export
from workers.jobs.order_import import run_order_import
from workers.jobs.personal_data_export import run_personal_data_export
from workers.jobs.personal_data_traces import run_personal_data_traces
from workers.jobs.record_import import run_record_import
from workers.jobs.tier_rules import run_tier_rules
from workers.jobs.working_time import run_working_time

RUNNERS: dict[JobKind, JobRunner] = {
    JobKind.ORDER_IMPORT: run_order_import,
    JobKind.CUSTOM_FIELD_INDEX: run_custom_field_index,
    JobKind.CUSTOMER_IMPORT: run_record_import(JobKind.CUSTOMER_IMPORT),
    JobKind.PRODUCT_IMPORT: run_record_import(JobKind.PRODUCT_IMPORT),
    JobKind.CHANNEL_PRICE_IMPORT: run_record_import(JobKind.CHANNEL_PRICE_IMPORT),
    JobKind.LEAD_IMPORT: run_record_import(JobKind.LEAD_IMPORT),
    JobKind.ORDER_EXPORT: run_export(JobKind.ORDER_EXPORT),
    JobKind.CUSTOMER_EXPORT: run_export(JobKind.CUSTOMER_EXPORT),
    JobKind.PRODUCT_EXPORT: run_export(JobKind.PRODUCT_EXPORT),
    JobKind.LEAD_EXPORT: run_export(JobKind.LEAD_EXPORT),
    JobKind.PERSONAL_DATA_EXPORT: run_personal_data_export,
    JobKind.PERSONAL_DATA_TRACES: run_personal_data_traces,
    JobKind.TIER_RULES: run_tier_rules,
    JobKind.WORKING_TIME: run_working_time,
}

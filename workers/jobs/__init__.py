"""The runners of long jobs, one for each kind; `workers.context` says what a runner is."""

from domain.jobs import JobKind
from workers.context import JobRunner
from workers.jobs.order_import import run_order_import

RUNNERS: dict[JobKind, JobRunner] = {JobKind.ORDER_IMPORT: run_order_import}

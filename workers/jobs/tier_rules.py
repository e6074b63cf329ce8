"""The job that classifies open orders by rules that were published."""

from domain.job_messages import JobMessageCode, said
from services.tiers.reclassify import reclassify_orders
from workers.context import JobContext, JobOutcome


async def run_tier_rules(context: JobContext, job_id: int) -> JobOutcome:  # noqa: ARG001  # the rules in force are meant
    """Classify what is open by the rules in force, be they newer ones by now."""
    done, moved = await reclassify_orders(progress=context.progress)
    return JobOutcome(message=said(JobMessageCode.ORDERS_CLASSIFIED, orders=done, moved=moved))

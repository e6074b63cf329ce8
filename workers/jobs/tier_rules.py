"""The job that classifies open orders: by rules that were published, or where a tree was changed."""

from domain.job_messages import JobMessageCode, said
from services.tiers.reclassify import Below, reclassify_orders
from workers.context import JobContext, JobOutcome


async def run_tier_rules(context: JobContext, job_id: int) -> JobOutcome:  # noqa: ARG001  # the rules in force are meant
    """Classify what is open, or what is below a node, by the rules in force, be they newer ones by now."""
    below = context.parameters.get("below")
    done, moved = await reclassify_orders(below and Below(**below), progress=context.progress)
    return JobOutcome(message=said(JobMessageCode.ORDERS_CLASSIFIED, orders=done, moved=moved))

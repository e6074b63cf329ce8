"""The job that builds or drops the index of a custom field."""

from domain.job_messages import JobMessageCode, said
from services.custom_fields.indexing import set_index
from workers.context import JobContext, JobOutcome


async def run_custom_field_index(context: JobContext, job_id: int) -> JobOutcome:
    """Build or drop, as the job's parameters say."""
    indexed: bool = context.parameters["indexed"]
    await set_index(job_id=job_id, field_id=context.parameters["field_id"], indexed=indexed, progress=context.progress)
    return JobOutcome(message=said(JobMessageCode.INDEX_BUILT if indexed else JobMessageCode.INDEX_DROPPED))

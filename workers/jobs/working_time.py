"""The job that keeps calendars, and makes open deadlines anew that are measured by them."""

from domain.job_messages import JobMessageCode, said
from services.calendars.deadlines import make_open_deadlines
from services.calendars.refresh import keep_calendars, unknown_place
from workers.context import JobContext, JobFailed, JobOutcome
from workers.public_holidays import library, look_up


async def run_working_time(context: JobContext, job_id: int) -> JobOutcome:  # noqa: ARG001  # all that is open is meant
    """Look up holidays that are not known yet, and make deadlines; where the calendar that was changed is of a place
    without holidays, this is told last.
    """
    await keep_calendars(library(), look_up)
    done, moved = await make_open_deadlines(context.progress)
    calendar_id: int | None = context.parameters.get("calendar_id")
    if calendar_id is not None and (place := await unknown_place(calendar_id)):
        raise JobFailed(said(JobMessageCode.HOLIDAYS_UNKNOWN, places=place))
    return JobOutcome(message=said(JobMessageCode.DEADLINES_MADE, deadlines=done, moved=moved))

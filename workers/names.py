"""The names by which the API, the command line and the workers speak of work in Redis."""

from enum import StrEnum


class JobName(StrEnum):
    """A function of the workers. A name that is out in Redis is kept until no process of its version runs."""

    RUN_JOB = "run_job"
    WAKE_FORGOTTEN_JOBS = "wake_forgotten_jobs"
    PURGE_IDEMPOTENCY_KEYS = "purge_idempotency_keys"
    PURGE_SESSIONS = "purge_sessions"
    DROP_OLD_EVENTS = "drop_old_events"
    PURGE_FILES = "purge_files"
    COMPLETE_ORDERS = "complete_orders"
    KEEP_CALENDARS = "keep_calendars"
    PURGE_REMINDERS = "purge_reminders"


class QueueName(StrEnum):
    """A queue of the workers: what takes minutes must not stand in the way of what takes milliseconds."""

    LONG = "sluice:long"
    SHORT = "sluice:short"


QUEUE_OF: dict[JobName, QueueName] = {
    JobName.RUN_JOB: QueueName.LONG,
    JobName.WAKE_FORGOTTEN_JOBS: QueueName.SHORT,
    JobName.PURGE_IDEMPOTENCY_KEYS: QueueName.SHORT,
    JobName.PURGE_SESSIONS: QueueName.SHORT,
    JobName.DROP_OLD_EVENTS: QueueName.SHORT,
    JobName.PURGE_FILES: QueueName.SHORT,
    JobName.COMPLETE_ORDERS: QueueName.SHORT,
    JobName.KEEP_CALENDARS: QueueName.SHORT,
    JobName.PURGE_REMINDERS: QueueName.SHORT,
}

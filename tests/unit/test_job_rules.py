"""The states of a job, and what becomes of one that falls silent."""

from domain.jobs import DEADLINES, MAX_ATTEMPTS, TRANSITIONS, JobKind, JobState, after_silence, states_before

FINAL = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


def test_every_state_says_what_may_follow_and_nothing_follows_a_final_one() -> None:
    assert set(TRANSITIONS) == set(JobState)
    assert {state for state, following in TRANSITIONS.items() if not following} == FINAL


def test_only_a_queued_job_can_be_begun() -> None:
    assert states_before(JobState.RUNNING) == {JobState.QUEUED}


def test_only_a_running_job_succeeds() -> None:
    assert states_before(JobState.SUCCEEDED) == {JobState.RUNNING}


def test_a_job_whose_worker_is_gone_is_queued_until_it_was_begun_too_often() -> None:
    assert after_silence(JobState.RUNNING, MAX_ATTEMPTS - 1, cancel_asked=False) is JobState.QUEUED
    assert after_silence(JobState.RUNNING, MAX_ATTEMPTS, cancel_asked=False) is JobState.FAILED


def test_a_job_that_waits_is_never_given_up() -> None:
    assert after_silence(JobState.QUEUED, MAX_ATTEMPTS, cancel_asked=False) is JobState.QUEUED


def test_a_job_that_was_to_stop_ends_with_its_worker() -> None:
    assert after_silence(JobState.RUNNING, 1, cancel_asked=True) is JobState.CANCELLED


def test_every_kind_of_job_has_a_deadline() -> None:
    assert set(DEADLINES) == set(JobKind)

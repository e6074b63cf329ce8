"""The states of a job, and what becomes of one that falls silent."""

import json
from string import Formatter

from hypothesis import given
from hypothesis.strategies import text

from domain.job_messages import JOB_MESSAGES, JobMessage, JobMessageCode, job_text, said
from domain.jobs import DEADLINES, MAX_ATTEMPTS, OWED, TRANSITIONS, JobKind, JobState, after_silence, states_before
from domain.problems import Problem
from domain.row_problems import LONGEST_QUOTE, ROW_FAULTS, RowFault, RowProblem, row_text, shown, stored

FINAL = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


def test_every_state_says_what_may_follow_and_nothing_follows_a_final_one() -> None:
    assert set(TRANSITIONS) == set(JobState)
    assert {state for state, following in TRANSITIONS.items() if not following} == FINAL


def test_only_a_queued_job_can_be_begun() -> None:
    assert states_before(JobState.RUNNING) == {JobState.QUEUED}


def test_only_a_running_job_succeeds() -> None:
    assert states_before(JobState.SUCCEEDED) == {JobState.RUNNING}


def test_a_job_whose_worker_is_gone_is_queued_until_it_was_begun_too_often() -> None:
    assert (
        after_silence(JobKind.ORDER_IMPORT, JobState.RUNNING, MAX_ATTEMPTS - 1, cancel_asked=False) is JobState.QUEUED
    )
    assert after_silence(JobKind.ORDER_IMPORT, JobState.RUNNING, MAX_ATTEMPTS, cancel_asked=False) is JobState.FAILED


def test_a_job_that_waits_is_never_given_up() -> None:
    assert after_silence(JobKind.ORDER_IMPORT, JobState.QUEUED, MAX_ATTEMPTS, cancel_asked=False) is JobState.QUEUED


def test_a_job_that_was_to_stop_ends_with_its_worker() -> None:
    assert after_silence(JobKind.ORDER_IMPORT, JobState.RUNNING, 1, cancel_asked=True) is JobState.CANCELLED


def test_a_job_that_is_owed_to_somebody_goes_on_until_it_is_done() -> None:
    for kind in OWED:
        for state in (JobState.QUEUED, JobState.RUNNING):
            assert after_silence(kind, state, MAX_ATTEMPTS + 1, cancel_asked=True) is JobState.QUEUED


def test_every_kind_of_job_has_a_deadline_but_for_those_owed_to_somebody() -> None:
    assert set(DEADLINES) == set(JobKind) - OWED


def facts_of(text: str) -> dict[str, int | str]:
    return {name: 1 for _, name, _, _ in Formatter().parse(text) if name}


def test_messages_are_told_in_both_languages_with_the_same_facts() -> None:
    assert set(JOB_MESSAGES) == set(JobMessageCode)
    for code, (english, chinese) in JOB_MESSAGES.items():
        assert facts_of(english) == facts_of(chinese), code
        told = [job_text(JobState.FAILED, JobMessage(code, facts_of(english)), language) for language in ("en", "zh")]
        assert told[0] != told[1]
    exported = said(JobMessageCode.ROWS_EXPORTED, rows=1234)
    assert job_text(JobState.SUCCEEDED, exported, "zh") == "已导出行数：1,234。"
    assert job_text(JobState.CANCELLED, exported, "en").startswith("Cancelled before its end;")
    stopped = said(JobMessageCode.STOPPED, done=2)
    assert job_text(JobState.CANCELLED, stopped, "en") == "Cancelled; 2 rows were done by then."


def test_every_problem_of_a_row_is_told_in_both_languages() -> None:
    assert set(ROW_FAULTS) == set(RowFault)
    assert not set(RowFault) & set(Problem), "a key means one thing"
    problems = [{"problem": "not_a_number", "column": "Qty", "cell": "x"}, {"problem": "overtaken", "limit": "7"}]
    assert row_text(problems, "en") == "Qty 'x' is not a number; line 7 says something newer of the same one"
    assert row_text(problems, "zh") == "Qty 'x' 不是数字；第 7 行对同一记录有更新的内容"


@given(text())
def test_a_cell_is_shown_so_that_every_database_and_terminal_takes_it(cell: str) -> None:
    assert shown(cell).isprintable()
    assert len(shown(cell)) <= (LONGEST_QUOTE + 1) * 10
    assert json.loads(stored([RowProblem("blank", "a", shown(cell))]))[0].get("cell", "") == shown(cell)

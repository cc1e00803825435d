"""Every error has a code of its own, says what it is, and has a status and an exit code."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

import rushes
from rushes.cli.exit_codes import CODES, Exit, exit_of, exit_of_code, worst
from rushes.domain import errors
from rushes.domain.errors import (
    DiskFullError,
    DownloadError,
    DownloadInterruptedError,
    IllegalSettingError,
    InvalidInputError,
    KeyMissingError,
    OutcomeUnknownError,
    ProviderError,
    RushesError,
    all_errors,
)
from rushes.domain.problem import Problem
from rushes.server.problems import STATUS, status_of

ERRORS = [kind for kind in all_errors() if kind.__module__.startswith("rushes.")]


def made(kind: type[RushesError]) -> RushesError:
    given = {"field": "name"} if issubclass(kind, InvalidInputError) else {}
    return kind("What was seen.", **given)


def test_no_two_errors_share_a_code():
    counted = Counter(kind.code for kind in ERRORS)
    assert [code for code, number in counted.items() if number > 1] == []


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
class TestEveryError:
    def test_its_code_is_in_snake_case(self, kind):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)

    def test_its_code_is_its_own_and_not_that_of_the_class_above(self, kind):
        assert "code" in vars(kind)

    def test_its_title_is_the_first_line_of_its_own_docstring_and_a_sentence(self, kind):
        assert kind.__doc__
        assert kind.title() == kind.__doc__.strip().splitlines()[0]
        assert re.fullmatch(r"[A-Z].*\.", kind.title())

    def test_it_says_what_can_be_done(self, kind):
        assert re.fullmatch(r"[A-Z].*\S", kind.remedy)

    def test_its_name_ends_in_error(self, kind):
        assert kind.__name__.endswith("Error")

    def test_it_makes_a_problem_of_what_it_was_told(self, kind):
        problem = made(kind).problem
        assert (problem.code, problem.title) == (kind.code, kind.title())
        assert (problem.detail, problem.retryable) == ("What was seen.", kind.retryable)

    def test_it_has_a_status_of_a_failure(self, kind):
        assert status_of(kind) >= HTTPStatus.BAD_REQUEST

    def test_it_has_an_exit_code_of_a_failure(self, kind):
        assert exit_of(kind) is not Exit.DONE
        assert exit_of_code(kind.code) is exit_of(kind)


def test_every_error_of_the_domain_is_below_the_root():
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    raised = {kind for kind in classes if issubclass(kind, Exception)}
    assert raised == {kind for kind in ERRORS if kind.__module__ == errors.__name__}


def test_every_error_is_raised_somewhere_or_stands_above_others():
    """An error that nothing raises is a promise that nothing keeps."""
    used: set[str] = set()
    for path in Path(rushes.__file__).parent.rglob("*.py"):
        if path.name not in {"errors.py", "problems.py", "exit_codes.py"}:
            tree = ast.walk(ast.parse(path.read_text()))
            used |= {node.id for node in tree if isinstance(node, ast.Name)}
    unused = {
        kind.__name__ for kind in ERRORS if not kind.__subclasses__() and kind.__name__ not in used
    }
    assert unused <= NOT_YET_RAISED


NOT_YET_RAISED = {"ChecksumMismatchError"}
"""Known and waited for: remove a name here once its error is raised."""


@pytest.mark.parametrize("table", [STATUS, CODES], ids=["statuses", "exit codes"])
def test_the_tables_at_the_edges_know_the_root_and_nothing_outside_the_tree(table):
    assert RushesError in table
    assert set(table) <= set(ERRORS)


def test_an_unknown_code_is_a_plain_failure():
    assert exit_of_code("made_by_a_newer_studio") is Exit.FAILED


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (IllegalSettingError, Exit.WRONG_USE),
        (KeyMissingError, Exit.REFUSED),
        (OutcomeUnknownError, Exit.UNCONFIRMED),
        (DownloadInterruptedError, Exit.NOT_SAVED),
        (DiskFullError, Exit.FAILED),
    ],
)
def test_the_nearest_class_above_decides_the_exit_code(kind, code):
    assert exit_of(kind) is code


def test_of_several_outcomes_the_one_that_needs_a_person_most_is_told():
    assert worst([Exit.DONE, Exit.REFUSED, Exit.UNCONFIRMED, Exit.NOT_SAVED]) is Exit.UNCONFIRMED
    assert worst([Exit.DONE, Exit.NOT_SAVED, Exit.REFUSED]) is Exit.NOT_SAVED
    assert worst([]) is Exit.DONE


def test_wrong_use_of_the_interface_names_its_field():
    error = IllegalSettingError("It is 7.", field="settings.duration", allowed=[6, 8])
    assert error.problem.facts == {"field": "settings.duration", "allowed": [6, 8]}


def test_an_error_reads_as_its_title_and_what_was_seen():
    assert str(DiskFullError("3 MB are free.")) == (
        "The disk that holds the library is full: 3 MB are free."
    )


def test_an_error_without_detail_reads_as_its_title():
    assert str(DiskFullError()) == "The disk that holds the library is full"


def test_the_remedy_of_one_occurrence_replaces_the_usual_one_and_can_be_none():
    assert DiskFullError(remedy="Empty the trash.").problem.remedy == "Empty the trash."
    assert DiskFullError(remedy="").problem.remedy == ""


def test_an_error_of_the_provider_always_says_whether_it_may_have_been_charged():
    assert KeyMissingError().problem.facts == {"may_have_been_charged": False}
    assert OutcomeUnknownError().problem.facts == {"may_have_been_charged": True}
    told = ProviderError(may_have_been_charged=True).problem
    assert told.facts == {"may_have_been_charged": True}


def test_a_wish_of_the_sender_to_wait_is_kept_beside_the_problem():
    assert ProviderError(retry_after=timedelta(seconds=3)).retry_after == timedelta(seconds=3)
    assert DownloadError().retry_after is None


def test_the_facts_of_a_problem_without_any_cannot_be_changed():
    with pytest.raises(TypeError):
        Problem("a", "A.").facts["b"] = 1

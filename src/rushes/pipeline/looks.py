"""What the looks for a lost request have shown: it is kept in the failure that it waits with.

Only a list that could be read is a look, and counts as an attempt. What has kept the others from
being one is in the facts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rushes.domain.errors import OutcomeUnknownError, RushesError
from rushes.domain.problem import Failure, Problem

FAILED_LOOKS = "failed_looks"
"""How many there were so far."""
LOOK_ERROR = "look_error"
"""What was observed at the last look, when that one failed."""
LOOK_RETRYABLE = "look_retryable"
"""Whether waiting can help it."""
LOST_BY = "lost_by"
"""What was observed when the request was lost, before any look."""

NOT_SHOWN = "The provider's list of requests does not show it."
CHOICE = (
    "Look again, or look at your usage in the provider's dashboard and give it up. "
    "Generating again is a new order."
)
GOES_ON = "Rushes looks until the list can be read; the request is never sent again by itself."


def not_shown(failure: Failure, now: datetime, *, is_over: bool) -> Failure:
    """The list could be read, and does not show it."""
    facts = {
        name: fact
        for name, fact in failure.problem.facts.items()
        if name not in {LOOK_ERROR, LOOK_RETRYABLE}
    }
    problem = replace(
        failure.problem,
        detail=_lost_by(failure.problem),
        remedy=CHOICE if is_over else OutcomeUnknownError.remedy,
        facts=facts,
    )
    return Failure(problem, now, failure.attempts + 1)


def look_failed(failure: Failure, error: RushesError, now: datetime) -> Failure:
    """The list could not be read, or not asked."""
    observed = error.problem.detail or error.problem.title
    lost_by = _lost_by(failure.problem)
    facts = {
        **failure.problem.facts,
        LOST_BY: lost_by,
        FAILED_LOOKS: failed_looks(failure) + 1,
        LOOK_ERROR: observed,
        LOOK_RETRYABLE: error.retryable,
    }
    problem = replace(
        failure.problem,
        detail=f"{lost_by} {unread(observed)}".lstrip(),
        remedy=GOES_ON if error.retryable else f"{error.problem.remedy} {GOES_ON}",
        facts=facts,
    )
    return Failure(problem, now, failure.attempts)


def unread(observed: str) -> str:
    return f"It could not be looked up in the provider's list of requests: {observed}"


def failed_looks(failure: Failure) -> int:
    count = failure.problem.facts.get(FAILED_LOOKS, 0)
    return count if isinstance(count, int) else 0


def waits_for_the_list(failure: Failure) -> bool:
    """Whether the list was never read, and may yet be: until then there is nothing to decide.

    Where waiting does not help, as with a key that is refused, the decision is the person's.
    """
    return failure.attempts == 0 and failure.problem.facts.get(LOOK_RETRYABLE, True) is True


def given_up(failure: Failure) -> Problem:
    """The problem of a request that was not found and is not looked for any longer."""
    return replace(
        failure.problem,
        detail=" ".join(_what_the_looks_showed(failure)),
        remedy="Look at your usage in the provider's dashboard. Generating again is a new order.",
        retryable=False,
    )


def _what_the_looks_showed(failure: Failure) -> list[str]:
    said = []
    if failure.attempts:
        looks = "1 look" if failure.attempts == 1 else f"{failure.attempts} looks"
        said.append(f"The provider's list did not show it in {looks}.")
    observed = failure.problem.facts.get(LOOK_ERROR)
    if isinstance(observed, str):
        said.append(unread(observed))
    return said


def _lost_by(problem: Problem) -> str:
    kept = problem.facts.get(LOST_BY)
    return kept if isinstance(kept, str) else problem.detail

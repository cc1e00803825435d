"""Which of our errors an answer of fal is.

They are told apart by HTTP status and by fal's own machine words (``type``, ``error_type``), never
by the text for people. Two answers have no such word and are known by their text alone: a locked
account (403) and a result that was asked for too early (400 or 404).
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from rushes.domain.errors import (
    AccountLockedError,
    ContentRefusedError,
    EndpointUnknownError,
    GenerationFailedError,
    KeyRefusedError,
    OutcomeUnknownError,
    ProviderError,
    ProviderUnavailableError,
    RateLimitedError,
    RequestRejectedError,
    ResultGoneError,
)
from rushes.providers.fal.answers import CONTENT_REFUSED, Answer

FAILED_TYPES = frozenset(
    {
        "internal_server_error",
        "generation_timeout",
        "downstream_service_error",
        "downstream_service_unavailable",
        "no_media_generated",
    }
)
"""Words for "there is no clip, and not because of what was asked", whatever the status."""

GONE = frozenset({404, 410})

_UNAUTHORIZED = 401
_ACCOUNT = frozenset({402, 403})
_TIMED_OUT = 408
_TOO_MANY = 429
_NOT_ABOUT_THE_REQUEST = _ACCOUNT | {_UNAUTHORIZED, _TIMED_OUT, _TOO_MANY}
_CLIENT_CLOSED = 499

_SUBMIT_ERRORS: Mapping[int, type[ProviderError]] = {
    _UNAUTHORIZED: KeyRefusedError,
    404: EndpointUnknownError,
    410: EndpointUnknownError,
    _TOO_MANY: RateLimitedError,
}


def submit_error(answer: Answer) -> ProviderError:
    """What the answer to a submit means when it is no acceptance."""
    kind = _submit_error_kind(answer)
    if kind is not OutcomeUnknownError:
        return answer.error(kind)
    return answer.error(
        kind, f"The answer was {answer.status} and does not say whether it was accepted."
    )


def _submit_error_kind(answer: Answer) -> type[ProviderError]:
    status = answer.status
    if status in _SUBMIT_ERRORS:
        return _SUBMIT_ERRORS[status]
    if status in _ACCOUNT:
        return AccountLockedError if _is_locked(answer) else KeyRefusedError
    if httpx.codes.is_client_error(status) and status not in {_TIMED_OUT, _CLIENT_CLOSED}:
        return _rejection(answer)
    # A server's error in whatever words, a redirect, or a 2xx that names no request: what came
    # before it may have been accepted. It is looked up and never sent again.
    return OutcomeUnknownError


def question_error(answer: Answer) -> ProviderError:
    """What an answer means that does not say how the request stands: it is asked again later.

    A locked account is here the same as a wrong key: what was bought stays at fal, and is fetched
    once the account is in order. Only the remedy differs.
    """
    status = answer.status
    if status in _ACCOUNT and _is_locked(answer):
        return answer.error(KeyRefusedError, remedy=AccountLockedError.remedy)
    if status == _UNAUTHORIZED or status in _ACCOUNT:
        return answer.error(KeyRefusedError)
    if status == _TOO_MANY:
        return answer.error(RateLimitedError)
    return answer.error(ProviderUnavailableError)


def result_error(answer: Answer) -> ProviderError:
    """What the answer to "give me the result" means when it holds no clip.

    A failure without one of fal's words counts as a passing one: see ``is_undecided``.
    """
    if _is_too_early(answer):
        return answer.error(ProviderUnavailableError)
    if answer.status in GONE:
        # With units, even none, it is the model's own program that answers: it has no such path.
        gone = answer.billed_units is None
        return answer.error(ResultGoneError if gone else RequestRejectedError)
    if answer.error_type is not None and answer.status not in _NOT_ABOUT_THE_REQUEST:
        return final_error(answer)
    return question_error(answer)


def is_undecided(answer: Answer) -> bool:
    """Whether only the request's status can tell if this failure is the final answer.

    Without one of fal's words it may be the model's own failure, or a passing one of the queue.
    """
    return (
        answer.is_from_fal
        and answer.error_type is None
        and answer.status not in GONE | _NOT_ABOUT_THE_REQUEST
        and not _is_too_early(answer)
    )


def final_error(answer: Answer) -> ProviderError:
    """The failure that is the result of the request: there will be no clip."""
    if answer.status >= _CLIENT_CLOSED or answer.error_type in FAILED_TYPES:
        return answer.error(GenerationFailedError)
    return answer.error(_rejection(answer))


def _rejection(answer: Answer) -> type[ProviderError]:
    return ContentRefusedError if answer.error_type == CONTENT_REFUSED else RequestRejectedError


def _is_too_early(answer: Answer) -> bool:
    return not answer.is_good and "still in progress" in answer.said.lower()


def _is_locked(answer: Answer) -> bool:
    said = answer.said.lower()
    return answer.status == httpx.codes.PAYMENT_REQUIRED or "locked" in said or "balance" in said

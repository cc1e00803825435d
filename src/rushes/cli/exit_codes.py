"""Errors and outcomes to exit codes: the only such table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType

from rushes.domain import errors
from rushes.domain.errors import RushesError, all_errors


class Exit(IntEnum):
    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    NOT_SAVED = 3
    """Bought but not saved: listed, and saving can be tried again."""
    REFUSED = 4
    """The provider refused or failed."""
    UNCONFIRMED = 5
    """Nobody knows yet whether it was bought."""
    INTERRUPTED = 130
    """Interrupted; the next run goes on."""


CODES: Mapping[type[RushesError], Exit] = MappingProxyType(
    {
        errors.RushesError: Exit.FAILED,
        errors.InvalidInputError: Exit.WRONG_USE,
        errors.NotFoundError: Exit.WRONG_USE,
        errors.SettingsError: Exit.WRONG_USE,
        errors.ProviderError: Exit.REFUSED,
        errors.OutcomeUnknownError: Exit.UNCONFIRMED,
        errors.AnswerLostError: Exit.UNCONFIRMED,
        errors.DownloadError: Exit.NOT_SAVED,
    }
)
"""The nearest class above an error decides."""

WORST_FIRST = (Exit.UNCONFIRMED, Exit.NOT_SAVED, Exit.REFUSED, Exit.FAILED, Exit.DONE)


def exit_of(error: type[RushesError]) -> Exit:
    return next(CODES[kind] for kind in error.__mro__ if kind in CODES)


def exit_of_code(code: str) -> Exit:
    """The exit code for a problem's code, wherever it came from."""
    kinds = {kind.code: kind for kind in all_errors()}
    return exit_of(kinds.get(code, RushesError))


def worst(exits: Iterable[Exit]) -> Exit:
    found = set(exits)
    return next((code for code in WORST_FIRST if code in found), Exit.DONE)

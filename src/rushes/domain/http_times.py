"""The times in the headers of HTTP, from whoever wrote them: what is no time is none. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SECONDS = re.compile(r"\s*([0-9]+)\s*")
DIGITS = 9
"""So many can be written as a number without harm."""
LONGEST_WAIT = timedelta(days=1)
"""Asking again costs nothing, and one mistaken header must not keep a clip away for years."""


def moment_of(value: str | None) -> datetime | None:
    """The moment that a date names."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def wait_of(value: str | None, now: datetime) -> timedelta | None:
    """The wait that a Retry-After asks for, in seconds or until a date."""
    if value is not None and (seconds := SECONDS.fullmatch(value)):
        return min(_seconds(seconds[1]), LONGEST_WAIT)
    moment = moment_of(value)
    return None if moment is None else min(max(moment - now, timedelta(0)), LONGEST_WAIT)


def _seconds(written: str) -> timedelta:
    digits = written.lstrip("0")
    return timedelta(seconds=int(digits or 0)) if len(digits) <= DIGITS else LONGEST_WAIT

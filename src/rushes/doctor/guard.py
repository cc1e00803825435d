"""Runs a check so that whatever becomes of it is a finding: none may fail the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from rushes.doctor.finding import Finding, Status
from rushes.domain.errors import RushesError

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds for one check."""

Check: TypeAlias = Callable[[], Awaitable[Sequence[Finding]]]


async def guarded(name: str, check: Check, seconds: float = PATIENCE) -> list[Finding]:
    """What the check found; one finding about the check itself when it raises or takes too long."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return list(await check())
    except TimeoutError as error:
        if not limit.expired():
            return [_not_made(name, error)]
        message = f"It was not finished after {seconds:g} s."
        return [Finding(name, "check_unfinished", Status.UNKNOWN, message, "Look again later.")]
    except RushesError as error:
        problem = error.problem
        return [Finding(name, problem.code, Status.PROBLEM, str(problem), problem.remedy)]
    # The edge of the doctor: a fault of one check is told beside what the others found.
    except Exception as error:  # noqa: BLE001
        return [_not_made(name, error)]


def _not_made(name: str, error: Exception) -> Finding:
    log.error("the check %r failed", name, exc_info=error)
    message = f"It could not be made ({type(error).__name__}: {error})."
    return Finding(name, "check_failed", Status.UNKNOWN, message, "The log has the details.")

"""Whether a provider can be reached and takes the key, and whether its clock agrees with ours."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from rushes.doctor.finding import Finding, Status
from rushes.domain.clock import Clock
from rushes.domain.errors import KeyMissingError, ProviderError
from rushes.providers.provider import Greeting, Provider

PATIENCE = 15.0
"""Seconds that a provider gets."""
SLOW = 5.0
"""Seconds after which an answer is called slow."""
CLOCKS_AGREE = timedelta(minutes=1)
CLOCK_BREAKS_THINGS = timedelta(minutes=10)
"""Beyond this, certificates and signed addresses count as not valid yet, or no more."""


async def check_provider(
    provider: Provider, clock: Clock, patience: float = PATIENCE
) -> list[Finding]:
    """Asks for free, and never submits."""
    name = f"provider {provider.id}"
    before = time.monotonic()
    try:
        async with asyncio.timeout(patience):
            greeting = await provider.greet()
    except TimeoutError:
        message = f"No answer came within {patience:g} s."
        return [Finding(name, "provider_silent", Status.PROBLEM, message, NETWORK)]
    except KeyMissingError as error:
        # Not broken: everything free works without.
        problem = error.problem
        return [Finding(name, problem.code, Status.WARNING, str(problem), problem.remedy)]
    except ProviderError as error:
        problem = error.problem
        return [Finding(name, problem.code, Status.PROBLEM, str(problem), problem.remedy)]
    if greeting is None:
        message = "It works on this machine, without key and network."
        return [Finding(name, "provider_ready", Status.OK, message)]
    return [_answered(name, greeting, time.monotonic() - before), *_clocks(greeting, clock)]


NETWORK = "Look at the connection of this machine, and at the provider's status page."


def _answered(name: str, greeting: Greeting, seconds: float) -> Finding:
    message = f"{greeting.host} answered in {seconds:.1f} s and takes the key."
    if seconds > SLOW:
        return Finding(name, "provider_slow", Status.WARNING, message, NETWORK)
    return Finding(name, "provider_ready", Status.OK, message)


def _clocks(greeting: Greeting, clock: Clock) -> list[Finding]:
    if greeting.at is None:
        return []
    ahead = clock.now() - greeting.at
    apart = abs(ahead)
    if apart <= CLOCKS_AGREE:
        message = f"The clocks of this machine and of {greeting.host} agree."
        return [Finding("clock", "clock_right", Status.OK, message)]
    way = "ahead of" if ahead > timedelta(0) else "behind"
    message = f"The clock of this machine is {apart.total_seconds():,.0f} s {way} {greeting.host}."
    status = Status.PROBLEM if apart > CLOCK_BREAKS_THINGS else Status.WARNING
    return [Finding("clock", "clock_wrong", status, message, "Set this machine's clock.")]

"""Find a request whose answer was lost, in the provider's own list. Never sends anything again.

After ``Pace.settle_for`` a person decides: look once more, or give it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rushes.catalogue import generations, notices
from rushes.catalogue.catalogue import Transaction
from rushes.domain.errors import ConflictError, ProviderError, RushesError
from rushes.domain.generation import Failed, Generation, Step, Submitted, Ticket, Unconfirmed
from rushes.domain.problem import Failure
from rushes.pipeline.looks import (
    NOT_SHOWN,
    failed_looks,
    given_up,
    look_failed,
    not_shown,
    unread,
    waits_for_the_list,
)
from rushes.pipeline.submit import make_order
from rushes.pipeline.tools import Tools

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the provider's clock may be from ours."""


async def look_up(tools: Tools, generation: Generation, lost: Unconfirmed) -> float | None:
    """Look once. Adopts the request when found; otherwise says how long to wait.

    The first readable list after ``Pace.settle_for`` that does not show it leaves it to the person:
    not found is no proof of absence. A list that cannot be read says nothing, so it looks on.
    """
    try:
        tickets = await _search(tools, generation, lost.since)
    except RushesError as error:
        return await _note_failed_look(tools, generation, lost, error)
    for ticket in tickets:
        if await _adopt(tools, generation, ticket):
            await tools.journal.note_accepted(generation.id, ticket, tools.clock.now())
            return tools.pace.poll.least
    return await _note_not_shown(tools, generation, lost)


async def _search(tools: Tools, generation: Generation, since: datetime) -> list[Ticket]:
    provider = tools.provider_of(generation)
    window = timedelta(seconds=provider.submit_window_seconds)
    order = await make_order(tools, generation)
    return await provider.find_lost(order, since - CLOCKS_DIFFER, since + window + CLOCKS_DIFFER)


async def _adopt(tools: Tools, generation: Generation, ticket: Ticket) -> bool:
    """Take a found request, unless another generation holds it already, or may be about to."""
    step = tools.step("found", f"request {ticket.request_id}")

    def write(transaction: Transaction) -> bool:
        if generations.is_claimed(transaction.connection, ticket.request_id):
            return False
        if generations.is_twin_being_sent(transaction.connection, generation):
            return False
        generations.move(transaction, generation.id, Submitted(ticket), now=step.at, step=step)
        return True

    return await tools.catalogue.write(write)


async def _note_not_shown(tools: Tools, generation: Generation, lost: Unconfirmed) -> float | None:
    now = tools.clock.now()
    is_over = now > looked_until(tools, lost)
    failure = not_shown(lost.failure, now, is_over=is_over)
    step = tools.step("not found") if failure.attempts == 1 else None
    await _note(tools, generation, Unconfirmed(lost.since, failure), step, NOT_SHOWN)
    return None if is_over else _pause(tools, failure)


async def _note_failed_look(
    tools: Tools, generation: Generation, lost: Unconfirmed, error: RushesError
) -> float:
    failure = look_failed(lost.failure, error, tools.clock.now())
    observed = error.problem.detail or error.problem.title
    step = tools.step("not looked up", observed) if failed_looks(failure) == 1 else None
    await _note(tools, generation, Unconfirmed(lost.since, failure), step, unread(observed))
    named = error.retry_after if isinstance(error, ProviderError) else None
    return max(_pause(tools, failure), named.total_seconds() if named else 0)


async def _note(
    tools: Tools, generation: Generation, state: Unconfirmed, step: Step | None, observed: str
) -> None:
    """Keep what a look has shown; once it has been looked for long enough, tell the person."""
    now = state.failure.at

    def write(transaction: Transaction) -> None:
        generations.move(transaction, generation.id, state, now=now, step=step)
        if now > looked_until(tools, state):
            notices.about_looking(transaction, generation, observed, now)

    await tools.catalogue.write(write)


def _pause(tools: Tools, failure: Failure) -> float:
    return tools.pace.settle.wait(failure.attempts + failed_looks(failure))


def looked_until(tools: Tools, lost: Unconfirmed) -> datetime:
    """From when on a person may choose to give it up."""
    return lost.since + timedelta(seconds=tools.pace.settle_for)


async def give_up(tools: Tools, generation_id: str) -> None:
    """The person chooses not to look any longer. Sends nothing; it may have been bought.

    Raises:
        ConflictError: it is not unconfirmed, it has not been looked for long enough, or the
            provider's list could never be read, and may yet be.
    """
    step = tools.step("given up")

    def write(transaction: Transaction) -> None:
        state = generations.get(transaction.connection, generation_id).state
        if not isinstance(state, Unconfirmed):
            raise ConflictError(
                f"It is {state.name}: there is nothing to give up.", state=state.name
            )
        until = looked_until(tools, state)
        if step.at <= until:
            raise ConflictError(
                f"It is looked for until {until:%H:%M} UTC: the provider's list may be late.",
                remedy="Wait until then. Looking costs nothing.",
                state=state.name,
                until=until.isoformat(),
            )
        if waits_for_the_list(state.failure):
            raise ConflictError(
                f"It has not been looked up yet. {state.failure.problem.detail}",
                remedy="Look again once the list can be read. Looking costs nothing.",
                state=state.name,
            )
        failed = Failed(given_up(state.failure))
        generations.move(transaction, generation_id, failed, now=step.at, step=step)

    await tools.catalogue.write(write)

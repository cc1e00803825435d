"""Find a request whose answer was lost, in the provider's own list. Never sends anything again.

After ``Pace.settle_for`` a person decides: look once more, or give it up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rushes.catalogue import generations, notices
from rushes.catalogue.catalogue import Transaction
from rushes.domain.errors import ConflictError, RushesError
from rushes.domain.generation import Failed, Generation, Submitted, Ticket, Unconfirmed
from rushes.domain.problem import Failure, Problem
from rushes.pipeline.submit import make_order
from rushes.pipeline.tools import Tools

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the provider's clock may be from ours."""
CHOICE = (
    "Look again, or look at your usage in the provider's dashboard and give it up. "
    "Generating again is a new order."
)


async def look_up(tools: Tools, generation: Generation, lost: Unconfirmed) -> float | None:
    """Look once. Adopts the request when found; otherwise says how long to wait.

    After ``Pace.settle_for`` it waits for the person: not found is no proof of absence.
    """
    try:
        tickets = await _search(tools, generation, lost.since)
    except RushesError as error:
        return await _look_again(tools, generation, lost, error.problem.detail)
    for ticket in tickets:
        if await _adopt(tools, generation, ticket):
            return tools.pace.poll.least
    return await _look_again(tools, generation, lost, "")


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


async def _look_again(
    tools: Tools, generation: Generation, lost: Unconfirmed, observed: str
) -> float | None:
    now = tools.clock.now()
    attempts = lost.failure.attempts + 1
    is_over = now > looked_until(tools, lost)
    problem = lost.failure.problem
    failure = Failure(replace(problem, remedy=CHOICE) if is_over else problem, now, attempts)
    step = tools.step("not found", observed)
    is_first = attempts == 1

    def write(transaction: Transaction) -> None:
        generations.move(
            transaction,
            generation.id,
            Unconfirmed(lost.since, failure),
            now=now,
            step=step if is_first else None,
        )

        if is_over:
            notices.about_looking(transaction, generation, now)

    await tools.catalogue.write(write)
    return None if is_over else tools.pace.settle.wait(attempts)


def looked_until(tools: Tools, lost: Unconfirmed) -> datetime:
    """From when on a person may choose to give it up."""
    return lost.since + timedelta(seconds=tools.pace.settle_for)


async def give_up(tools: Tools, generation_id: str) -> None:
    """The person chooses not to look any longer. Sends nothing; it may have been bought.

    Raises:
        ConflictError: it is not unconfirmed, or it has not been looked for long enough.
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
        failed = Failed(given_up(state.failure))
        generations.move(transaction, generation_id, failed, now=step.at, step=step)

    await tools.catalogue.write(write)


def given_up(failure: Failure) -> Problem:
    """The problem of a request that was not found and is not looked for any longer."""
    return replace(
        failure.problem,
        detail=f"The provider's list did not show it in {failure.attempts} looks.",
        remedy="Look at your usage in the provider's dashboard. Generating again is a new order.",
        retryable=False,
    )

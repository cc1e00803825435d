"""Find a request whose answer was lost, in the provider's own list. Never sends anything again."""

from __future__ import annotations

from datetime import datetime, timedelta

from rushes.catalogue import generations
from rushes.catalogue.catalogue import Transaction
from rushes.domain.errors import RushesError
from rushes.domain.generation import Generation, Submitted, Ticket, Unconfirmed
from rushes.domain.problem import Failure
from rushes.pipeline.submit import make_order
from rushes.pipeline.tools import Tools

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the provider's clock may be from ours."""


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
    """Take a found request, unless another generation holds it already."""
    step = tools.step("found", f"request {ticket.request_id}")

    def write(transaction: Transaction) -> bool:
        if generations.is_claimed(transaction.connection, ticket.request_id):
            return False
        generations.move(transaction, generation.id, Submitted(ticket), now=step.at, step=step)
        return True

    return await tools.catalogue.write(write)


async def _look_again(
    tools: Tools, generation: Generation, lost: Unconfirmed, observed: str
) -> float | None:
    now = tools.clock.now()
    attempts = lost.failure.attempts + 1
    failure = Failure(lost.failure.problem, now, attempts)
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

    await tools.catalogue.write(write)
    if now - lost.since > timedelta(seconds=tools.pace.settle_for):
        return None
    return tools.pace.settle.wait(attempts)

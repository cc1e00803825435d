"""Wait for the provider: ask gently, say what it says, and fetch the result when there is one."""

from __future__ import annotations

from rushes.catalogue import generations
from rushes.domain.errors import (
    ContentRefusedError,
    GenerationFailedError,
    ProviderError,
    RequestRejectedError,
    ResultGoneError,
)
from rushes.domain.generation import (
    Cancelled,
    Failed,
    Generation,
    GenerationState,
    Queued,
    Running,
    Step,
    Ticket,
)
from rushes.pipeline.deliver import deliver
from rushes.pipeline.pace import no_sooner
from rushes.pipeline.tools import Tools
from rushes.providers.provider import Completed, InProgress, InQueue

FINAL = (GenerationFailedError, RequestRejectedError, ContentRefusedError, ResultGoneError)
"""Answers after which there will be no clip. Everything else is asked again."""


async def poll(tools: Tools, generation: Generation, ticket: Ticket) -> float | None:
    """Ask once how it stands. Returns how long to wait before asking again."""
    provider = tools.provider_of(generation)
    try:
        status = await provider.status(ticket)
        if isinstance(status, Completed):
            return await deliver(tools, generation, ticket, await provider.result(ticket))
    except FINAL as error:
        await _end(tools, generation, ticket, error)
        return None
    except ProviderError as error:
        return await _note(tools, generation, error)
    await _show(tools, generation, status, ticket)
    return _pause(tools, generation)


async def _show(
    tools: Tools, generation: Generation, status: InQueue | InProgress, ticket: Ticket
) -> None:
    match status:
        case InQueue(position):
            await _move(tools, generation, Queued(ticket, position))
        case InProgress(progress):
            await _move(tools, generation, Running(ticket, progress))


async def _move(tools: Tools, generation: Generation, state: GenerationState) -> None:
    if state == generation.state:
        return
    is_new = state.name != generation.state.name
    step = tools.step(state.name) if is_new else None
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, state, now=tools.clock.now(), step=step
        )
    )


async def _end(tools: Tools, generation: Generation, ticket: Ticket, error: ProviderError) -> None:
    was_cancelled = error.problem.facts.get("error_type") == "client_cancelled"
    step = tools.step("cancelled" if was_cancelled else "failed", str(error.problem))
    state = Cancelled(ticket) if was_cancelled else Failed(error.problem, ticket)
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, state, now=step.at, step=step
        )
    )


async def _note(tools: Tools, generation: Generation, error: ProviderError) -> float:
    """Write down why no answer came, once while it stays the same, and ask again."""
    step = tools.step("waiting", str(error.problem))
    if not _is_last(generation, step):
        await tools.catalogue.write(
            lambda transaction: generations.add_step(transaction, generation.id, step)
        )
    return no_sooner(_pause(tools, generation), error.retry_after)


def _is_last(generation: Generation, step: Step) -> bool:
    last = generation.steps[-1]
    return (last.name, last.detail) == (step.name, step.detail)


def _pause(tools: Tools, generation: Generation) -> float:
    return tools.pace.poll.wait(tools.clock.now() - generation.steps[-1].at)

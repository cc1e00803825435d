"""Wait for the provider: ask gently, say what it says, and fetch the result when there is one.

That it does not know a request which it had taken is believed only when it has said so often: what
is paid is not given up for one wrong answer. Even then a person may have it asked once more.
"""

from __future__ import annotations

from dataclasses import replace

from rushes.catalogue import generations
from rushes.catalogue.catalogue import Transaction
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
    Submitted,
    Ticket,
    Waiting,
)
from rushes.domain.problem import Failure
from rushes.pipeline.deliver import deliver
from rushes.pipeline.pace import no_sooner
from rushes.pipeline.tools import Tools
from rushes.providers.provider import Completed, InProgress, InQueue, Provider

FINAL = (GenerationFailedError, RequestRejectedError, ContentRefusedError)
"""Answers after which there will be no clip. Everything else is asked again."""
LOOK_AGAIN = (
    "`rushes settle {id}` asks the provider once more, and costs nothing. "
    "Generating again is a new order."
)


async def poll(tools: Tools, generation: Generation, waiting: Waiting) -> float | None:
    """Ask once how it stands. Returns how long to wait before asking again."""
    provider, ticket = tools.provider_of(generation), waiting.ticket
    try:
        status = await provider.status(ticket)
        if isinstance(status, Completed):
            return await deliver(tools, generation, ticket, await provider.result(ticket))
    except ResultGoneError as error:
        return await _doubt(tools, generation, waiting, error)
    except FINAL as error:
        await _end(tools, generation, ticket, error)
        return None
    except ProviderError as error:
        await _note(tools, generation, error)
        return no_sooner(_pause(tools, generation), error.retry_after)
    await _show(tools, generation, status, ticket)
    return _pause(tools, generation)


async def look_again(tools: Tools, generation: Generation, failed: Failed) -> bool:
    """Ask once more for a request that the provider did not know. True: it does, and goes on.

    Sends nothing, whatever the answer is.

    Raises:
        ProviderError: it does not answer that question now.
    """
    ticket = failed.ticket
    assert ticket is not None, "only what was taken can be known"
    if not await _knows(tools.provider_of(generation), ticket):
        return False
    step = tools.step("found", f"request {ticket.request_id}")

    def write(transaction: Transaction) -> None:
        if generations.get(transaction.connection, generation.id).state == failed:
            generations.move(transaction, generation.id, Submitted(ticket), now=step.at, step=step)

    await tools.catalogue.write(write)
    return True


async def _knows(provider: Provider, ticket: Ticket) -> bool:
    try:
        if isinstance(await provider.status(ticket), Completed):
            await provider.result(ticket)
    except ResultGoneError:
        return False
    except FINAL:
        # A refusal is an answer, too: asked for again, it is written down.
        return True
    return True


async def _doubt(
    tools: Tools, generation: Generation, waiting: Waiting, error: ResultGoneError
) -> float | None:
    """The provider does not know the request: ask again, until it has said so often enough."""
    now = tools.clock.now()
    attempts = 1 if waiting.doubt is None else waiting.doubt.attempts + 1
    if attempts >= tools.pace.gone_attempts:
        problem = replace(error.problem, remedy=LOOK_AGAIN.format(id=generation.id))
        await _fail(tools, generation, Failed(problem, waiting.ticket))
        return None
    doubtful = replace(waiting, doubt=Failure(error.problem, now, attempts))
    step = tools.step("waiting", str(error.problem))
    new = None if _is_last(generation, step) else step
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, doubtful, now=now, step=new
        )
    )
    return no_sooner(tools.pace.gone.wait(attempts - 1), error.retry_after)


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
    if error.problem.facts.get("error_type") != "client_cancelled":
        await _fail(tools, generation, Failed(error.problem, ticket))
        return
    step = tools.step("cancelled", str(error.problem))
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, Cancelled(ticket), now=step.at, step=step
        )
    )


async def _fail(tools: Tools, generation: Generation, state: Failed) -> None:
    step = tools.step("failed", str(state.problem))
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, state, now=step.at, step=step
        )
    )


async def _note(tools: Tools, generation: Generation, error: ProviderError) -> None:
    """Write down why no answer came, once while it stays the same."""
    step = tools.step("waiting", str(error.problem))
    if not _is_last(generation, step):
        await tools.catalogue.write(
            lambda transaction: generations.add_step(transaction, generation.id, step)
        )


def _is_last(generation: Generation, step: Step) -> bool:
    last = generation.steps[-1]
    return (last.name, last.detail) == (step.name, step.detail)


def _pause(tools: Tools, generation: Generation) -> float:
    return tools.pace.poll.wait(tools.clock.now() - generation.steps[-1].at)

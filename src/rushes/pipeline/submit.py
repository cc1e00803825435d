"""The paid step. The intent is on disk before the one POST, and the provider's id right after it.

Whatever happens in between, a request is sent at most once: a lost answer becomes ``unconfirmed``
and is looked up, and only what certainly was not bought goes back to ``planned``.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.errors import (
    ImageInputError,
    OutcomeUnknownError,
    ProviderError,
    ProviderUnavailableError,
    ProviderUnreachableError,
    RateLimitedError,
    RushesError,
)
from rushes.domain.generation import (
    Failed,
    Generation,
    Planned,
    Submitted,
    Submitting,
    Ticket,
    Unconfirmed,
)
from rushes.domain.ids import AssetId
from rushes.domain.media_reference import SavedMedia
from rushes.domain.problem import Failure
from rushes.pipeline.deliver import deliver
from rushes.pipeline.pace import no_sooner
from rushes.pipeline.tools import Tools
from rushes.providers.provider import Accepted, DeliveredAtOnce, InputImage, Order, Submission

NOT_BOUGHT = (ProviderUnreachableError, RateLimitedError, ProviderUnavailableError)
"""Answers after which it may be sent: nothing left this machine, or it was turned away."""


async def submit(tools: Tools, generation: Generation) -> float | None:
    """Send a planned generation. Returns how long to wait before its next step."""
    try:
        order = await make_order(tools, generation)
        tools.provider_of(generation).check_ready()
    except ProviderError as error:
        return await _stay_planned(tools, generation, error)
    except RushesError as error:
        await _fail(tools, generation, error)
        return None
    intent = tools.clock.now()
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, Submitting(intent), now=intent
        )
    )
    await _journal_intent(tools, generation, intent)
    return await _send(tools, generation, order, intent)


async def _journal_intent(tools: Tools, generation: Generation, intent: datetime) -> None:
    """What can be paid is also written down outside the catalogue, before it is sent."""
    if tools.provider_of(generation).submit_window_seconds == 0:
        return
    project = await tools.catalogue.read(
        lambda connection: projects.get(connection, generation.project_id)
    )
    await tools.journal.note_asked(project, generation, intent)


async def resume_submitting(tools: Tools, generation: Generation, since: datetime) -> float | None:
    """Rushes ended inside the submit. Wait until it can no longer be under way, then decide."""
    window = tools.provider_of(generation).submit_window_seconds
    if window == 0:
        return await _stay_planned(tools, generation, None)
    latest = since + timedelta(seconds=window)
    remaining = (latest - tools.clock.now()).total_seconds()
    if remaining > 0:
        return remaining
    error = OutcomeUnknownError("Rushes ended while the request was being sent.")
    return await _become_unconfirmed(tools, generation, error, since)


async def make_order(tools: Tools, generation: Generation) -> Order:
    """The order of a generation: the same each time it is made.

    Raises:
        ImageInputError: an image of it is not in the library any more.
        StorageError: an image cannot be read.
    """
    request = generation.request
    return Order(
        key=generation.id,
        endpoint=generation.endpoint,
        task=request.task,
        prompt=request.prompt,
        settings=request.settings,
        image=await _read_image(tools, request.image, "image"),
        end_image=await _read_image(tools, request.end_image, "end_image"),
    )


async def _read_image(tools: Tools, asset_id: AssetId | None, field: str) -> InputImage | None:
    if asset_id is None:
        return None
    asset = await tools.catalogue.read(lambda connection: assets.get(connection, asset_id))
    if not isinstance(asset.media, SavedMedia) or asset.facts is None:
        raise ImageInputError(f"{asset.name!r} is {asset.media.state}.", field=field)
    try:
        data = await asyncio.to_thread(tools.store.local_path(asset.media.path).read_bytes)
    except OSError as error:
        raise ImageInputError(
            f"{asset.media.path} cannot be read: {error.strerror}.", field=field
        ) from error
    return InputImage(asset.facts.content_type, data)


async def _send(
    tools: Tools, generation: Generation, order: Order, intent: datetime
) -> float | None:
    try:
        submission = await tools.provider_of(generation).submit(order)
    except NOT_BOUGHT as error:
        await tools.journal.note_not_bought(generation.id, tools.clock.now())
        return await _stay_planned(tools, generation, error)
    except OutcomeUnknownError as error:
        return await _become_unconfirmed(tools, generation, error, intent)
    except RushesError as error:
        await _note_refused(tools, generation, error)
        await _fail(tools, generation, error)
        return None
    # Both at once: neither has to wait for a disk that the other one is waiting for.
    noted = tools.journal.note_accepted(generation.id, submission.ticket, tools.clock.now())
    _, pause = await asyncio.gather(noted, _accept(tools, generation, submission))
    return pause


async def _note_refused(tools: Tools, generation: Generation, error: RushesError) -> None:
    ticket, now = _named_in(error), tools.clock.now()
    if ticket is None:
        await tools.journal.note_not_bought(generation.id, now)
    else:
        await tools.journal.note_accepted(generation.id, ticket, now)


def _named_in(error: RushesError) -> Ticket | None:
    """A refusal in the very answer may name the request: it can be looked up with that."""
    request_id = error.problem.facts.get("request_id")
    return Ticket(request_id, {}) if isinstance(request_id, str) and request_id else None


async def _accept(tools: Tools, generation: Generation, submission: Submission) -> float | None:
    match submission:
        case Accepted(ticket):
            sent = tools.step("sent", f"request {ticket.request_id}")
            await tools.keep(
                lambda transaction: generations.move(
                    transaction, generation.id, Submitted(ticket), now=sent.at, step=sent
                )
            )
            return tools.pace.poll.least
        case DeliveredAtOnce(ticket, delivery):
            return await deliver(tools, generation, ticket, delivery)


async def _stay_planned(
    tools: Tools, generation: Generation, error: ProviderError | None
) -> float | None:
    now = tools.clock.now()
    earlier = generation.state.failure if isinstance(generation.state, Planned) else None
    attempts = 1 if earlier is None else earlier.attempts + 1
    failure = None if error is None else Failure(error.problem, now, attempts)
    await tools.catalogue.write(
        lambda transaction: generations.move(transaction, generation.id, Planned(failure), now=now)
    )
    if error is None:
        return 0
    return no_sooner(tools.pace.unreachable.wait(attempts - 1), error.retry_after)


async def _become_unconfirmed(
    tools: Tools, generation: Generation, error: OutcomeUnknownError, since: datetime
) -> float | None:
    now = tools.clock.now()
    step = tools.step("unconfirmed", error.problem.detail)

    def write(transaction: Transaction) -> None:
        state = Unconfirmed(since, Failure(error.problem, now, attempts=0))
        generations.move(transaction, generation.id, state, now=now, step=step)

    await tools.catalogue.write(write)
    return tools.pace.settle.wait(0)


async def _fail(tools: Tools, generation: Generation, error: RushesError) -> None:
    step = tools.step("failed", str(error.problem))
    state = Failed(error.problem, _named_in(error))
    await tools.catalogue.write(
        lambda transaction: generations.move(
            transaction, generation.id, state, now=step.at, step=step
        )
    )

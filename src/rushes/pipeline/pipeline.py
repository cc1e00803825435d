"""The way from a prompt to a saved clip, as the faces of Rushes use it."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager

from rushes.catalogue import generations, orders
from rushes.domain.errors import ConflictError
from rushes.domain.generation import (
    Cancelled,
    Failed,
    Generation,
    Planned,
    Queued,
    Running,
    Submitted,
    Submitting,
    Ticket,
    Unconfirmed,
)
from rushes.domain.ids import OrderId, ProjectId
from rushes.pipeline.driver import Driver
from rushes.pipeline.expiry import watch_expiry
from rushes.pipeline.letting_go import LettingGo
from rushes.pipeline.outcome import wait_until
from rushes.pipeline.plan import Ask, Checked, Placed, Refused, plan, quote
from rushes.pipeline.recovery import Recovery
from rushes.pipeline.settle import give_up
from rushes.pipeline.tools import Tools
from rushes.pipeline.turns import Turns
from rushes.pipeline.wait import look_again
from rushes.providers.provider import CancelOutcome


class Pipeline:
    """Only ``generate`` and ``generate_once`` may cost money."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._driver = Driver(tools)
        turns = Turns()
        self.recovery = Recovery(tools, self._driver, turns)
        """Attempts that a person asks for."""
        self.letting_go = LettingGo(tools, turns)
        self._expiry: asyncio.Task[None] | None = None

    def driven(self) -> frozenset[str]:
        """The generations that this process works on."""
        return self._driver.driven

    def halted(self, generation_id: str) -> AbstractAsyncContextManager[bool]:
        """Let no attempt to save its clip begin meanwhile. False when one is under way."""
        return self._driver.halted(generation_id)

    def quote(self, ask: Ask) -> list[Checked | Refused]:
        """What each model would cost, or why it would be refused. Changes nothing."""
        return quote(self._tools, ask)

    async def generate(self, project_id: ProjectId, ask: Ask) -> list[Generation]:
        """Write down the takes of each model and start them. See ``plan`` for its errors."""
        return list((await self.generate_once(project_id, ask)).generations)

    async def generate_once(self, project_id: ProjectId, ask: Ask) -> Placed:
        """The same, and whether this order had been placed before: then nothing is ordered."""
        placed = await plan(self._tools, project_id, ask)
        if not placed.is_repeat:
            self._driver.start(generation.id for generation in placed.generations)
        return placed

    async def find_order(self, order_id: str) -> list[Generation]:
        """What came of the order of this id.

        Raises:
            OrderNotFoundError: it has not arrived.
        """
        return await self._tools.catalogue.read(
            lambda connection: orders.get(connection, OrderId(order_id))
        )

    async def cancel(self, generation_id: str) -> CancelOutcome:
        """Ask to take a generation back. What is delivered stays, and is saved.

        Raises:
            ConflictError: it is being sent, or nobody knows yet whether it was bought.
        """
        generation = await self._get(generation_id)
        match generation.state:
            case Planned():
                await self._become_cancelled(generation, None)
                return CancelOutcome.CANCELLED
            case Submitting() | Unconfirmed():
                raise ConflictError(
                    f"It is {generation.state.name}: there is no request to take back yet.",
                    remedy="Wait until it is known whether the provider has it.",
                    state=generation.state.name,
                )
            case Submitted(ticket) | Queued(ticket) | Running(ticket):
                return await self._cancel_request(generation, ticket)
            case Cancelled():
                return CancelOutcome.CANCELLED
            case _:
                return CancelOutcome.TOO_LATE

    async def settle(self, generation_id: str) -> Generation:
        """Look at once whether the provider has an unconfirmed request, and wait for what comes of
        it; or whether it knows one after all that failed because it did not. Never costs.

        Raises:
            ProviderError: it does not answer whether it knows it after all.
        """
        before = await self._get(generation_id)
        if isinstance(before.state, Failed) and before.state.may_be_known:
            if await look_again(self._tools, before, before.state):
                await self._wake(generation_id)
            return await self._get(generation_id)
        if not isinstance(before.state, Unconfirmed):
            return before
        await self._wake(generation_id)

        async def is_over() -> bool:
            is_driven = generation_id in self._driver.driven
            return not is_driven or (await self._get(generation_id)).state != before.state

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._tools.pace.answer_within):
                await wait_until(self._tools, is_over)
        return await self._get(generation_id)

    async def give_up(self, generation_id: str) -> Generation:
        """Stop looking for an unconfirmed request. Sends nothing. See ``settle.give_up``."""
        await give_up(self._tools, generation_id)
        return await self._get(generation_id)

    async def resume(self) -> int:
        """Go on with everything unfinished. Returns how many there are."""
        await self.letting_go.take_back_cut_off()
        if self._expiry is None:
            self._expiry = asyncio.create_task(watch_expiry(self._tools, self.recovery))
        return await self._driver.resume()

    async def until_quiet(self) -> None:
        """Return once nothing is under way: all has ended, or waits for a person."""
        await self._driver.until_quiet()

    async def close(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            await asyncio.gather(self._expiry, return_exceptions=True)
        await self._driver.close()

    async def _get(self, generation_id: str) -> Generation:
        return await self._tools.catalogue.read(
            lambda connection: generations.get(connection, generation_id)
        )

    async def _wake(self, generation_id: str) -> None:
        generation = await self._get(generation_id)
        if not generation.is_ended:
            self._driver.start([generation.id])

    async def _cancel_request(self, generation: Generation, ticket: Ticket) -> CancelOutcome:
        outcome = await self._tools.provider_of(generation).cancel(ticket)
        if outcome is CancelOutcome.CANCELLED:
            await self._become_cancelled(generation, ticket)
            return outcome
        step = self._tools.step("cancel asked", outcome.value)
        await self._tools.catalogue.write(
            lambda transaction: generations.add_step(transaction, generation.id, step)
        )
        await self._wake(generation.id)
        return outcome

    async def _become_cancelled(self, generation: Generation, ticket: Ticket | None) -> None:
        step = self._tools.step("cancelled")
        await self._tools.catalogue.write(
            lambda transaction: generations.move(
                transaction, generation.id, Cancelled(ticket), now=step.at, step=step
            )
        )
        self._driver.start([generation.id])

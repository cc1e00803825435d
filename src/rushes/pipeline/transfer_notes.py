"""Write down how many bytes have come: now and then, not for each piece."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rushes.catalogue import generations
from rushes.domain.errors import RushesError
from rushes.domain.generation import Generation, Transfer
from rushes.pipeline.tools import Tools

log = logging.getLogger(__name__)

TELL_EVERY = 0.5
"""Seconds between two notes."""


class TransferNotes:
    """The newest count; ``show`` may be called as often as bytes come."""

    def __init__(self) -> None:
        self.newest: Transfer | None = None

    def show(self, transfer: Transfer) -> None:
        self.newest = transfer


@asynccontextmanager
async def transfer_notes(tools: Tools, generation: Generation) -> AsyncIterator[TransferNotes]:
    notes = TransferNotes()
    telling = asyncio.create_task(_tell(tools, generation, notes))
    try:
        yield notes
    finally:
        telling.cancel()
        # Counting is no reason to lose the bytes that are counted.
        [ended] = await asyncio.gather(telling, return_exceptions=True)
        if not isinstance(ended, asyncio.CancelledError):
            log.error("The bytes of %s were not counted to the end.", generation.id, exc_info=ended)


async def _tell(tools: Tools, generation: Generation, notes: TransferNotes) -> None:
    told: Transfer | None = None
    while True:
        await asyncio.sleep(TELL_EVERY)
        if notes.newest is not None and notes.newest != told:
            told = notes.newest
            try:
                await _write(tools, generation, told)
            except RushesError as error:
                log.warning("A count of the bytes of %s was not written: %s", generation.id, error)


async def _write(tools: Tools, generation: Generation, transfer: Transfer) -> None:
    await tools.catalogue.write(
        lambda transaction: generations.set_transfer(transaction, generation.id, transfer)
    )

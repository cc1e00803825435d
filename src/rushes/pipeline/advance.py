"""One step of one generation: look at its row, do what it calls for, say when to look again.

Nothing is kept between two steps but the row, so any process may take the next one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from rushes.catalogue import generations
from rushes.domain.generation import (
    Cancelled,
    Delivered,
    Done,
    Failed,
    Planned,
    Queued,
    Running,
    Saving,
    Submitted,
    Submitting,
    Unconfirmed,
)
from rushes.pipeline.links import keep_link
from rushes.pipeline.save import reserve, save_clip, show_saved
from rushes.pipeline.settle import look_up
from rushes.pipeline.submit import resume_submitting, submit
from rushes.pipeline.tools import Tools
from rushes.pipeline.wait import poll

SUBMITS = 8


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many may be in each kind of step at once."""

    submit: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SUBMITS))
    ask: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(16))
    save: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when Rushes is about to end: nothing more is sent."""


async def advance(tools: Tools, lanes: Lanes, generation_id: str) -> float | None:
    """Take the next step. Returns seconds to wait before another, or None if there is none now."""
    generation = await tools.catalogue.read(
        lambda connection: generations.get(connection, generation_id)
    )
    match generation.state:
        case Planned():
            async with lanes.submit:
                return None if lanes.closing.is_set() else await submit(tools, generation)
        case Submitting(since):
            return await resume_submitting(tools, generation, since)
        case Unconfirmed() as lost:
            async with lanes.ask:
                return await look_up(tools, generation, lost)
        case Submitted() | Queued() | Running() as waiting:
            async with lanes.ask:
                return await poll(tools, generation, waiting)
        case Delivered() as delivered:
            if await keep_link(tools, generation, delivered):
                return None
            return await reserve(tools, generation, delivered)
        case Saving() as saving:
            async with lanes.save:
                pause = await save_clip(tools, generation, saving)
            if pause is None:
                await show_saved(tools, generation)
            return pause
        case Done() | Failed() | Cancelled():
            return None

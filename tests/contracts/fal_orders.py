"""Orders for the fal tests, and the provider that they go to."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache

from PIL import Image

from rushes.domain.generation import Ticket
from rushes.domain.model_spec import SettingValue, Task, check_request
from rushes.providers.fal.client import FalProvider
from rushes.providers.fal.connection import FalTimeouts
from rushes.providers.fal.models import MODELS
from rushes.providers.provider import Accepted, Completed, InputImage, Order
from tests.emulator import FalEmulator

KEY = "test-key-id:7f3a9c55e1d24b0688aa"
"""Long enough to be told from any other text."""

TIMEOUTS = FalTimeouts(connect=5, submit=20, read=20, margin=2)


@lru_cache
def png(colour: str = "red") -> InputImage:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return InputImage("image/png", file.getvalue())


def make_order(
    prompt: str = "A boat in the rain",
    *,
    model: str = "ltx-2.3-fast",
    settings: Mapping[str, SettingValue] | None = None,
    image: InputImage | None = None,
    end_image: InputImage | None = None,
) -> Order:
    spec = next(spec for spec in MODELS if spec.id == model)
    task = Task.TEXT_TO_VIDEO if image is None else Task.IMAGE_TO_VIDEO
    checked = check_request(spec, task, prompt, settings or {}, has_end_image=end_image is not None)
    endpoint = spec.capabilities[task].endpoint
    return Order("key-1", endpoint, task, prompt, checked, image, end_image)


@asynccontextmanager
async def provider_for(
    emulator: FalEmulator, *, key: str | None = KEY, timeouts: FalTimeouts = TIMEOUTS
) -> AsyncIterator[FalProvider]:
    async with FalProvider(
        key=key,
        queue_url=emulator.queue_url,
        platform_url=emulator.platform_url,
        timeouts=timeouts,
    ) as provider:
        yield provider


async def accepted(provider: FalProvider, order: Order) -> Ticket:
    submission = await provider.submit(order)
    assert isinstance(submission, Accepted)
    return submission.ticket


async def completed(provider: FalProvider, order: Order) -> Ticket:
    ticket = await accepted(provider, order)
    while not isinstance(await provider.status(ticket), Completed):
        pass
    return ticket

"""One emulator for all tests of a module, as new for each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from rushes.providers.fal.client import FalProvider
from tests.contracts.fal_orders import KEY, provider_for
from tests.emulator import FalEmulator


@pytest.fixture(scope="module")
def running_emulator() -> Iterator[FalEmulator]:
    with FalEmulator(key=KEY) as emulator:
        yield emulator


@pytest.fixture
def fal(running_emulator: FalEmulator) -> FalEmulator:
    running_emulator.reset()
    running_emulator.key = KEY
    running_emulator.settings.clip_seconds = 1
    return running_emulator


@pytest.fixture
async def fal_provider(fal: FalEmulator) -> AsyncIterator[FalProvider]:
    async with provider_for(fal) as provider:
        yield provider

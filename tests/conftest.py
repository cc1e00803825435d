"""One emulator for the tests of a module, as new for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import FalEmulator


@pytest.fixture(scope="module")
def running_emulator() -> Iterator[FalEmulator]:
    with FalEmulator() as emulator:
        yield emulator


@pytest.fixture
def fal(running_emulator: FalEmulator) -> FalEmulator:
    running_emulator.reset()
    running_emulator.settings.clip_seconds = 1
    running_emulator.settings.slow_seconds = 8
    return running_emulator

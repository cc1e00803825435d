"""The order of the tests; and one emulator for those of a module, as new for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator import FalEmulator

LONG = ("campaigns", "browser", "crash", "cli")
"""Folders whose modules take longest: first, so that nobody waits for one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not LONG.count(item.path.parent.name))


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

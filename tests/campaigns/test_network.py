"""The short form of the campaign; the whole is ``make campaign ARGS=network``."""

from __future__ import annotations

import pytest

from tests.campaigns import network
from tests.campaigns.outcome import SHORT_SEED

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def test_every_fault_of_the_network_alone_and_in_pairs_ends_as_written_down():
    outcome = network.run(10, SHORT_SEED)
    assert outcome.is_kept()
    assert outcome.figures["pairs"] == 10

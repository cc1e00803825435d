"""The short form of the campaign; the whole is ``make campaign ARGS=faults``."""

from __future__ import annotations

import pytest

from tests.campaigns import faults
from tests.campaigns.outcome import SHORT_SEED

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def test_what_stops_a_save_is_told_and_one_retry_brings_the_identical_file():
    outcome = faults.run(1, SHORT_SEED, faults.SHORT)
    assert outcome.is_kept()
    assert outcome.figures["no file for the spool: tried: unsaved, store_missing"] == 1

"""The short form of the campaign; the whole is ``make campaign ARGS=kill``."""

from __future__ import annotations

import pytest

from tests.campaigns import kill
from tests.campaigns.outcome import SHORT_SEED

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def test_a_studio_that_is_killed_again_and_again_loses_nothing_and_buys_nothing_twice():
    outcome = kill.run(9, SHORT_SEED)
    assert outcome.is_kept()
    assert outcome.figures["bought"] != 0
    if not outcome.skipped:
        assert outcome.figures["kills while clips waited in the spool"] != 0

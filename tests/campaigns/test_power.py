"""The short form of the campaign; the whole is ``make campaign ARGS=power``."""

from __future__ import annotations

import pytest

from tests.campaigns import power
from tests.campaigns.outcome import SHORT_SEED

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def test_before_saved_is_said_the_bytes_their_name_and_the_commit_are_on_the_disk():
    outcome = power.run(1, SHORT_SEED)
    assert outcome.is_kept()
    assert outcome.figures["answers that said saved"] != 0
    assert outcome.figures["commits that a crash had cut in two"] == 1

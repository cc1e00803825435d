"""The short form of the campaign; the whole is ``make campaign ARGS=mutations``."""

from __future__ import annotations

import pytest

from tests.campaigns import mutations
from tests.campaigns.outcome import SHORT_SEED

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def test_damaged_media_are_refused_or_taken_and_leave_nothing_behind():
    outcome = mutations.run(200, SHORT_SEED)
    assert outcome.is_kept()
    assert outcome.figures["refused"] > 0
    assert outcome.figures["taken"] > 0

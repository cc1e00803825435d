"""Requests made up from the interface's own description: none may end in a fault of the server.

The short form; the whole is ``make campaign ARGS=requests``.
"""

from __future__ import annotations

import pytest

from tests.campaigns import requests
from tests.campaigns.outcome import SHORT_SEED

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]


def test_no_request_that_the_description_allows_or_forbids_ends_in_a_fault_of_the_server():
    outcome = requests.run(4, SHORT_SEED)
    assert outcome.is_kept()
    assert outcome.figures["operations"] > 30

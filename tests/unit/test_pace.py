"""The waits of the pipeline. Nobody can make it ask without a pause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rushes.domain.http_times import wait_of
from rushes.pipeline.pace import no_sooner

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 5),
        ("0", 5),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 5),
        ("3", 5),
        ("soon", 5),
        ("17", 17),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30),
        ("9" * 20, timedelta(days=1).total_seconds()),
    ],
)
def test_a_wait_that_is_asked_for_is_kept_where_it_is_longer_than_our_own(
    header: str | None, seconds: float
) -> None:
    assert no_sooner(5, wait_of(header, NOON)) == seconds

"""Times in headers: each form is read, and whatever a stranger writes is a time or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.http_times import LONGEST_WAIT, moment_of, wait_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", timedelta(0)),
        ("17", timedelta(seconds=17)),
        ("Fri, 20 Nov 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Fri, 20 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("100000", LONGEST_WAIT),
        ("Fri, 20 Nov 2099 11:00:00 GMT", LONGEST_WAIT),
        ("9" * 20, LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("0" * 5000 + "3", timedelta(seconds=3)),
        ("soon", None),
        ("-3", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wait_is_read_in_both_of_its_forms_and_has_an_end(value, wait):
    assert wait_of(value, NOON) == wait


@pytest.mark.parametrize(
    "value", ["Fri, 20 Nov 2026 12:00:00 GMT", "Fri, 20 Nov 2026 12:00:00 -0000"]
)
def test_a_date_is_a_moment_with_its_zone(value):
    assert moment_of(value) == NOON


@pytest.mark.parametrize(
    "value",
    [
        f"Fri, 20 Nov 2026 12:00:00 +{'9' * 30}",
        "Mon, 01 Jan 101 00:00:00 +2359",
        "Fri, 31 Dec 9999 23:59:59 -2359",
    ],
)
def test_a_date_that_no_clock_can_show_is_none(value):
    moment = moment_of(value)
    assert moment is None or moment.utcoffset() == timedelta(0)


@given(st.text() | st.from_regex(r"[0-9]{1,30}") | st.from_regex(r"[A-Z][a-z]{2}, [0-9 :A-Za-z]*"))
def test_whatever_is_written_is_a_time_or_none(value):
    assert moment_of(value) is None or moment_of(value).tzinfo is not None
    assert wait_of(value, NOON) is None or wait_of(value, NOON) >= timedelta(0)

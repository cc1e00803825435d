"""What is kept of reports: the newest, counted, and of an address only its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.errors import TooManyReportsError
from rushes.domain.report import LONGEST_TEXT, Report, ReportKind, plain_address, plain_text
from rushes.playback.reports import Reports


class SetClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


def report(clock: SetClock, code: str) -> Report:
    return Report(ReportKind.PLAYBACK, clock.now(), code=code)


def test_the_newest_are_kept_newest_first():
    clock = SetClock()
    reports = Reports(clock, kept=3, a_minute=100)
    reports.add([report(clock, str(number)) for number in range(5)])
    assert [one.code for one in reports.newest()] == ["4", "3", "2"]


def test_the_same_again_is_counted_and_is_the_newest_then():
    clock = SetClock()
    reports = Reports(clock)
    reports.add([report(clock, "a"), report(clock, "b"), report(clock, "a")])
    assert [(one.code, one.count) for one in reports.newest()] == [("a", 2), ("b", 1)]


def test_a_minute_takes_so_many_and_the_next_one_as_many_again():
    clock = SetClock()
    reports = Reports(clock, a_minute=3)
    reports.add([report(clock, "a")] * 2)
    clock.time += timedelta(seconds=30)
    with pytest.raises(TooManyReportsError):
        reports.add([report(clock, "b")] * 2)
    reports.add([report(clock, "b")])
    clock.time += timedelta(seconds=30)
    reports.add([report(clock, "c")] * 2)
    with pytest.raises(TooManyReportsError):
        reports.add([report(clock, "d")])
    assert [one.code for one in reports.newest()] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://h.test/a/b.mp4?token=s#t", "https://h.test/a/b.mp4"),
        ("https://me:word@h.test:8443/a", "https://h.test:8443/a"),
        ("http://[::1]:9/a?b", "http://[::1]:9/a"),
        ("inline", "inline"),
        ("eval", "eval"),
        ("blob:http://127.0.0.1/abc", "blob"),
        ("data:text/html;base64,c2VjcmV0", "data"),
        ("/relative?secret", "/relative"),
        ("https://h.test:port/", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_its_place_is_kept(told, kept):
    assert plain_address(told) == kept


def test_a_message_keeps_no_query_and_no_second_line():
    told = "Failed: https://u:p@h.test/a?token=s\r\nSet-Cookie: x \x1b[31m"
    assert plain_text(told) == "Failed: https://h.test/a Set-Cookie: x [31m"


@given(st.text(), st.text("abc:/?#@&= \n", max_size=30))
def test_no_text_whatever_keeps_a_query_of_an_address_or_what_is_not_visible(before, tail):
    kept = plain_text(f"{before} https://h.test/a?{tail}")
    assert len(kept) <= LONGEST_TEXT
    assert all(
        character.isprintable() or character.isspace() for character in kept if character < "\x7f"
    )
    assert "https://h.test/a?" not in kept

"""Which bytes a Range header asks for, by the standard and against a slow second opinion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.playback.ranges import Part, Unsatisfiable, Wanted, WholeFile, wanted_bytes


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        # The examples of RFC 9110, section 14.1.2, for a file of 10,000 bytes.
        ("bytes=0-499", Part(0, 500)),
        ("bytes=500-999", Part(500, 1000)),
        ("bytes=-500", Part(9500, 10000)),
        ("bytes=9500-", Part(9500, 10000)),
        # Its rules.
        ("bytes=0-", Part(0, 10000)),
        ("bytes=0-0", Part(0, 1)),
        ("bytes=-1", Part(9999, 10000)),
        ("bytes=9999-9999", Part(9999, 10000)),
        ("bytes=9000-99999", Part(9000, 10000)),
        ("bytes=-99999", Part(0, 10000)),
        ("BYTES=1-2", Part(1, 3)),
        ("bytes= 1-2 ", Part(1, 3)),
        ("bytes=10000-", Unsatisfiable()),
        ("bytes=10000-10001", Unsatisfiable()),
        ("bytes=-0", Unsatisfiable()),
        # Ignored: several parts, another unit, and what is malformed.
        ("bytes=0-0,-1", WholeFile()),
        ("bytes=500-600,601-999", WholeFile()),
        ("items=0-5", WholeFile()),
        ("bytes=5-2", WholeFile()),
        ("bytes=1-0", WholeFile()),
        ("bytes=99999-5", WholeFile()),
        ("bytes", WholeFile()),
        ("bytes=", WholeFile()),
        ("bytes=-", WholeFile()),
        ("bytes=--5", WholeFile()),
        ("bytes=a-b", WholeFile()),
        ("bytes=0x1-0x5", WholeFile()),
        ("bytes=+1-5", WholeFile()),
        ("bytes=1_0-20", WholeFile()),
        ("bytes=1 -2", WholeFile()),
        ("bytes=1- 2", WholeFile()),
        ("bytes=²-³", WholeFile()),
        ("bytes=\u0663-\u0665", WholeFile()),
        ("bytes=1.5-2", WholeFile()),
        ("=0-5", WholeFile()),
        ("", WholeFile()),
        (None, WholeFile()),
    ],
)
def test_a_header_asks_for_these_bytes_of_ten_thousand(header, wanted):
    assert wanted_bytes(header, 10_000) == wanted


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_file_has_no_part_that_could_be_sent(header):
    assert wanted_bytes(header, 0) == Unsatisfiable()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000])
def test_a_number_beyond_every_file_is_answered_and_not_computed_at_length(number):
    assert wanted_bytes(f"bytes=0-{number}", 10) in {Part(0, 10), WholeFile()}
    assert wanted_bytes(f"bytes=-{number}", 10) in {Part(0, 10), WholeFile()}
    assert wanted_bytes(f"bytes={number}-", 10) in {Unsatisfiable(), WholeFile()}


def test_a_part_knows_its_length():
    assert Part(3, 10).length == 7


def slowly(first: int | None, last: int | None, size: int) -> Wanted:
    """The same answer by listing every byte of the file and crossing out what is not wanted."""
    if first is not None and last is not None and last < first:
        return WholeFile()
    numbers = list(range(size))
    if first is None:
        assert last is not None
        numbers = numbers[len(numbers) - min(last, len(numbers)) :]
    else:
        numbers = [n for n in numbers if n >= first and (last is None or n <= last)]
    return Part(numbers[0], numbers[-1] + 1) if numbers else Unsatisfiable()


positions = st.none() | st.integers(0, 40)


@given(positions, positions, st.integers(0, 30))
@settings(max_examples=400)
def test_every_single_range_selects_the_bytes_that_counting_them_selects(first, last, size):
    if first is None and last is None:
        return
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    assert wanted_bytes(header, size) == slowly(first, last, size)


@given(st.text(st.sampled_from("bytes=-,0123456789 \t²x"), max_size=20), st.integers(0, 100))
@settings(max_examples=300)
def test_no_header_whatever_selects_bytes_outside_the_file(header, size):
    wanted = wanted_bytes(header, size)
    if isinstance(wanted, Part):
        assert 0 <= wanted.start < wanted.end <= size

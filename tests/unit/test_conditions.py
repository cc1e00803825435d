"""What is sent of a file, against a second opinion that goes by RFC 9110 step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.playback.conditions import Answer, Asked, NotModified, Version, answer_to
from rushes.playback.ranges import Part, Unsatisfiable, WholeFile

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=1, microseconds=-250_000)
VERSION = Version('"a"', OLD)
DATE = "Sat, 28 Feb 2026 12:00:00 GMT"
EARLIER, LATER = "Fri, 27 Feb 2026 12:00:00 GMT", "Sat, 28 Feb 2026 12:00:01 GMT"
PART = "bytes=2-5"


def answered(version: Version = VERSION, **asked: object) -> Answer:
    return answer_to(Asked(**asked), version, 10, NOW)  # type: ignore[arg-type]  # a table


def test_the_date_of_a_file_is_written_as_http_does():
    assert VERSION.last_modified == DATE


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({}, WholeFile()),
        ({"range": PART}, Part(2, 6)),
        ({"range": "bytes=10-"}, Unsatisfiable()),
        ({"range": PART, "is_head": True}, WholeFile()),
        # If-Range, by tag: strongly.
        ({"range": PART, "if_range": '"a"'}, Part(2, 6)),
        ({"range": PART, "if_range": 'W/"a"'}, WholeFile()),
        ({"range": PART, "if_range": '"b"'}, WholeFile()),
        # If-Range, by date: exactly.
        ({"range": PART, "if_range": DATE}, Part(2, 6)),
        ({"range": PART, "if_range": LATER}, WholeFile()),
        ({"range": PART, "if_range": EARLIER}, WholeFile()),
        ({"range": PART, "if_range": "nonsense"}, WholeFile()),
        ({"range": "bytes=10-", "if_range": '"b"'}, WholeFile()),
        # What has not changed.
        ({"if_none_match": '"a"'}, NotModified()),
        ({"if_none_match": 'W/"a"'}, NotModified()),
        ({"if_none_match": '"x", "a"'}, NotModified()),
        ({"if_none_match": "*"}, NotModified()),
        ({"if_none_match": '"b"'}, WholeFile()),
        ({"if_none_match": '"a"', "range": PART}, NotModified()),
        ({"if_none_match": '"a"', "is_head": True}, NotModified()),
        ({"if_modified_since": DATE}, NotModified()),
        ({"if_modified_since": LATER}, NotModified()),
        ({"if_modified_since": EARLIER}, WholeFile()),
        ({"if_modified_since": "nonsense"}, WholeFile()),
        # A tag says more than a date.
        ({"if_none_match": '"b"', "if_modified_since": LATER}, WholeFile()),
    ],
)
def test_each_header_has_its_say(asked, answer):
    assert answered(**asked) == answer


def test_a_file_that_has_just_changed_is_not_continued_by_its_date():
    """It might change again within the second that the date names."""
    young = Version('"a"', NOW - timedelta(seconds=30))
    assert answered(young, range=PART, if_range=young.last_modified) == WholeFile()
    assert answered(young, range=PART, if_range='"a"') == Part(2, 6)


def test_a_file_without_a_tag_is_continued_by_no_tag():
    assert answered(Version(None, OLD), range=PART, if_range='"a"') == WholeFile()
    assert answered(Version(None, OLD), if_none_match='"a"') == WholeFile()


def by_the_book(asked: Asked, size: int) -> str:
    """RFC 9110, 13.2.2, in its words: the status, and of a part its bytes counted one by one."""
    if asked.if_none_match is not None:
        if asked.if_none_match in {"*", '"a"', 'W/"a"'}:
            return "304"
    elif asked.if_modified_since in {DATE, LATER}:
        return "304"
    if asked.is_head or asked.range is None or asked.if_range not in {None, '"a"', DATE}:
        return "200"
    unit, _, spec = asked.range.partition("=")
    if unit != "bytes" or "," in spec or spec.count("-") != 1:
        return "200"
    first, last = spec.split("-")
    if not (first + last).isdecimal() or (first and last and int(last) < int(first)):
        return "200"
    whole = list(range(size))
    if not first:
        chosen = whole[-int(last) :] if int(last) else []
    else:
        chosen = [n for n in whole if n >= int(first) and (not last or n <= int(last))]
    return f"206 {chosen[0]}-{chosen[-1]}" if chosen else "416"


def as_written(answer: Answer) -> str:
    match answer:
        case NotModified():
            return "304"
        case WholeFile():
            return "200"
        case Unsatisfiable():
            return "416"
        case Part(start, end):
            return f"206 {start}-{end - 1}"


numbers = st.integers(0, 14).map(str) | st.just("")
specs = st.builds("{}-{}".format, numbers, numbers) | st.sampled_from(["", "-", "x-y", "1-2,4-5"])
dates = st.none() | st.sampled_from([DATE, LATER, EARLIER, "nonsense"])
tags = st.none() | st.sampled_from(['"a"', 'W/"a"', '"b"', "*"])


@given(
    st.builds(
        Asked,
        is_head=st.booleans(),
        range=st.none() | st.builds("{}={}".format, st.sampled_from(["bytes", "items"]), specs),
        if_range=dates | st.sampled_from(['"a"', 'W/"a"', '"b"']),
        if_none_match=tags,
        if_modified_since=dates,
    ),
    st.integers(0, 12),
)
@settings(max_examples=600)
def test_every_request_is_answered_as_the_book_says(asked, size):
    assert as_written(answer_to(asked, VERSION, size, NOW)) == by_the_book(asked, size)

"""What makes two answers certain to hold the same bytes, and which numbers in headers are read."""

from __future__ import annotations

import httpx
import pytest

from rushes.domain.http_numbers import number_of
from rushes.domain.http_versions import strong_validator

DATE = "Fri, 02 Jan 2026 00:00:00 GMT"
OLD, NEW = "Thu, 01 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 2026 23:59:01 GMT"


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"ETag": '"one"'}, '"one"'),
        ({"etag": '""'}, '""'),
        ({"ETag": '"one"', "Last-Modified": NEW}, '"one"'),
        ({"ETag": 'W/"one"'}, None),
        ({"ETag": 'w/"one"'}, None),
        ({"ETag": "one"}, None),
        ({"ETag": '"one'}, None),
        ({"ETag": '"one", "two"'}, None),
        ({"ETag": '"\u00e9"'}, None),
        ({"ETag": ""}, None),
        ({"ETag": 'W/"one"', "Last-Modified": OLD, "Date": DATE}, None),
        ({"Last-Modified": OLD, "Date": DATE}, OLD),
        ({"Last-Modified": NEW, "Date": DATE}, None),
        ({"Last-Modified": OLD}, None),
        ({"Last-Modified": "yesterday", "Date": DATE}, None),
        ({"Last-Modified": OLD.replace("01", "\u0660\u0661"), "Date": DATE}, None),
        ({}, None),
    ],
)
def test_a_version_is_named_by_what_is_certain_to_change_with_its_bytes(headers, validator):
    sent = httpx.Headers([(name.encode(), value.encode()) for name, value in headers.items()])
    assert strong_validator(sent) == validator


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("\u0663", None),
        ("\u00b2", None),
        ("+1", None),
        ("-1", None),
        (" 1", None),
        ("1_0", None),
        ("1\n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_read_only_as_a_header_may_write_it(written, number):
    assert number_of(written) == number

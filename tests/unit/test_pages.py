"""Cursors come back as they were given, and anything else is refused by name."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.catalogue.pages import LARGEST_PAGE, Place, check_limit
from rushes.domain.errors import InvalidInputError

moments = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001  # the library adds the zone
    datetime(9999, 12, 31, 23, 59, 59, 999_999),  # noqa: DTZ001  # as above
    timezones=st.just(UTC),
)


@given(moments, st.uuids().map(lambda number: number.hex))
@settings(max_examples=100)
def test_a_cursor_leads_back_to_its_place_to_the_microsecond(at, thing):
    place = Place(at, thing)
    assert Place.of(place.cursor()) == place


def test_a_cursor_needs_no_escaping_in_an_address():
    cursor = Place(datetime(2026, 1, 1, tzinfo=UTC), "f" * 32).cursor()
    assert all(c.isalnum() or c in "-_" for c in cursor)


def test_a_moment_of_another_zone_is_the_same_place():
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    place = Place(at.astimezone(tz=None), "a")
    assert Place.of(place.cursor()) == Place(at, "a")


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "not a cursor",
        "é",
        "\x00",
        "====",
        "AAAA",
        "../../x",
        cursor_of("no number.id"),
        cursor_of(".id"),
        cursor_of("9" * 30 + ".id"),
        cursor_of("9" * 5000 + ".id"),
        cursor_of("-" + "9" * 18 + ".id"),
        base64.urlsafe_b64encode(b"\xff\xfe.id").decode(),
    ],
)
def test_what_no_list_has_given_is_refused_as_a_cursor(cursor):
    with pytest.raises(InvalidInputError) as caught:
        Place.of(cursor)
    assert caught.value.problem.facts["field"] == "cursor"


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_text_whatever_makes_reading_a_cursor_fail_in_another_way(cursor):
    try:
        place = Place.of(cursor)
    except InvalidInputError:
        return
    assert Place.of(place.cursor()) == place


def test_a_place_before_1970_is_a_place_too():
    place = Place(datetime(1970, 1, 1, tzinfo=UTC) - timedelta(microseconds=1), "a")
    assert Place.of(place.cursor()) == place


@pytest.mark.parametrize("limit", [1, 100, LARGEST_PAGE])
def test_a_page_may_be_as_large_as_the_limit(limit):
    assert check_limit(limit) == limit


@pytest.mark.parametrize("limit", [0, -1, LARGEST_PAGE + 1, 10**9])
def test_a_page_of_another_size_is_refused(limit):
    with pytest.raises(InvalidInputError) as caught:
        check_limit(limit)
    assert caught.value.problem.facts == {"field": "limit", "value": limit}

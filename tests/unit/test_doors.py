"""What the gate remembers: one-time tickets, and who has brought wrong tokens."""

from __future__ import annotations

import pytest

from rushes.server.attempts import (
    FORGET_AFTER,
    FREE,
    MOST_ADDRESSES,
    MOST_COOKIES,
    Attempts,
    network_of,
)
from rushes.server.tickets import LIFE, MOST, Tickets


def test_a_ticket_ends_after_a_minute_and_only_some_are_open_at_once():
    now = 0.0
    tickets = Tickets(lambda: now)
    late, *others = [tickets.issue() for _ in range(MOST)]
    now = LIFE
    assert not tickets.redeem(late)
    now = LIFE - 1
    assert tickets.redeem(others[0])
    newer = [tickets.issue() for _ in range(MOST)]
    assert not tickets.redeem(others[1])
    assert all(tickets.redeem(one) for one in newer)


def test_what_is_known_of_guessers_is_bounded_and_forgotten():
    now = 0.0
    attempts = Attempts(lambda: now)
    for number in range(MOST_ADDRESSES * 2):
        attempts.note(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(attempts) == MOST_ADDRESSES
    for _ in range(FREE + 1):
        delay = attempts.note("192.0.2.1")
    assert delay
    assert attempts.note("192.0.2.2") == 0
    now = FORGET_AFTER + 1
    assert attempts.note("192.0.2.1") == 0


def test_of_wrong_cookies_the_newest_are_known():
    attempts = Attempts()
    assert attempts.is_new(["old"])
    for number in range(MOST_COOKIES - 1):
        assert attempts.is_new([str(number)])
        assert not attempts.is_new(["old"])
    assert attempts.is_new(["one more"])
    assert attempts.is_new(["0"])
    assert not attempts.is_new(["old"])
    assert attempts.is_new(["old", "old"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
    ],
)
def test_who_holds_a_whole_network_counts_as_one(one, other, same):
    assert (network_of(one) == network_of(other)) is same

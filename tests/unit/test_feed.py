"""The feed tells each change once, in order, and says when it cannot tell any more."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.catalogue.feed import Change, Feed, Kind

A, B, C = (Change(Kind.ASSET, name) for name in "abc")


async def test_a_new_feed_has_nothing_to_tell():
    feed = Feed()
    assert feed.place == 0
    assert feed.since(0) == []


async def test_what_changed_often_is_told_once_at_its_newest_place():
    feed = Feed()
    feed.publish([A, B, A, A])
    assert feed.since(0) == [(2, B), (4, A)]


async def test_changes_are_told_oldest_first_and_only_those_after_the_place():
    feed = Feed()
    feed.publish([A, B, C])
    assert feed.since(1) == [(2, B), (3, C)]
    assert feed.since(3) == []


async def test_the_same_id_of_another_kind_is_another_thing():
    feed = Feed()
    other = Change(Kind.GENERATION, "a")
    feed.publish([A, other])
    assert feed.since(0) == [(1, A), (2, other)]


async def test_a_place_beyond_what_is_remembered_cannot_be_told_from():
    feed = Feed(remembered=2)
    feed.publish([A, B, C])
    assert feed.since(0) is None
    assert feed.since(1) == [(2, B), (3, C)]


async def test_many_changes_of_few_things_are_all_remembered():
    feed = Feed(remembered=2)
    feed.publish([A, B] * 100)
    assert feed.since(0) == [(199, A), (200, B)]


async def test_a_place_that_the_feed_has_never_reached_is_of_another_feed():
    feed = Feed()
    feed.publish([A])
    assert feed.since(2) is None
    assert feed.since(-1) is None


async def test_two_runs_have_different_epochs():
    assert Feed().epoch != Feed().epoch


async def test_a_watcher_sleeps_until_something_changes():
    feed = Feed()
    watching = asyncio.create_task(feed.wait_beyond(0))
    await asyncio.sleep(0)
    assert not watching.done()
    feed.publish([A])
    await watching


async def test_a_watcher_that_is_behind_does_not_wait():
    feed = Feed()
    feed.publish([A])
    await feed.wait_beyond(0)


async def test_all_watchers_are_woken_and_each_may_wait_again():
    feed = Feed()
    watching = [asyncio.create_task(feed.wait_beyond(0)) for _ in range(3)]
    await asyncio.sleep(0)
    feed.publish([A])
    await asyncio.gather(*watching)
    again = asyncio.create_task(feed.wait_beyond(1))
    await asyncio.sleep(0)
    assert not again.done()
    feed.publish([B])
    await again


async def test_publishing_nothing_lets_a_watcher_sleep_on():
    feed = Feed()
    watching = asyncio.create_task(feed.wait_beyond(0))
    await asyncio.sleep(0)
    feed.publish([])
    await asyncio.sleep(0)
    assert not watching.done()
    feed.close()
    await watching


async def test_closing_wakes_those_who_wait_and_lets_nobody_wait_any_more():
    feed = Feed()
    watching = asyncio.create_task(feed.wait_beyond(0))
    await asyncio.sleep(0)
    feed.close()
    await watching
    await feed.wait_beyond(0)
    assert feed.is_closed


@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=12),
    st.integers(1, 8),
    st.integers(0, 70),
)
@settings(max_examples=150)
def test_a_watcher_misses_nothing_whatever_is_published_and_wherever_it_starts(
    batches, remembered, place
):
    async def run() -> None:
        feed = Feed(remembered)
        history: list[Change] = []
        for batch in batches:
            changes = [Change(Kind.ASSET, name) for name in batch]
            feed.publish(changes)
            history.extend(changes)
        told = feed.since(place)
        if told is None:
            is_ahead = place > len(history)
            assert is_ahead or len(set(history)) > remembered
            return
        assert {change for _, change in told} == set(history[place:])
        assert [at for at, _ in told] == sorted({at for at, _ in told})
        assert all(history[at - 1] == change for at, change in told)

    asyncio.run(run())

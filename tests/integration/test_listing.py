"""The listing beside a plain model of it: whatever is written and asked, both say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, StaticPool, create_engine, select

from rushes.catalogue import asset_list, items, listing, schema
from rushes.catalogue.tables import item_texts, tallies
from rushes.catalogue.tables import items as item_table
from rushes.domain.listing import ITEM_STATES, Filter, Sort
from rushes.domain.media_facts import MediaKind
from tests.listed_things import MODELS, PROJECTS, SEARCHES, fill, moments, world
from tests.plain_listing import Plain, fits, in_order, is_here, is_shown, model, model_hidden


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    schema.upgrade(engine)
    yield engine
    engine.dispose()


searches = st.lists(st.sampled_from(SEARCHES), max_size=2).map(" ".join)
seconds = st.none() | st.sampled_from([0.5, 1.001, 2.002, 2.5, 9])


def filters(states: tuple[str, ...]) -> st.SearchStrategy[Filter]:
    chosen = st.builds(
        Filter,
        project_id=st.sampled_from([None, *PROJECTS]),
        text=searches,
        states=st.lists(st.sampled_from(states), max_size=3).map(tuple),
        models=st.lists(st.sampled_from([*MODELS, "x"]), max_size=2).map(tuple),
        kinds=st.lists(st.sampled_from(MediaKind), max_size=2).map(tuple),
        rating=st.none() | st.integers(1, 5),
        flags=st.lists(st.sampled_from(["pick", "reject", "none"]), max_size=2).map(tuple),
        since=st.none() | moments,
        until=st.none() | moments,
        min_duration=seconds,
        max_duration=seconds,
        sound=st.sampled_from([None, True, False]),
        trashed=st.booleans(),
        keep_unsaved=st.booleans(),
    )
    # Most filters fit nothing when they come all together: one at a time is worth more.
    return st.sampled_from(FIELDS).flatmap(
        lambda names: chosen.map(
            lambda full: Filter(
                **{name: getattr(full, name) for name in (*names, "project_id", "keep_unsaved")}
            )
        )
    )


FIELDS: tuple[tuple[str, ...], ...] = (
    (),
    ("text",),
    ("states",),
    ("models", "kinds"),
    ("rating", "flags"),
    ("since", "until"),
    ("min_duration", "sound"),
    ("max_duration",),
    ("trashed",),
    ("text", "trashed"),
    ("text", "states", "rating"),
)
often = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@often
@given(data=st.data())
def test_pages_say_what_a_plain_model_says(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        connection = transaction.connection
        found = model(connection, fill(transaction, data))
        for _ in range(4):
            only = data.draw(filters(ITEM_STATES))
            shots = [one.generation.shot for one in found if one.generation]
            only = replace(only, shot=data.draw(st.none() | st.sampled_from(shots or [""])))
            sort, by_shot = data.draw(st.sampled_from(Sort)), data.draw(st.booleans())
            fitting = [
                one
                for one in found
                if is_here(one, only) and is_shown(one, only) and fits(one, only)
            ]
            if by_shot:
                newest: dict[tuple[str, str], Plain] = {}
                for one in in_order(fitting, Sort.OLDEST):
                    newest[one.shot] = one
                fitting = list(newest.values())
            expected = [one.id for one in in_order(fitting, sort)]
            size = data.draw(st.integers(1, 5))
            listed = []
            for start in range(0, len(expected) + 1, size):
                page = listing.page(
                    connection, only, sort=sort, by_shot=by_shot, start=start, limit=size
                )
                assert page.total == len(expected)
                assert page.hidden == model_hidden(found, only)
                listed += page.items
            assert [item.id for item in listed] == expected
            by_id = {one.id: one for one in found}
            for item in listed:
                one = by_id[item.id]
                assert (item.state, item.generation, item.asset) == (
                    one.state,
                    one.generation,
                    one.asset,
                )
                alike = [two for two in found if two.shot == one.shot and is_shown(two, only)]
                assert item.takes == len(alike)


@often
@given(data=st.data())
def test_assets_page_by_page_are_those_of_the_model(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        connection = transaction.connection
        found = [one for one in model(connection, fill(transaction, data)) if one.asset]
        only = data.draw(filters(("saved", "unsaved", "url_only", "expired", "missing")))
        sort = data.draw(st.sampled_from(Sort))
        fitting = [
            one
            for one in found
            if is_here(one, only) and is_shown(one, only) and fits(one, only, as_asset=True)
        ]
        listed, cursor = [], None
        size = data.draw(st.integers(1, 4))
        while True:
            page, _ = asset_list.page(connection, only, sort=sort, cursor=cursor, limit=size)
            assert page.total == len(fitting)
            listed += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(asset.id for asset in listed) == sorted(one.asset.id for one in fitting)
        by_id = {one.asset.id: one for one in found}
        again = in_order([by_id[asset.id] for asset in listed], sort)
        key = {Sort.NEWEST: "created_at", Sort.OLDEST: "created_at"}.get(sort)
        if key is None:
            measure = {
                Sort.RATING: lambda one: one.asset.rating,
                Sort.LONGEST: lambda one: one.seconds,
                Sort.SHORTEST: lambda one: one.seconds,
                Sort.LARGEST: lambda one: one.size,
                Sort.NAME: lambda one: one.name,
            }[sort]
            assert [measure(by_id[asset.id]) for asset in listed] == list(map(measure, again))
        else:
            ages = [(asset.created_at, asset.id) for asset in listed]
            assert ages == sorted(ages, reverse=sort is Sort.NEWEST)


@often
@given(data=st.data())
def test_the_listing_is_what_making_it_anew_gives(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        fill(transaction, data)
        kept = everything(transaction.connection)
        items.rebuild(transaction.connection)
        assert everything(transaction.connection) == kept


@often
@given(data=st.data())
def test_the_facets_count_what_the_list_holds(engine: Engine, data: st.DataObject) -> None:
    with world(engine) as transaction:
        connection = transaction.connection
        found = model(connection, fill(transaction, data))
        only = Filter(
            data.draw(st.sampled_from([None, *PROJECTS])), keep_unsaved=data.draw(st.booleans())
        )
        here = [one for one in found if is_here(one, only) and is_shown(one, only)]
        facets = listing.facets(connection, only.project_id, keep_unsaved=only.keep_unsaved)
        models = [one.generation.request.model for one in here if one.generation]
        states = [one.state for one in here]
        assert facets.models == {name: models.count(name) for name in set(models)}
        assert facets.states == {name: states.count(name) for name in set(states)}


def everything(connection: Connection) -> tuple[dict[str, object], set[object]]:
    columns = [column for column in item_table.c if column.name not in {"n", "rank"}]
    query = select(*columns, item_texts.c.text).join_from(item_table, item_texts)
    rows = {row.id: tuple(row) for row in connection.execute(query)}
    numbers = {
        tuple(row) for row in connection.execute(select(tallies).where(tallies.c.number > 0))
    }
    return rows, numbers

"""What comes back from the catalogue: projects, generations and assets, as they went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from sqlalchemy import text

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Catalogue, Transaction
from rushes.domain.asset import Asset, Flag, Generated, Imported
from rushes.domain.errors import (
    CatalogueError,
    ConflictError,
)
from rushes.domain.generation import (
    Cancelled,
    Delivered,
    Done,
    Failed,
    Generation,
    GenerationRequest,
    GenerationState,
    Planned,
    Queued,
    Running,
    Saving,
    Step,
    Submitted,
    Submitting,
    Ticket,
    Transfer,
    Unconfirmed,
)
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId, new_id
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import (
    ExpiredMedia,
    InMemory,
    InSpool,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.model_spec import Estimate, Task
from rushes.domain.problem import Failure, Problem
from rushes.domain.project import Project
from tests.integration.catalogues import (
    NOW,
    SHA,
    add,
    catalogue,
    imported,
    path,
    project,
)

__all__ = ["catalogue", "path"]


PROBLEM = Problem(
    code="disk_full",
    title="The disk that holds the library is full.",
    detail="3 MB are free — “nearly”.",
    remedy="Free some room.",
    retryable=True,
    facts={"needed": 2**40, "names": ["a", None, 1.5, True], "deep": {"x": {}}},
)
FAILURE = Failure(PROBLEM, NOW, attempts=3)
LATER = NOW + timedelta(days=7, microseconds=1)
TICKET = Ticket("request", {"status": "https://queue.fal.run/x/status", "cancel": "…"})
DOCUMENT = '{"video": {"url": "https://v3.fal.media/ö.mp4"}, "seed": 12345678901234567890}'
URL = "https://v3.fal.media/files/ö.mp4?a=b&c"

FACTS = MediaFacts(
    kind=MediaKind.VIDEO,
    container="mp4",
    content_type="video/mp4",
    duration=Fraction(1001, 400),
    width=1920,
    height=1080,
    fps=Fraction(24000, 1001),
    frames=60,
    video_codec="h264",
    audio_codec="aac",
)


def planned(project_id: ProjectId) -> Generation:
    return Generation(
        id=GenerationId(new_id()),
        project_id=project_id,
        request=GenerationRequest(
            model=ModelId("ltx-2.3-fast"),
            task=Task.IMAGE_TO_VIDEO,
            prompt="Motorcycle “roars” in\n🏍️",
            settings={"duration": 6, "resolution": "1080p", "generate_audio": True},
            image=AssetId(new_id()),
            end_image=AssetId(new_id()),
        ),
        endpoint="fal-ai/ltx-2.3/image-to-video/fast",
        estimate=Estimate(Decimal("0.240"), Decimal("1E+2")),
        take_number=4,
        state=Planned(),
        created_at=NOW,
        updated_at=NOW,
        steps=(Step("asked", NOW), Step("checked", LATER, "by hand — “twice”")),
    )


LADDERS: list[list[GenerationState]] = [
    [Planned(FAILURE)],
    [Planned(FAILURE), Planned()],
    [Submitting(LATER)],
    [Submitting(LATER), Planned(FAILURE)],
    [Submitting(LATER), Submitted(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Submitted(TICKET, FAILURE)],
    [Submitting(LATER), Submitted(TICKET, FAILURE), Queued(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET, 1, FAILURE), Running(TICKET, 0.1)],
    [Submitting(LATER), Submitted(TICKET), Running(TICKET, 0.1, FAILURE)],
    [Submitting(LATER), Failed(PROBLEM, TICKET), Submitted(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET, 0)],
    [Submitting(LATER), Submitted(TICKET), Queued(TICKET, 7), Running(TICKET)],
    [Submitting(LATER), Submitted(TICKET), Running(TICKET, 0.1)],
    [Submitting(LATER), Submitted(TICKET), Running(TICKET, 0.1), Queued(TICKET, 2)],
    [Submitting(LATER), Delivered(TICKET, DOCUMENT)],
    [Submitting(LATER), Delivered(TICKET, DOCUMENT), Saving(TICKET, DOCUMENT, "media/p/a.mp4")],
    [
        Submitting(LATER),
        Delivered(TICKET, DOCUMENT),
        Saving(TICKET, DOCUMENT, "media/p/a.mp4"),
        Saving(TICKET, DOCUMENT, "media/p/a.mp4", SHA),
    ],
    [
        Submitting(LATER),
        Delivered(TICKET, DOCUMENT),
        Saving(TICKET, DOCUMENT, "media/p/a.mp4", SHA),
        Done(TICKET, DOCUMENT),
    ],
    [Submitting(LATER), Unconfirmed(LATER, FAILURE)],
    [Submitting(LATER), Unconfirmed(LATER, FAILURE), Submitted(TICKET)],
    [Submitting(LATER), Unconfirmed(LATER, FAILURE), Failed(PROBLEM)],
    [Submitting(LATER), Submitted(TICKET), Failed(PROBLEM, TICKET)],
    [Submitting(LATER), Submitted(TICKET), Failed(PROBLEM, TICKET, DOCUMENT)],
    [Failed(PROBLEM)],
    [Cancelled()],
    [Submitting(LATER), Submitted(TICKET), Cancelled(TICKET)],
]


@pytest.mark.parametrize(
    "ladder", LADDERS, ids=lambda ladder: "-".join(state.name for state in ladder)
)
async def test_a_generation_comes_back_from_the_catalogue_as_it_went_in(catalogue, ladder):
    home = project()
    await add(catalogue, home)
    generation = planned(home.id)

    def write(transaction: Transaction) -> None:
        generations.insert(transaction, generation)
        for state in ladder:
            generations.move(transaction, generation.id, state, now=LATER)

    await catalogue.write(write)
    found = await catalogue.read(lambda connection: generations.get(connection, generation.id))
    assert found == replace(generation, state=ladder[-1], updated_at=LATER)


async def test_steps_bytes_and_bill_of_a_generation_are_kept(catalogue):
    home = project()
    await add(catalogue, home)
    generation = planned(home.id)

    def write(transaction: Transaction) -> None:
        generations.insert(transaction, generation)
        generations.move(
            transaction,
            generation.id,
            Submitting(NOW),
            now=NOW,
            step=Step("sent", NOW),
            billed_units=Decimal("6.00"),
        )
        generations.set_transfer(transaction, generation.id, Transfer(2**40, 2**41))

    await catalogue.write(write)
    found = await catalogue.read(lambda connection: generations.get(connection, generation.id))
    assert [step.name for step in found.steps] == ["asked", "checked", "sent"]
    assert found.transfer == Transfer(2**40, 2**41)
    assert found.billed_units == Decimal("6.00")
    assert found.actual_cost is None


async def test_the_charged_units_become_dollars_at_the_price_of_the_order(
    catalogue: Catalogue,
) -> None:
    home = project()
    await add(catalogue, home)
    generation = replace(planned(home.id), billed_units=Decimal(6), unit_price=Decimal("0.04"))
    await catalogue.write(lambda transaction: generations.insert(transaction, generation))
    found = await catalogue.read(lambda connection: generations.get(connection, generation.id))
    assert (found.unit_price, found.actual_cost) == (Decimal("0.04"), Decimal("0.24"))


REFERENCES = [
    SavedMedia("media/p/ö.mp4", 2**40, SHA, URL),
    SavedMedia("media/p/a.mp4", 0, SHA),
    UrlOnlyMedia(URL),
    UrlOnlyMedia(URL, LATER, FAILURE),
    UnsavedMedia(URL, FAILURE, held=InMemory(2**33, SHA)),
    UnsavedMedia(URL, FAILURE, LATER, held=InSpool(1, SHA)),
    ExpiredMedia(URL, FAILURE),
    MissingMedia("media/p/a.mp4", 1, SHA, None, FAILURE),
    MissingMedia("media/p/a.mp4", 1, SHA, URL, FAILURE),
]


@pytest.mark.parametrize("media", REFERENCES, ids=lambda media: media.state)
@pytest.mark.parametrize("is_generated", [True, False], ids=["generated", "imported"])
async def test_an_asset_comes_back_from_the_catalogue_as_it_went_in(catalogue, media, is_generated):
    home = project()
    await add(catalogue, home)
    generation = planned(home.id)
    await catalogue.write(lambda transaction: generations.insert(transaction, generation))
    asset = Asset(
        id=AssetId(new_id()),
        project_id=home.id,
        name="AI: “x” 🏍️",
        kind=MediaKind.VIDEO,
        take_number=2,
        origin=Generated(generation.id, ModelId("ltx-2.3-fast"), "x")
        if is_generated
        else Imported("IMG 0042.MOV"),
        media=media,
        facts=FACTS,
        created_at=NOW,
        rating=5,
        flag=Flag.REJECT,
        trashed_at=LATER,
    )
    await catalogue.write(lambda transaction: assets.insert(transaction, asset))
    assert await catalogue.read(lambda connection: assets.get(connection, asset.id)) == asset


async def test_an_asset_without_its_bytes_has_no_measures(catalogue):
    home = project()
    await add(catalogue, home)
    asset = replace(imported(home.id), media=UrlOnlyMedia(URL))
    await catalogue.write(lambda transaction: assets.insert(transaction, asset))
    found = await catalogue.read(lambda connection: assets.get(connection, asset.id))
    assert found.facts is None
    assert found == asset


async def test_a_new_place_of_the_bytes_leaves_nothing_of_the_old_one(rows):
    """Rows, not moves: whatever was there before, what comes back is what was written last."""
    catalogue, home = rows
    for old, new in product(REFERENCES, REFERENCES):
        asset = replace(imported(home.id), media=old)

        def write(
            transaction: Transaction, asset: Asset = asset, new: MediaReference = new
        ) -> Asset:
            assets.insert(transaction, asset)
            assets.set_media(transaction, asset.id, new, before=asset.media)
            found = assets.get(transaction.connection, asset.id)
            transaction.connection.execute(text("DELETE FROM assets"))
            return found

        assert (await catalogue.write(write)).media == new


@pytest.fixture
async def rows(catalogue: Catalogue) -> tuple[Catalogue, Project]:
    home = project()
    await add(catalogue, home)
    return catalogue, home


async def test_measures_that_come_with_the_bytes_are_kept(rows):
    catalogue, home = rows
    asset = replace(imported(home.id), media=UrlOnlyMedia(URL), kind=MediaKind.VIDEO)
    facts = replace(FACTS, kind=MediaKind.IMAGE, duration=None, fps=None, audio_codec=None)

    def write(transaction: Transaction) -> None:
        assets.insert(transaction, asset)
        assets.set_media(transaction, asset.id, REFERENCES[0], facts, before=asset.media)

    await catalogue.write(write)
    found = await catalogue.read(lambda connection: assets.get(connection, asset.id))
    assert (found.kind, found.facts) == (MediaKind.IMAGE, facts)


async def test_a_place_of_the_bytes_that_was_decided_from_another_is_refused(rows):
    catalogue, home = rows
    asset = replace(imported(home.id), media=REFERENCES[0])
    decided_from, wanted = UrlOnlyMedia(f"{URL}?old"), UrlOnlyMedia(URL)
    await catalogue.write(lambda transaction: assets.insert(transaction, asset))
    with pytest.raises(ConflictError):
        await catalogue.write(
            lambda transaction: assets.set_media(transaction, asset.id, wanted, before=decided_from)
        )
    is_set = await catalogue.write(
        lambda transaction: assets.set_media_unless_changed(
            transaction, asset.id, wanted, before=decided_from
        )
    )
    assert not is_set
    assert await catalogue.read(lambda connection: assets.get(connection, asset.id)) == asset


async def test_a_folder_that_differs_only_in_case_is_taken(rows):
    catalogue, _ = rows
    await add(catalogue, replace(project("A"), folder="Teaser"))
    free = await catalogue.read(lambda connection: projects.free_folder(connection, "TEASER"))
    assert free == "TEASER-2"


async def test_lists_of_generations_go_on_where_the_page_before_ended(rows):
    catalogue, home = rows
    # Three share each moment: the id decides between them.
    made = [
        replace(planned(home.id), created_at=NOW + timedelta(seconds=number // 3))
        for number in range(10)
    ]

    def write(transaction: Transaction) -> None:
        for generation in made:
            generations.insert(transaction, generation)

    await catalogue.write(write)
    listed, cursor = [], None
    while True:
        page = await catalogue.read(
            lambda c, after=cursor: generations.list_newest(
                c, generations.Filter(project_id=home.id), cursor=after, limit=4
            )
        )
        assert page.total == 10
        listed += [generation.id for generation in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    newest_first = sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)
    assert listed == [generation.id for generation in newest_first]


async def test_what_has_not_ended_is_found_again_oldest_first(rows):
    catalogue, home = rows
    old = replace(planned(home.id), created_at=NOW - timedelta(days=1))
    new, ended = planned(home.id), planned(home.id)

    def write(transaction: Transaction) -> None:
        for generation in (new, old, ended):
            generations.insert(transaction, generation)
        generations.move(transaction, ended.id, Cancelled(), now=NOW)

    await catalogue.write(write)
    assert await catalogue.read(generations.unfinished) == [old.id, new.id]


async def test_two_generations_cannot_hold_the_same_request_of_the_provider(rows):
    catalogue, home = rows
    first, second = planned(home.id), planned(home.id)

    def submit(transaction: Transaction, generation: Generation) -> None:
        generations.insert(transaction, generation)
        generations.move(transaction, generation.id, Submitting(NOW), now=NOW)
        generations.move(transaction, generation.id, Submitted(TICKET), now=NOW)

    await catalogue.write(lambda transaction: submit(transaction, first))
    with pytest.raises(CatalogueError) as caught:
        await catalogue.write(lambda transaction: submit(transaction, second))
    assert caught.value.problem.facts["sqlite_error"] == "SQLITE_CONSTRAINT_UNIQUE"
    assert await catalogue.read(lambda c: generations.is_claimed(c, TICKET.request_id))

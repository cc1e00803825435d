"""From a prompt to a saved clip through the emulator: the good way, and every fault on it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from rushes.domain.errors import ConflictError, CostLimitError, DiskFullError, RushesError
from rushes.domain.generation import Cancelled, Done, Failed, Planned, Saving, Unconfirmed
from rushes.domain.media_reference import MediaReference, SavedMedia, UnsavedMedia
from rushes.pipeline.advance import Lanes, advance
from rushes.pipeline.pace import Backoff, Pace, Patience
from rushes.pipeline.plan import Ask, plan
from rushes.providers.provider import CancelOutcome
from rushes.studio import Studio, open_studio
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.server.conftest import client_of
from tests.studios import QUICK, ask, look_at, settings_for, studio_for, take


async def test_a_prompt_becomes_a_saved_checked_listed_clip(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask("a heron", duration=6))
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert isinstance(asset.media, SavedMedia)
    kept = (tmp_path / asset.media.path).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == asset.media.sha256
    assert len(kept) == asset.media.size
    assert httpx.get(asset.media.url or "").content == kept
    assert asset.facts is not None
    assert (asset.facts.width, asset.facts.height, asset.facts.fps) == (320, 180, 25)
    names = [step.name for step in generation.steps]
    assert " ".join(names) == "asked sent queued running delivered downloaded checked saved"
    assert len(fal.ledger) == 1


@pytest.mark.parametrize(
    "fault",
    [
        "submit-reply-lost",
        "submit-reply-cut",
        "submit-reply-garbage",
        "submit-reply-bare",
        "submit-502-html",
        "submit-429",
        "submit-slow",
        "direct-answer",
        "foreign-links",
        "back-to-queue",
        "status-500",
        "status-502-html",
        "status-429",
        "status-401",
        "status-cut",
        "status-strange",
        "status-gone*1",
        "status-gone*6 result-gone*6",
        "result-500-passing",
        "result-502-html",
        "result-early-400",
        "result-early-202",
        "result-html",
        "result-cut",
        "file-size-null",
        "list-late submit-reply-lost",
        "list-500-once submit-reply-lost",
        "media-500-once",
        "media-429-once",
        "media-cut-once",
        "media-cut-no-range",
        "media-cut-changed file-size-null",
        "media-no-length",
        "media-redirect-ok",
        "media-slow",
    ],
)
async def test_what_passes_is_survived_with_one_submit_and_the_whole_clip(
    tmp_path: Path, fal: FalEmulator, fault: str
) -> None:
    marks = "".join(f"[fault:{name}]" for name in fault.split())
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask(f"a heron {marks}"))
    assert isinstance(generation.state, Done), generation
    assert asset is not None
    assert isinstance(asset.media, SavedMedia)
    assert len(fal.ledger) == 1
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    ("fault", "code", "bought"),
    [
        ("submit-401", "provider_key_refused", 0),
        ("submit-403-locked", "provider_account_locked", 0),
        ("submit-404", "provider_model_gone", 0),
        ("submit-422", "provider_rejected", 0),
        ("status-gone", "provider_result_gone", 1),
        ("result-422-content", "provider_content_refused", 1),
        ("result-422-validation", "provider_rejected", 1),
        ("result-500-model", "provider_generation_failed", 1),
        ("result-504", "provider_generation_failed", 1),
        ("result-gone", "provider_result_gone", 1),
        ("result-garbage", "provider_result_unreadable", 1),
    ],
)
async def test_a_refusal_ends_the_generation_with_its_reason_and_leaves_no_file(
    tmp_path: Path, fal: FalEmulator, fault: str, code: str, bought: int
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask(f"a heron [fault:{fault}]"))
    assert isinstance(generation.state, Failed)
    assert generation.state.problem.code == code
    assert asset is None
    assert len(fal.ledger) == bought
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("model", "cost"), [("ltx-2.3-fast", Decimal("0.24")), ("ltx-2.5-fast", None)]
)
async def test_what_a_take_cost_is_reckoned_where_a_unit_has_a_price(
    tmp_path: Path, fal: FalEmulator, model: str, cost: Decimal | None
) -> None:
    order = replace(ask("a heron", duration=6), models=(model,))
    fal.settings.clip_seconds = 6
    async with studio_for(tmp_path, fal) as studio:
        generation, _ = await take(studio, order)
    assert generation.billed_units == Decimal(6)
    assert generation.actual_cost == cost


async def test_a_request_that_the_provider_knows_after_all_goes_on_when_it_is_looked_for(
    tmp_path: Path, fal: FalEmulator
) -> None:
    often = QUICK.gone_attempts + 1
    async with studio_for(tmp_path, fal) as studio, client_of(studio) as client:
        generation, _ = await take(studio, ask(f"a heron [fault:status-gone*{often}]"))
        settle = f"/api/generations/{generation.id}/settle"
        assert isinstance(generation.state, Failed)
        assert f"rushes settle {generation.id}" in generation.state.problem.remedy
        assert [step.name for step in generation.steps] == ["asked", "sent", "waiting", "failed"]
        assert [notice.code for notice in await studio.notices.list_newest()] == [
            "generations_failed"
        ]
        still = (await client.post(settle)).json()
        assert (still["state"], still["problem"]["code"]) == ("failed", "provider_result_gone")
        assert await studio.generations.get(generation.id) == generation
        assert (await client.post(settle)).json()["state"] != "failed"
        await studio.pipeline.until_quiet()
        generation, asset = await look_at(studio, generation.id)
        assert asset is not None
        assert (generation.state.name, asset.media.state) == ("done", "saved")
        assert await studio.notices.list_newest() == []
    assert len([seen for seen in fal.seen if seen.method == "POST"]) == 1


async def test_a_provider_that_does_not_answer_leaves_a_failed_request_as_it_is(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio, client_of(studio) as client:
        generation, _ = await take(studio, ask("a heron [fault:result-gone]"))
        fal.key = "another:key"
        answer = await client.post(f"/api/generations/{generation.id}/settle")
        assert answer.json()["code"] == "provider_key_refused"
        assert await studio.generations.get(generation.id) == generation
        fal.key = "test:key"


@pytest.mark.parametrize("fault", ["result-422-content", "result-garbage", "submit-422"])
async def test_what_failed_for_another_reason_is_not_asked_about_again(
    tmp_path: Path, fal: FalEmulator, fault: str
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, _ = await take(studio, ask(f"a heron [fault:{fault}]"))
        asked = len(fal.seen)
        assert await studio.pipeline.settle(generation.id) == generation
    assert len(fal.seen) == asked


async def test_an_answer_that_cannot_be_read_is_kept_word_for_word(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, _ = await take(studio, ask("a heron [fault:result-garbage]"))
    assert isinstance(generation.state, Failed)
    assert generation.state.document
    assert generation.state.ticket is not None


@pytest.mark.parametrize(
    "fault",
    ["submit-lost", "submit-500-json", "submit-503-json", "submit-502-unbought", "submit-redirect"],
)
async def test_a_lost_answer_is_looked_up_and_never_sent_again(
    tmp_path: Path, fal: FalEmulator, fault: str
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, _ = await take(studio, ask(f"a heron [fault:{fault}]"))
    assert isinstance(generation.state, Unconfirmed)
    assert generation.state.failure.attempts > 1
    assert len([seen for seen in fal.seen if seen.method == "POST"]) == 1
    assert not fal.ledger


async def test_a_lost_request_that_another_generation_holds_is_not_taken_twice(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.faults.script(None, "submit-lost")
    async with studio_for(tmp_path, fal) as studio:
        first, _ = await take(studio, ask("the same prompt"))
        second, _ = await take(studio, ask("the same prompt"))
    assert isinstance(first.state, Done)
    assert isinstance(second.state, Unconfirmed)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("media-html", "download_not_media"),
        ("media-random", "media_unreadable"),
        ("media-zip", "media_unreadable"),
        ("media-truncated", "media_unreadable"),
        ("media-redirect-elsewhere", "media_host_refused"),
    ],
)
async def test_bytes_that_are_no_clip_are_never_called_saved(
    tmp_path: Path, fal: FalEmulator, fault: str, code: str
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(
            studio, ask(f"a heron [fault:file-size-null][fault:{fault}]")
        )
    assert isinstance(generation.state, Saving)
    assert asset is not None
    assert asset.media.state == "url_only"
    failure = asset.media.failure
    assert failure is not None
    assert (failure.problem.code, failure.problem.retryable) == (code, False)
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


async def test_a_wrong_size_from_the_provider_does_not_lose_a_clip_that_came_whole(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask("a heron [fault:media-wrong-length]"))
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert asset.media.state == "saved"


async def test_a_clip_whose_name_cannot_be_chosen_is_unsaved_and_says_why(
    tmp_path: Path, fal: FalEmulator
) -> None:
    (tmp_path / "media").write_text("not a folder")
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(project.id, ask("a heron"))
        while not isinstance(media := await media_of(studio, planned.id), UnsavedMedia):
            await asyncio.sleep(0.01)
        (tmp_path / "media").unlink()
        await studio.pipeline.until_quiet()
        assert isinstance(await media_of(studio, planned.id), SavedMedia)
    assert media.failure.problem.facts["errno"] == "ENOTDIR"
    assert len(fal.ledger) == 1


async def media_of(studio: Studio, generation_id: str) -> MediaReference | None:
    _, asset = await look_at(studio, generation_id)
    return None if asset is None else asset.media


@pytest.mark.parametrize("fault", ["media-404", "media-403", "media-410"])
async def test_a_clip_that_is_gone_expires_after_the_provider_was_asked_once_more(
    tmp_path: Path, fal: FalEmulator, fault: str
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask(f"a heron [fault:{fault}]"))
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert asset.media.state == "expired"
    results = [seen for seen in fal.seen if seen.method == "GET" and seen.path.count("/") == 4]
    assert len(results) >= 2


async def test_a_short_body_stays_url_only_and_is_tried_again(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(project.id, ask("a heron [fault:media-short]"))
        asset = None
        while asset is None or getattr(asset.media, "failure", None) is None:
            await asyncio.sleep(0.02)
            _, asset = await look_at(studio, planned.id)
    assert asset.media.state == "url_only"
    assert asset.media.failure.problem.code == "download_interrupted"
    assert asset.media.failure.problem.retryable
    assert not list(tmp_path.rglob("*.mp4"))


async def test_an_unreachable_provider_keeps_the_generation_planned_until_it_answers(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal, fal_queue_url="http://127.0.0.1:9") as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(project.id, ask("a heron"))
        generation = planned
        while not (isinstance(generation.state, Planned) and generation.state.failure):
            await asyncio.sleep(0.02)
            generation = await studio.generations.get(planned.id)
        assert generation.state.failure.problem.code == "provider_unreachable"
    async with studio_for(tmp_path, fal) as studio:
        await studio.pipeline.until_quiet()
        generation, _ = await look_at(studio, planned.id)
    assert isinstance(generation.state, Done)
    assert len(fal.ledger) == 1


@pytest.mark.parametrize(
    ("fault", "earlier"), [("submit-429", 0), ("status-429", 1), ("media-429-once", 5)]
)
async def test_who_asks_for_no_wait_at_all_is_asked_again_after_our_own(
    tmp_path: Path, fal: FalEmulator, fault: str, earlier: int
) -> None:
    fal.settings.retry_after_seconds = 0
    own = Backoff(first=7, factor=1, longest=7)
    pace = Pace(Patience(least=7, share=0, longest=7), unreachable=own, download=own)
    async with open_studio(settings_for(tmp_path, fal), pace=pace) as studio:
        [(project, _)] = await studio.projects.list_all()
        tools, lanes = studio.pipeline._tools, Lanes()
        [planned] = (await plan(tools, project.id, ask(f"a heron [fault:{fault}]"))).generations
        for _ in range(earlier):
            await advance(tools, lanes, planned.id)
        assert await advance(tools, lanes, planned.id) == 7
        generation, asset = await look_at(studio, planned.id)
    refused = asset.media if asset is not None else generation.state
    assert getattr(refused, "failure", None) is not None or generation.steps[-1].name == "waiting"


async def test_a_planned_generation_can_be_taken_back_and_is_never_sent(
    tmp_path: Path, fal: FalEmulator
) -> None:
    slow = Pace()
    async with studio_for(tmp_path, fal, pace=slow, fal_queue_url="http://127.0.0.1:9") as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(project.id, ask("a heron"))
        outcome = CancelOutcome.UNKNOWN
        while outcome is not CancelOutcome.CANCELLED:
            try:
                outcome = await studio.pipeline.cancel(planned.id)
            except ConflictError:
                await asyncio.sleep(0.02)
        await studio.pipeline.until_quiet()
    async with studio_for(tmp_path, fal) as studio:
        generation, _ = await look_at(studio, planned.id)
    assert isinstance(generation.state, Cancelled)
    assert not fal.ledger


async def test_a_waiting_request_can_be_taken_back_at_the_provider(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        [planned] = await studio.pipeline.generate(
            project.id, ask("a heron [fault:stuck-in-queue]")
        )
        while (await studio.generations.get(planned.id)).ticket is None:
            await asyncio.sleep(0.02)
        assert await studio.pipeline.cancel(planned.id) is CancelOutcome.CANCELLED
        await studio.pipeline.until_quiet()
        generation, asset = await look_at(studio, planned.id)
    assert isinstance(generation.state, Cancelled)
    assert asset is None


async def test_what_is_delivered_cannot_be_taken_back(tmp_path: Path, fal: FalEmulator) -> None:
    async with studio_for(tmp_path, fal) as studio:
        generation, asset = await take(studio, ask("a heron"))
        assert await studio.pipeline.cancel(generation.id) is CancelOutcome.TOO_LATE
        after = await look_at(studio, generation.id)
    assert after == (generation, asset)


async def test_one_prompt_for_several_models_is_one_take_of_each(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        wanted = ask("a heron", "ltx-2.3-fast", "ltx-2.3-pro", "ltxv2_fast_t2v")
        planned = await studio.pipeline.generate(project.id, wanted)
        await studio.pipeline.until_quiet()
        states = [(await look_at(studio, one.id))[0].state.name for one in planned]
    assert states == ["done"] * 3
    assert [one.take_number for one in planned] == [1, 2, 3]
    assert {entry.endpoint for entry in fal.ledger} == {
        "fal-ai/ltx-2.3/text-to-video/fast",
        "fal-ai/ltx-2.3/text-to-video",
        "fal-ai/ltx-2/text-to-video/fast",
    }


async def test_one_failing_model_does_not_cost_another_its_result(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.faults.script("submit-404", None)
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        planned = await studio.pipeline.generate(
            project.id, ask("a heron", "ltx-2.3-fast", "ltx-2.3-pro")
        )
        await studio.pipeline.until_quiet()
        states = {(await look_at(studio, one.id))[0].state.name for one in planned}
    assert states == {"done", "failed"}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (ask("  "), "prompt_empty"),
        (ask("x" * 100_000), "prompt_too_long"),
        (ask("x", "nope"), "model_unknown"),
        (Ask("x", (), {}), "model_missing"),
        (ask("x", bogus=1), "setting_unknown"),
        (ask("x", duration="6"), "setting_illegal"),
        (ask("x", duration=12, fps=50), "combination_illegal"),
        (ask("x", "ltx-2.3-fast", "ltx-2.3-pro", duration=20), "setting_illegal"),
    ],
)
async def test_an_illegal_order_is_refused_whole_before_anything_is_written(
    tmp_path: Path, fal: FalEmulator, wanted: Ask, code: str
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        with pytest.raises(RushesError) as refused:
            await studio.pipeline.generate(project.id, wanted)
        page = await studio.generations.list_newest()
    assert refused.value.problem.code == code
    assert page.total == 0
    assert not fal.seen


async def test_a_cost_limit_is_kept_for_the_whole_order(tmp_path: Path, fal: FalEmulator) -> None:
    wanted = Ask("x", ("ltx-2.3-fast", "ltx-2-fast"), {}, max_cost=Decimal("0.47"))
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        with pytest.raises(CostLimitError, match=r"0\.48"):
            await studio.pipeline.generate(project.id, wanted)
    assert not fal.seen


@pytest.mark.parametrize("full", ["library", "library/media"])
async def test_a_full_disk_is_refused_before_any_money(
    tmp_path: Path, fal: FalEmulator, full: str
) -> None:
    with small_disk(tmp_path / full, "4m"):
        async with studio_for(tmp_path / "library", fal) as studio:
            [(project, _)] = await studio.projects.list_all()
            with pytest.raises(DiskFullError) as refused:
                await studio.pipeline.generate(
                    project.id, replace(ask("a heron"), ignores_room=False)
                )
            page = await studio.generations.list_newest()
    assert page.total == 0
    assert refused.value.problem.facts["free"]
    assert not fal.seen


async def test_a_person_may_order_although_the_disk_seems_too_full(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with small_disk(tmp_path / "disk", "40m") as disk:
        async with studio_for(disk, fal) as studio:
            generation, asset = await take(studio, ask("a heron"))
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert asset.media.state == "saved"


async def test_a_disk_that_fills_while_saving_leaves_the_take_unsaved_and_then_saves_it_by_itself(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with small_disk(tmp_path / "media", "400m") as disk:
        async with studio_for(tmp_path, fal) as studio:
            [(project, _)] = await studio.projects.list_all()
            fal.settings.slow_piece_seconds = 0.1
            [planned] = await studio.pipeline.generate(
                project.id, ask("a heron [fault:media-slow]")
            )
            while (await studio.generations.get(planned.id)).asset_id is None:
                await asyncio.sleep(0.01)
            filler = disk / "filler"
            with filler.open("wb") as file:
                free = shutil.disk_usage(disk).free
                os.posix_fallocate(file.fileno(), 0, free)
            asset = None
            while asset is None or asset.media.state != "unsaved":
                await asyncio.sleep(0.02)
                generation, asset = await look_at(studio, planned.id)
                assert not isinstance(generation.state, Done), "the disk was not full in time"
            assert asset.media.failure.problem.code == "disk_full"
            filler.unlink()
            await studio.pipeline.until_quiet()
            generation, asset = await look_at(studio, planned.id)
    assert isinstance(generation.state, Done)
    assert asset is not None
    assert asset.media.state == "saved"
    assert len(fal.ledger) == 1


async def test_a_lost_take_does_not_claim_the_request_of_its_twin_that_is_being_sent(
    tmp_path: Path, fal: FalEmulator
) -> None:
    # Of two takes that are the same, one answer is lost at once and the other comes late: until
    # then fal's list shows a request that belongs to the late one.
    fal.settings.slow_seconds = 0.5
    fal.faults.script("submit-lost", "submit-slow")
    wanted = Ask("a heron", ("ltx-2.3-fast",), {}, takes=2)
    async with studio_for(tmp_path, fal) as studio:
        [(project, _)] = await studio.projects.list_all()
        planned = await studio.pipeline.generate(project.id, wanted)
        await studio.pipeline.until_quiet()
        states = [(await look_at(studio, one.id))[0].state.name for one in planned]
    assert sorted(states) == ["done", "unconfirmed"]
    assert len(fal.ledger) == 1

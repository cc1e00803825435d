"""What needs a person: said once, kept until it is dismissed, closed when its cause is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from rushes.domain.notice import CONCERNS
from tests.disks import small_disk
from tests.emulator import FalEmulator
from tests.integration.test_recovery import BY_HAND, NEVER, Face, face, fill, full_disk
from tests.studios import ask


async def test_a_dismissed_notice_stays_away_and_only_a_new_thing_makes_another(
    tmp_path: Path, fal: FalEmulator
) -> None:
    with full_disk(tmp_path):
        async with face(tmp_path, fal) as library:
            [one] = await library.generate("one")
            [notice] = (await library.get("notices"))["items"]
            dismissed = await library.post(f"notices/{notice['id']}/dismiss")
            assert (dismissed["open"], dismissed["count"]) == (False, 1)
            await library.post(f"assets/{one}/retry")
            assert await library.notices() == []
            await library.generate("two")
            assert await library.notices() == [("clips_unsaved", 1)]
            closed = (await library.get("notices", closed=True))["items"]
            assert len(closed) == 2


async def test_clips_that_no_place_could_hold_are_one_notice_and_retry_saves_them(
    tmp_path: Path, fal: FalEmulator
) -> None:
    home = tmp_path / "library"
    with full_disk(home) as filler, small_disk(tmp_path / "library-spool") as spool:
        fill(spool)
        async with face(home, fal, memory_room=0) as library:
            clips = await library.generate("one", "two")
            for clip in clips:
                media = await library.media(clip)
                assert (media["state"], media["error"]["code"]) == ("url_only", "disk_full")
            [notice] = (await library.get("notices"))["items"]
            assert (notice["code"], notice["count"]) == ("clips_unsaved", 2)
            assert notice["title"] == "2 clips could not be saved."
            assert notice["level"] == "error"
            filler.unlink()
            answer = await library.client.post(notice["action"]["href"])
            assert (answer.json()["saved"], answer.json()["not_saved"]) == (2, 0)
            assert await library.notices() == []


async def test_a_clip_whose_bytes_went_with_the_memory_that_held_them_is_still_told(
    tmp_path: Path, fal: FalEmulator
) -> None:
    home = tmp_path / "library"
    with full_disk(home), small_disk(tmp_path / "library-spool") as spool:
        fill(spool)
        async with face(home, fal) as library:
            [clip] = await library.generate("one")
            assert (await library.media(clip))["state"] == "unsaved"
            assert await library.notices() == [("clips_unsaved", 1)]
        async with face(home, fal, memory_room=0) as library:
            await library.until(clip, "url_only")
            assert await library.notices() == [("clips_unsaved", 1)]


async def test_notices_survive_a_restart_and_all_can_be_dismissed_at_once(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await library.generate("one [fault:media-404]")
        await fail(library, "two [fault:submit-422]")
    async with face(tmp_path, fal) as library:
        assert set(await library.notices()) == {("clips_expired", 1), ("generations_failed", 1)}
        gone = await library.client.post("/api/notices/dismiss")
        assert len(gone.json()["items"]) == 2
        assert await library.notices() == []
        assert (await library.client.post("/api/notices/dismiss")).json()["items"] == []


async def test_failed_generations_of_a_project_are_one_notice(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        for number in range(3):
            await fail(library, f"{number} [fault:submit-422]")
        [notice] = (await library.get("notices"))["items"]
        assert (notice["code"], notice["count"]) == ("generations_failed", 3)
        assert notice["title"] == "3 generations have failed."
        assert notice["action"] == {
            "label": "Open project",
            "method": "GET",
            "href": f"/api/projects/{library.project}",
        }
        assert notice["duration"] == 10_000


async def test_a_download_that_is_given_up_is_told_and_download_tries_it_again(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal, replace(BY_HAND, unusable_attempts=1)) as library:
        [asset] = await library.generate("one [fault:media-html*1]")
        [notice] = (await library.get("notices"))["items"]
        assert notice["code"] == "downloads_given_up"
        answer = await library.client.post(notice["action"]["href"])
        assert answer.json()["items"] == [
            {"asset_id": asset, "state": "saved", "error": None, "under_way": False}
        ]
        assert await library.notices() == []


async def test_what_goes_into_the_trash_needs_nobody_until_it_is_taken_back(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        [asset] = await library.generate("one [fault:media-404]")
        await library.client.patch(f"/api/assets/{asset}", json={"trashed": True})
        assert await library.notices() == []
        await library.client.patch(f"/api/assets/{asset}", json={"trashed": False})
        assert await library.notices() == [("clips_expired", 1)]
        await library.client.delete(f"/api/projects/{library.project}")
        assert await library.notices() == []


async def test_a_notice_that_is_not_there_cannot_be_dismissed_and_nothing_else_is(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal) as library:
        await fail(library, "one [fault:submit-422]")
        [notice] = (await library.get("notices"))["items"]
        wanted = {"ids": [notice["id"], "nothing"]}
        answer = await library.client.post("/api/notices/dismiss", json=wanted)
        assert (answer.status_code, answer.json()["code"]) == (404, "notice_not_found")
        assert await library.notices() == [("generations_failed", 1)]


async def test_a_lost_request_waits_for_the_person_who_looks_again_or_gives_it_up(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal, replace(BY_HAND, settle_for=0.3)) as library:
        wanted = ask("a heron [fault:submit-lost]")
        [planned] = await library.studio.pipeline.generate(library.project, wanted)
        address = f"/api/generations/{planned.id}/settle"
        async with asyncio.timeout(60):
            await library.studio.pipeline.until_quiet()
        assert await library.notices() == [("generations_unconfirmed", 1)]
        looked = (await library.client.post(address)).json()
        assert looked["state"] == "unconfirmed"
        given_up = (await library.client.post(address, json={"decision": "give_up"})).json()
        assert given_up["state"] == "failed"
        assert given_up["problem"]["code"] == "provider_outcome_unknown"
        assert given_up["problem"]["facts"]["may_have_been_charged"] is True
        assert "dashboard" in given_up["problem"]["remedy"]
        assert await library.notices() == []
        again = await library.client.post(address, json={"decision": "give_up"})
        assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert len([seen for seen in fal.seen if seen.method == "POST"]) == 1


async def test_a_lost_request_is_not_given_up_before_it_has_been_looked_for_long_enough(
    tmp_path: Path, fal: FalEmulator
) -> None:
    fal.settings.list_late_calls = 3
    async with face(tmp_path, fal, replace(BY_HAND, settle_for=600, settle=NEVER)) as library:
        wanted = ask("a heron [fault:submit-reply-lost][fault:list-late]")
        [planned] = await library.studio.pipeline.generate(library.project, wanted)
        while (await library.studio.generations.get(planned.id)).state.name != "unconfirmed":
            await library.studio.catalogue.feed.wait_beyond(library.studio.catalogue.feed.place)
        address = f"/api/generations/{planned.id}/settle"
        refused = await library.client.post(address, json={"decision": "give_up"})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        state = "unconfirmed"
        while state == "unconfirmed":
            state = (await library.client.post(address)).json()["state"]
        asset = await library.tried(planned.id)
        assert (await library.media(asset))["state"] == "saved"
        assert await library.notices() == []
    assert len(fal.ledger) == 1


async def test_a_list_that_cannot_be_read_says_nothing_and_is_read_until_it_answers(
    tmp_path: Path, fal: FalEmulator
) -> None:
    # As when Rushes starts offline, long after the order: there is no time left from the start.
    async with face(tmp_path, fal, replace(BY_HAND, settle_for=0)) as library:
        wanted = ask("a heron [fault:submit-reply-lost][fault:list-500]")
        [planned] = await library.studio.pipeline.generate(library.project, wanted)
        lost = await looked_for(library, planned.id, failed_looks=2)
        assert lost["attempts"] == 0
        assert "could not be looked up" in lost["problem"]["detail"]
        assert "500" in lost["problem"]["facts"]["look_error"]
        [notice] = (await library.get("notices"))["items"]
        assert notice["code"] == "generations_unconfirmed"
        assert lost["problem"]["facts"]["look_error"] in notice["detail"]
        assert "does not show" not in notice["detail"]
        address = f"/api/generations/{planned.id}/settle"
        refused = await library.client.post(address, json={"decision": "give_up"})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert "500" in refused.json()["detail"]
        fal.afflict(fal.ledger[0].request_id)
        async with asyncio.timeout(20):
            await library.studio.pipeline.until_quiet()
        found = await library.get(f"generations/{planned.id}")
        assert found["state"] == "done"
        assert await library.notices() == []
    assert len(fal.ledger) == 1


async def test_a_look_that_fails_is_not_counted_among_those_that_did_not_find_it(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal, replace(BY_HAND, settle_for=0)) as library:
        faults = "[fault:submit-reply-lost][fault:list-500-once][fault:list-empty]"
        [planned] = await library.studio.pipeline.generate(library.project, ask(f"x {faults}"))
        async with asyncio.timeout(20):
            await library.studio.pipeline.until_quiet()
        lost = await library.get(f"generations/{planned.id}")
        assert (lost["attempts"], lost["problem"]["facts"]["failed_looks"]) == (1, 1)
        assert "look_error" not in lost["problem"]["facts"]
        [notice] = (await library.get("notices"))["items"]
        assert "does not show it" in notice["detail"]
        address = f"/api/generations/{planned.id}/settle"
        given_up = (await library.client.post(address, json={"decision": "give_up"})).json()
        detail = given_up["problem"]["detail"]
        assert detail == "The provider's list did not show it in 1 look."


async def test_what_waiting_does_not_help_to_look_up_may_be_given_up(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with face(tmp_path, fal, replace(BY_HAND, settle_for=0, settle=NEVER)) as library:
        wanted = ask("a heron [fault:submit-reply-lost]")
        [planned] = await library.studio.pipeline.generate(library.project, wanted)
        await looked_for(library, planned.id, failed_looks=0)
        address = f"/api/generations/{planned.id}/settle"
        good, fal.key = fal.key, "another:key"
        lost = (await library.client.post(address)).json()
        fal.key = good
        assert lost["state"] == "unconfirmed"
        assert "rushes key" in lost["problem"]["remedy"]
        given_up = (await library.client.post(address, json={"decision": "give_up"})).json()
        assert given_up["state"] == "failed"
        assert "could not be looked up" in given_up["problem"]["detail"]
        assert "401" in given_up["problem"]["detail"]


async def looked_for(library: Face, generation_id: str, *, failed_looks: int) -> Any:
    """The generation once it is unconfirmed and at least so many looks for it have failed."""
    feed = library.studio.catalogue.feed
    async with asyncio.timeout(20):
        while True:
            place = feed.place
            found = await library.get(f"generations/{generation_id}")
            facts = found["problem"]["facts"] if found["state"] == "unconfirmed" else None
            if facts is not None and facts.get("failed_looks", 0) >= failed_looks:
                return found
            await feed.wait_beyond(place)


async def fail(library: Face, prompt: str) -> None:
    """A generation that ends without a clip."""
    await library.studio.pipeline.generate(library.project, ask(prompt))
    await library.studio.pipeline.until_quiet()


def test_every_concern_says_one_and_many_and_offers_something():
    for code, concern in CONCERNS.items():
        assert concern.code == code
        assert concern.title(1) == concern.one
        assert "1,234" in concern.title(1234)
        assert concern.action.href.startswith("/api/")

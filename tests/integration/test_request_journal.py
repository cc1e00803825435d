"""The second record of what was sent: it says what was bought, and never stands in the way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rushes.catalogue import tables
from rushes.domain.generation import Submitted, Submitting
from rushes.store.request_journal import NAME, RequestJournal
from tests.emulator import FalEmulator
from tests.studios import ask, studio_for, take


async def test_it_holds_what_was_sent_until_the_person_deletes_it(
    tmp_path: Path, fal: FalEmulator
) -> None:
    journal = RequestJournal(tmp_path)
    async with studio_for(tmp_path, fal) as studio:
        made, asset = await take(studio, ask("a heron"))
        refused, _ = await take(studio, ask("a swan [fault:submit-422]"))
        await take(studio, ask("free", "animatic", resolution="720p"))
        assert asset is not None
        [kept] = journal.read()
        assert kept.generation.id == made.id
        assert kept.generation.id != refused.id
        assert kept.generation.request == made.request
        assert kept.generation.state == Submitted(made.ticket)
        await studio.assets.change(asset.id, trashed=True)
        await studio.trash.empty()
        assert journal.read() == []
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
    assert fal.key not in (tmp_path / NAME).read_text()


async def test_what_was_sent_and_never_answered_is_one_that_may_have_been_bought(
    tmp_path: Path, fal: FalEmulator
) -> None:
    async with studio_for(tmp_path, fal) as studio:
        made, _ = await take(studio, ask("a heron"))
    file = tmp_path / NAME
    asked, _ = file.read_text().splitlines()
    file.write_text(asked)
    [lost] = RequestJournal(tmp_path).read()
    assert isinstance(lost.generation.state, Submitting)
    assert replace(lost.generation.request) == made.request


async def test_a_request_that_it_cannot_take_is_sent_all_the_same(
    tmp_path: Path, fal: FalEmulator
) -> None:
    (tmp_path / NAME).mkdir()
    async with studio_for(tmp_path, fal) as studio:
        _, asset = await take(studio, ask("a heron"))
        assert asset is not None
        assert asset.media.state == "saved"
    (tmp_path / NAME).rmdir()
    async with studio_for(tmp_path, fal) as studio:
        await studio.catalogue.write(
            lambda transaction: transaction.connection.execute(
                tables.projects.update().values(name="x" * 2000)
            )
        )
        _, asset = await take(studio, ask("a swan"))
        assert asset is not None
        assert asset.media.state == "saved"
    assert len(fal.ledger) == 2

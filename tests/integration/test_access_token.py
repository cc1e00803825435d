"""The token of a library: made once, and never empty, whenever the machine stops."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rushes.access_token import TOKEN
from rushes.settings import Settings
from rushes.studio import open_studio


async def token_of(home: Path) -> str:
    async with open_studio(Settings(home=home)) as studio:
        return studio.token


async def test_the_token_stays_the_same_and_is_for_its_owner_only(tmp_path: Path) -> None:
    first = await token_of(tmp_path)
    assert await token_of(tmp_path) == first
    assert stat.S_IMODE((tmp_path / TOKEN).stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [TOKEN, f".{TOKEN}.new"])
async def test_a_token_that_was_cut_off_while_written_is_made_anew(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / left).touch()
    assert len(await token_of(tmp_path)) > 40
    assert not list(tmp_path.glob("*.new"))

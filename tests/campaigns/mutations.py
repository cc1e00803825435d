"""Damaged media through the import: each is refused or taken, and nothing is left behind.

``times`` is how many files. Real media of each kind are changed at random: bytes, sizes in their
boxes, parts cut out, doubled, swapped, put behind each other. Whatever a file does to the process
that reads it, the studio goes on, and neither a draft nor any other file stays.
"""

from __future__ import annotations

import asyncio
import os
import random
import struct
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rushes.catalogue.assets import with_files
from rushes.domain.asset import Asset
from rushes.domain.errors import FileInputError, MediaTooCostlyError
from rushes.domain.listing import Filter
from rushes.domain.media_reference import SavedMedia
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.campaigns.outcome import Outcome
from tests.sample_media import make_clip, make_image, make_sound, make_wav

_ALL = Filter()
AT_ONCE = 4
SIZES = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
KEPT = 200
"""Files that were taken, after which their trash is emptied: the disk is not what is tried."""


def run(times: int, seed: int) -> Outcome:
    outcome = Outcome("mutations", {"seed": seed})
    with _own_temporary_folder() as folder:
        asyncio.run(_import_all(folder, times, random.Random(seed), outcome))
        left = [path for path in Path(tempfile.gettempdir()).rglob("*") if path.is_file()]
    outcome.violations += [f"{path} was left in the temporary folder" for path in left]
    return outcome


@contextmanager
def _own_temporary_folder() -> Iterator[Path]:
    """Other programs of the machine are at work in the common one. Returns a folder beside it."""
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="rushes-mutations-") as folder:
        own = Path(folder) / "temporary"
        own.mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(own)
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before[0]
            os.environ.pop("TMPDIR")
            if before[1] is not None:
                os.environ["TMPDIR"] = before[1]


async def _import_all(folder: Path, times: int, rng: random.Random, outcome: Outcome) -> None:
    samples = _samples(folder)
    results: Counter[str] = Counter()
    forgotten = 0
    async with open_studio(Settings(home=folder / "library")) as studio:
        [(project, _)] = await studio.projects.list_all()
        for start in range(0, times, AT_ONCE):
            await asyncio.gather(
                *(
                    _import_one(studio, project.id, _damaged(samples, rng), results, outcome)
                    for _ in range(min(AT_ONCE, times - start))
                )
            )
            outcome.progress(start + AT_ONCE, times)
            if results["taken"] - forgotten >= KEPT:
                forgotten = results["taken"]
                await _forget(studio)
        listed = await studio.catalogue.read(with_files)
        reading = studio.prober.idle_process_ids
    outcome.violations += _left_behind(folder / "library", listed)
    for process_id in reading:
        if Path(f"/proc/{process_id}").exists():
            outcome.violations.append(f"process {process_id} outlived the studio")
    outcome.figures.update({"files": times, **dict(sorted(results.items()))})


def _samples(folder: Path) -> dict[str, bytes]:
    made = (
        make_clip(folder / "a.mp4"),
        make_clip(folder / "b.mp4", first_index=True, frames=40),
        make_clip(folder / "c.webm", codec="libvpx", frames=4),
        make_clip(folder / "d.mkv", frames=4),
        make_image(folder / "e.png"),
        make_image(folder / "f.jpg"),
        make_image(folder / "g.webp"),
        make_wav(folder / "h.wav"),
        make_sound(folder / "i.mp3"),
    )
    return {path.name: path.read_bytes() for path in made}


async def _import_one(
    studio: Studio,
    project_id: str,
    damaged: tuple[str, bytes],
    results: Counter[str],
    outcome: Outcome,
) -> None:
    name, data = damaged

    async def pieces() -> AsyncIterator[bytes]:
        yield data

    try:
        await studio.imports.add(project_id, name, pieces())
    except FileInputError as error:
        costly = isinstance(error.__cause__, MediaTooCostlyError)
        results["refused, too costly" if costly else "refused"] += 1
    # A campaign notes whatever happens and goes on.
    except Exception as error:  # noqa: BLE001
        outcome.violations.append(f"{name}, {len(data)} bytes: {type(error).__name__}: {error}")
    else:
        results["taken"] += 1


async def _forget(studio: Studio) -> None:
    """Take what was imported away again, so that a long run needs little room."""
    while True:
        page, _ = await studio.assets.page(_ALL)
        if not page.items:
            break
        for asset in page.items:
            await studio.assets.change(asset.id, trashed=True)
    await studio.trash.empty()


def _left_behind(home: Path, assets: Sequence[Asset]) -> list[str]:
    """Files below a library that is closed, and that belong to nothing that is listed."""
    listed = {home / one.media.path for one in assets if isinstance(one.media, SavedMedia)}
    listed |= {Path(f"{path}.json") for path in listed}
    media = {path for path in (home / "media").rglob("*") if path.is_file()}
    posters = {path.stem for path in (home / "cache" / "posters").iterdir()}
    return [
        *(f"{path} is a draft that nobody writes" for path in home.rglob("*.part")),
        *(f"{path} belongs to nothing" for path in sorted(media - listed)),
        *(f"the poster of {one} belongs to nothing" for one in posters - {a.id for a in assets}),
    ]


def _damaged(samples: dict[str, bytes], rng: random.Random) -> tuple[str, bytes]:
    name = rng.choice(sorted(samples))
    data = bytearray(samples[name])
    for _ in range(rng.randint(1, 4)):
        data = bytearray(rng.choice(WAYS)(data, rng))
    if rng.random() < 0.1:
        data += samples[rng.choice(sorted(samples))]
    return rng.choice((name, rng.choice(sorted(samples)))), bytes(data)


def _flip(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 8, 200))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def _lie_about_a_size(data: bytearray, rng: random.Random) -> bytes:
    if len(data) >= 8:
        place = rng.randrange(len(data) - 4)
        boxes = [data.find(word) - 4 for word in (b"moov", b"mdat", b"stsz", b"stco", b"IDAT")]
        place = rng.choice([one for one in boxes if one >= 0] or [place])
        size = rng.choice((*SIZES, rng.getrandbits(32)))
        data[place : place + 4] = struct.pack(">I", size)
    return data


def _cut(data: bytearray, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def _cut_out(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randint(0, len(data))
    return data[:start] + data[start + rng.randint(0, 5000) :]


def _double(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randint(0, len(data))
    return data[:start] + data[start : start + 5000] + data[start:]


def _overwrite(data: bytearray, rng: random.Random) -> bytes:
    start, length = rng.randint(0, len(data)), rng.randint(1, 2000)
    filler = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
    return data[:start] + filler + data[start + length :]


WAYS: tuple[Callable[[bytearray, random.Random], bytes], ...] = (
    _flip,
    _flip,
    _lie_about_a_size,
    _cut,
    _cut_out,
    _double,
    _overwrite,
)

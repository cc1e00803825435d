"""Files that are cut off, disguised or made to do harm are refused, and the next file opens."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import struct
import sys
import zipfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
import pytest_asyncio
from PIL import Image

from rushes.domain.errors import MediaError, MediaTooCostlyError, MediaUnreadableError
from rushes.media.limits import Limits
from rushes.media.probe import FILES_PER_WORKER, Prober
from rushes.media.structure import check_whole
from tests.sample_media import make_clip, make_image, make_sound, make_wav, names_in

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prober() -> AsyncIterator[Prober]:
    """Shared: starting its process takes longer than most of what is asked of it."""
    made = Prober()
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def fresh_prober() -> AsyncIterator[Prober]:
    made = Prober()
    yield made
    await made.close()


# --- cut off ------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["index first", "index last", "webm", "mkv", "mov"])
async def test_a_clip_that_is_cut_off_is_refused(
    prober: Prober, tmp_path: Path, kind: str, share: float
) -> None:
    clip = {
        "index first": lambda: make_clip(tmp_path / "clip.mp4", first_index=True),
        "index last": lambda: make_clip(tmp_path / "clip.mp4"),
        "webm": lambda: make_clip(tmp_path / "clip.webm", codec="libvpx-vp9"),
        "mkv": lambda: make_clip(tmp_path / "clip.mkv"),
        "mov": lambda: make_clip(tmp_path / "clip.mov", first_index=True),
    }[kind]()
    os.truncate(clip, int(clip.stat().st_size * share))
    with pytest.raises(MediaUnreadableError):
        await prober.probe(clip)


@pytest.mark.parametrize("missing", [1, 2, 100])
async def test_even_a_few_missing_bytes_are_noticed(
    prober: Prober, tmp_path: Path, missing: int
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", first_index=True)
    size = clip.stat().st_size
    os.truncate(clip, size - missing)
    with pytest.raises(MediaUnreadableError, match=f"it has {size}"):
        await prober.probe(clip)


@pytest.mark.parametrize(("more", "said"), [(5, "cut off"), (0, "20 of the 40 packets")])
async def test_samples_beyond_the_end_are_noticed_even_when_the_boxes_agree(
    prober: Prober, tmp_path: Path, more: int, said: str
) -> None:
    clip = with_emptied_end(make_silent_clip(tmp_path / "clip.mp4"), more)
    check_whole(clip)
    with pytest.raises(MediaUnreadableError, match=said):
        await prober.probe(clip)


async def test_samples_beyond_the_end_of_a_large_file_are_noticed(tmp_path: Path) -> None:
    clip = with_emptied_end(make_silent_clip(tmp_path / "clip.mp4"), 0)
    prober = Prober(Limits(read_whole=0))
    with pytest.raises(MediaUnreadableError, match="last sample ends at"):
        await prober.probe(clip)
    await prober.close()


def make_silent_clip(path: Path) -> Path:
    return make_clip(path, first_index=True, frames=40, audio=False)


def with_emptied_end(clip: Path, more: int) -> Path:
    """Keep 20 samples and some more bytes, and shorten the box that holds them to match."""
    with av.open(str(clip)) as container:
        end = container.streams.video[0].index_entries[20].pos + more
    data = clip.read_bytes()
    start = data.index(b"mdat") - 4
    clip.write_bytes(data[:start] + struct.pack(">I", end - start) + data[start + 4 : end])
    return clip


async def test_a_file_with_something_behind_its_end_is_still_a_clip(
    prober: Prober, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    with clip.open("ab") as file:
        file.write(b"\xff" * 1000)
    assert (await prober.probe(clip)).frames == 12


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_an_image_that_is_cut_off_is_refused(
    prober: Prober, tmp_path: Path, image_format: str, share: float
) -> None:
    image = make_noise_image(tmp_path / "image", image_format)
    assert (await prober.probe(image)).width == 64
    os.truncate(image, int(image.stat().st_size * share))
    with pytest.raises(MediaUnreadableError):
        await prober.probe(image)


def make_noise_image(path: Path, image_format: str) -> Path:
    Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3)).save(path, image_format)
    return path


async def test_an_image_without_its_end_is_refused(prober: Prober, tmp_path: Path) -> None:
    image = make_noise_image(tmp_path / "image", "PNG")
    os.truncate(image, image.stat().st_size - 12)
    with pytest.raises(MediaUnreadableError):
        await prober.probe(image)


async def test_a_wav_that_is_cut_off_is_refused(prober: Prober, tmp_path: Path) -> None:
    sound = make_wav(tmp_path / "a.wav")
    os.truncate(sound, sound.stat().st_size // 2)
    with pytest.raises(MediaUnreadableError):
        await prober.probe(sound)


# --- not media at all ---------------------------------------------------------------------------


def zip_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("clip.mp4", b"\0" * 1000)
    return out.getvalue()


DISGUISED = {
    "empty": b"",
    "one byte": b"\0",
    "text": b"This is not a video.\n" * 50,
    "random": bytes(range(256)) * 40,
    "page": b"<!doctype html><title>Sign in</title>",
    "zip": zip_file(),
    "script": b"#!/bin/sh\necho hello\n",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "srt": b"1\n00:00:00,000 --> 00:00:01,000\nHello\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "mp4 head only": b"\0\0\0\x18ftypisom\0\0\0\0isomiso2",
    "webm head only": b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm",
    "riff without end": b"RIFF\xff\xff\xff\x7fWAVEfmt ",
    "png head only": b"\x89PNG\r\n\x1a\n",
    "jpeg head only": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("name", DISGUISED)
async def test_what_is_not_media_is_refused_whatever_its_name(
    prober: Prober, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(DISGUISED[name])
    with pytest.raises(MediaUnreadableError):
        await prober.probe(file)
    with pytest.raises(MediaUnreadableError):
        await prober.make_poster(file, tmp_path / "poster.jpg")
    assert not (tmp_path / "poster.jpg").exists()


async def test_random_bytes_are_refused(prober: Prober, tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    for size in (100, 5_000, 300_000):
        file.write_bytes(os.urandom(size))
        with pytest.raises(MediaUnreadableError):
            await prober.probe(file)


@posix_only
@pytest.mark.parametrize("suffix", [".mp4", ".m3u8", ".ffconcat", ".mpd"])
@pytest.mark.parametrize("kind", ["hls", "concat", "dash"])
async def test_a_playlist_never_opens_the_file_that_it_names(
    prober: Prober, tmp_path: Path, suffix: str, kind: str
) -> None:
    """The named file is a pipe without a writer: whoever opens it waits until time is up."""
    secret = tmp_path / "secret.ts"
    os.mkfifo(secret)
    file = tmp_path / f"clip{suffix}"
    file.write_text(
        {
            "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n",
            "concat": f"ffconcat version 1.0\nfile {secret}\n",
            "dash": f'<?xml version="1.0"?><MPD><BaseURL>file://{secret}</BaseURL></MPD>',
        }[kind]
    )
    async with asyncio.timeout(10):
        with pytest.raises(MediaUnreadableError):
            await prober.probe(file)


@posix_only
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "nothing"])
async def test_what_is_no_ordinary_file_is_refused_without_waiting(
    prober: Prober, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "clip.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    with pytest.raises(MediaUnreadableError):
        await prober.probe(path)


async def test_a_clip_in_a_codec_that_nobody_asked_for_is_refused(
    prober: Prober, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mkv", codec="rawvideo", audio=False)
    with pytest.raises(MediaUnreadableError, match="rawvideo"):
        await prober.probe(clip)


async def test_a_damaged_picture_that_never_decodes_is_refused(
    prober: Prober, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", audio=False)
    data = bytearray(clip.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[start:end] = b"\xff" * (end - start)
    clip.write_bytes(data)
    with pytest.raises(MediaUnreadableError):
        await prober.probe(clip)


# --- too much -----------------------------------------------------------------------------------


def make_bomb(path: Path, width: int, height: int) -> Path:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b""))
    return path


async def test_an_image_bomb_is_refused_by_its_size(prober: Prober, tmp_path: Path) -> None:
    bomb = make_bomb(tmp_path / "bomb.png", 60_000, 60_000)
    with pytest.raises(MediaTooCostlyError) as caught:
        await prober.probe(bomb)
    assert caught.value.problem.facts == {"width": 60_000, "height": 60_000, "limit": 120_000_000}
    with pytest.raises(MediaTooCostlyError):
        await prober.make_poster(bomb, tmp_path / "poster.jpg")


async def test_a_video_of_huge_frames_is_refused_by_its_size(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", width=640, height=480, frames=2)
    prober = Prober(Limits(frame_pixels=640 * 480 - 1))
    with pytest.raises(MediaTooCostlyError, match="640 x 480"):
        await prober.probe(clip)
    with pytest.raises(MediaTooCostlyError, match="640 x 480"):
        await prober.make_poster(clip, tmp_path / "poster.jpg")
    await prober.close()


async def test_a_table_that_hides_huge_frames_does_not_help(tmp_path: Path) -> None:
    """The container says 16 x 16, the pictures inside are larger than the limit."""
    clip = make_clip(tmp_path / "clip.mp4", width=640, height=480, frames=2, audio=False)
    size = struct.pack(">HH", 640, 480)
    data = clip.read_bytes()
    assert data.count(size) == 1
    clip.write_bytes(data.replace(size, struct.pack(">HH", 16, 16)))
    prober = Prober(Limits(frame_pixels=640 * 480 - 1))
    with pytest.raises((MediaTooCostlyError, MediaUnreadableError)):
        await prober.probe(clip)
    await prober.close()


@posix_only
async def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    image = make_image(tmp_path / "large.png", width=8000, height=8000)
    prober = Prober(Limits(memory=320 * 2**20))
    with pytest.raises(MediaTooCostlyError, match="memory"):
        await prober.probe(image)
    assert (await prober.probe(make_image(tmp_path / "small.png"))).width == 80
    await prober.close()


# --- the process that reads ---------------------------------------------------------------------


async def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """No process can even start in so short a time."""
    prober = Prober(Limits(wall_seconds=0.001))
    with pytest.raises(MediaTooCostlyError, match=r"longer than 0\.001 s"):
        await prober.probe(make_clip(tmp_path / "clip.mp4"))
    assert prober.idle_process_ids == []
    await prober.close()


@posix_only
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (signal.SIGKILL, MediaTooCostlyError),
        (signal.SIGXCPU, MediaTooCostlyError),
        (signal.SIGSEGV, MediaUnreadableError),
    ],
)
async def test_a_process_that_is_killed_while_it_reads_fails_that_file_only(
    fresh_prober: Prober, tmp_path: Path, number: signal.Signals, kind: type[MediaError]
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    await fresh_prober.probe(clip)
    (reading,) = fresh_prober.idle_process_ids
    os.kill(reading, signal.SIGSTOP)
    probing = asyncio.create_task(fresh_prober.make_poster(clip, tmp_path / "poster.jpg"))
    await until_none_waits(fresh_prober)
    os.kill(reading, number)
    if number != signal.SIGKILL:  # any other one waits until the process goes on
        os.kill(reading, signal.SIGCONT)
    with pytest.raises(kind, match=number.name):
        await probing
    assert names_in(tmp_path) == {"clip.mp4"}
    assert (await fresh_prober.probe(clip)).frames == 12


@posix_only
async def test_a_process_that_died_while_it_waited_is_replaced_unseen(
    fresh_prober: Prober, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    await fresh_prober.probe(clip)
    (waiting,) = fresh_prober.idle_process_ids
    os.kill(waiting, signal.SIGKILL)
    await until_none_waits(fresh_prober)
    assert (await fresh_prober.probe(clip)).frames == 12


@posix_only
async def test_a_cancelled_probe_ends_its_process(fresh_prober: Prober, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    await fresh_prober.probe(clip)
    (reading,) = fresh_prober.idle_process_ids
    os.kill(reading, signal.SIGSTOP)
    probing = asyncio.create_task(fresh_prober.probe(clip))
    await until_none_waits(fresh_prober)
    probing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probing
    assert not process_exists(reading)
    assert (await fresh_prober.probe(clip)).frames == 12


async def test_no_more_processes_than_places_read_at_once(
    fresh_prober: Prober, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    await asyncio.gather(*(fresh_prober.probe(clip) for _ in range(9)))
    assert len(fresh_prober.idle_process_ids) == 2


async def test_a_process_is_replaced_after_some_files(fresh_prober: Prober, tmp_path: Path) -> None:
    image = make_image(tmp_path / "a.png", width=2, height=2)
    await fresh_prober.probe(image)
    (first,) = fresh_prober.idle_process_ids
    for _ in range(FILES_PER_WORKER - 1):
        await fresh_prober.probe(image)
    assert fresh_prober.idle_process_ids == []
    assert not process_exists(first)
    assert (await fresh_prober.probe(image)).width == 2


async def test_closing_ends_every_process(tmp_path: Path) -> None:
    prober = Prober()
    await prober.probe(make_sound(tmp_path / "a.mp3"))
    (waiting,) = prober.idle_process_ids
    await prober.close()
    assert not process_exists(waiting)


async def until_none_waits(prober: Prober) -> None:
    """Until the one process has been taken for a file, or has ended."""
    async with asyncio.timeout(10):
        while prober.idle_process_ids:
            await asyncio.sleep(0)


def process_exists(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True

"""Copies to play: each frame in its place, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from collections.abc import AsyncIterator, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import pytest_asyncio
from av.video.frame import PictureType

from rushes.domain.errors import MediaTooCostlyError, MediaUnreadableError
from rushes.media.limits import Limits
from rushes.media.probe import Prober
from rushes.media.proxies import Order, make_proxy
from tests.disks import small_disk
from tests.emulator.clips import frame_number
from tests.sample_media import make_clip, make_noise, make_numbered_clip

RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(50)]
GOP = 12


@pytest_asyncio.fixture
async def prober() -> AsyncIterator[Prober]:
    opened = Prober()
    yield opened
    await opened.close()


async def copy_of(source: Path, told: list[float] | None = None) -> Path:
    target = source.with_name("copy.part")
    shares = [] if told is None else told
    await make_proxy(Order(source, target, Fraction(3)), shares.append)
    return target


def frames_of(path: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(path), format="mp4") as container:
        yield from container.decode(video=0)


def sound_of(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        found = [(f.time, f.to_ndarray().mean(axis=0)) for f in container.decode(audio=0)]
    whole = np.zeros(int(rate * 10), np.float32)
    for time, samples in found:
        start = round(time * rate)
        whole[max(0, start) : start + len(samples)] = samples[max(0, -start) :]
    return whole


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mp4", "libx265", "yuv420p10le"),
        ("a.mkv", "libx265", "yuv420p"),
        ("a.mov", "prores_ks", "yuv422p10le"),
    ],
    ids=["hevc10", "hevc-mkv", "prores"],
)
async def test_each_frame_is_there_at_its_exact_moment(prober, tmp_path, rate, name, codec, pixels):
    source = make_numbered_clip(
        tmp_path / name, frames=61, rate=rate, codec=codec, pixel_format=pixels, audio=True
    )
    copy = await copy_of(source)
    frames = list(frames_of(copy))
    assert [frame_number(one) for one in frames] == list(range(61))
    assert [one.pts * one.time_base for one in frames] == [n / rate for n in range(61)]
    original, facts = await prober.probe(source), await prober.probe(copy)
    assert (facts.fps, facts.frames, facts.duration) == (rate, 61, original.duration)
    assert (facts.video_codec, facts.audio_codec, facts.container) == ("h264", "aac", "mp4")


async def test_a_player_can_enter_it_every_twelve_frames_and_nothing_is_reordered(tmp_path):
    copy = await copy_of(make_numbered_clip(tmp_path / "a.mp4", frames=61, codec="libx265"))
    with av.open(str(copy), format="mp4") as container:
        packets = [one for one in container.demux(video=0) if one.size]
    assert [n for n, one in enumerate(packets) if one.is_keyframe] == list(range(0, 61, GOP))
    assert all(one.pts == one.dts for one in packets)
    kinds = {PictureType(frame.pict_type) for frame in frames_of(copy)}
    assert kinds == {PictureType.I, PictureType.P}


async def test_its_index_comes_first_so_that_it_plays_before_it_is_loaded(tmp_path):
    content = (await copy_of(make_numbered_clip(tmp_path / "a.mp4"))).read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


async def test_a_clip_without_a_steady_rate_keeps_its_moments(tmp_path):
    moments = [0, 40, 95, 100, 260, 300, 301, 700]
    source = make_numbered_clip(tmp_path / "a.mp4", frames=len(moments), moments=moments)
    frames = list(frames_of(await copy_of(source)))
    assert [frame_number(one) for one in frames] == list(range(len(moments)))
    assert [round(one.time * 1000) for one in frames] == moments


@pytest.mark.parametrize("rotation", [90, 180, 270])
async def test_a_turned_clip_is_turned_in_the_same_way(prober, tmp_path, rotation):
    source = make_clip(tmp_path / "a.mp4", width=96, height=64, rotation=rotation)
    facts, copied = await prober.probe(source), await prober.probe(await copy_of(source))
    assert (copied.width, copied.height) == (facts.width, facts.height)
    with av.open(str(source)) as one, av.open(str(source.with_name("copy.part"))) as other:
        turned = [next(c.decode(video=0)).rotation for c in (one, other)]
    assert turned[0] == turned[1]


@pytest.mark.parametrize(
    ("size", "aspect", "expected"),
    [
        ((1920, 1080), Fraction(1), (1280, 720)),
        ((1080, 1920), Fraction(1), (720, 1280)),
        ((320, 180), Fraction(1), (320, 180)),
        ((160, 120), Fraction(4, 3), (212, 120)),
    ],
)
async def test_it_is_at_most_1280_wide_with_square_pixels(prober, tmp_path, size, aspect, expected):
    source = make_clip(
        tmp_path / "a.mp4", frames=2, width=size[0], height=size[1], aspect=aspect, audio=False
    )
    copied = await prober.probe(await copy_of(source))
    assert (copied.width, copied.height) == expected


async def test_the_sound_stays_where_it_was(tmp_path):
    source = make_numbered_clip(tmp_path / "a.mp4", frames=75, codec="libx265", audio=True)
    before, after = sound_of(source), sound_of(await copy_of(source))
    lags = range(-200, 201)
    middle = slice(24_000, 96_000)
    fits = [float(np.dot(before[middle], np.roll(after, lag)[middle])) for lag in lags]
    # A tone of 440 Hz fits again after 109 samples: nearest to none is what counts.
    assert abs(lags[int(np.argmax(fits))]) % 109 <= 1


async def test_a_sound_that_no_browser_plays_becomes_one_that_all_do(prober, tmp_path):
    source = tmp_path / "a.m4a"
    with av.open(str(source), "w", format="ipod") as container:
        stream = container.add_stream("alac", rate=48000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((2, 4096), np.int16), format="s16p", layout="stereo"
        )
        frame.rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    facts = await prober.probe(await copy_of(source))
    assert (facts.kind.value, facts.audio_codec) == ("audio", "aac")


async def test_it_says_how_far_it_is(tmp_path):
    told: list[float] = []
    await copy_of(make_numbered_clip(tmp_path / "a.mp4", frames=100), told)
    assert told == sorted(told)
    assert len(told) > 3
    assert 0 <= told[0] < told[-1] <= 1


async def test_what_cannot_be_read_is_said(tmp_path):
    broken = tmp_path / "a.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypisom" + bytes(500))
    with pytest.raises(MediaUnreadableError):
        await copy_of(broken)
    with pytest.raises(MediaUnreadableError):
        await copy_of(tmp_path / "nothing.mp4")


async def test_making_it_keeps_to_the_limits(tmp_path):
    source = make_numbered_clip(tmp_path / "a.mp4", frames=3)
    order = Order(source, tmp_path / "copy.part", Fraction(1))
    with pytest.raises(MediaTooCostlyError):
        await make_proxy(order, lambda _: None, Limits(frame_pixels=100))


async def test_a_full_disk_is_said_by_its_number(tmp_path):
    source = make_noise(tmp_path / "a.mp4", frames=20)
    with small_disk(tmp_path / "disk", "256k") as disk, pytest.raises(OSError) as raised:
        await make_proxy(Order(source, disk / "copy.part", Fraction(3)), lambda _: None)
    assert raised.value.errno == errno.ENOSPC


async def test_cancelled_it_ends_its_process(tmp_path):
    source = make_numbered_clip(tmp_path / "a.mp4", frames=200, size=(1280, 720))
    begun = asyncio.Event()
    order = Order(source, tmp_path / "copy.part", Fraction(16))
    task = asyncio.create_task(make_proxy(order, lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not working_on(order.target)


async def test_a_process_that_is_killed_is_no_copy(tmp_path):
    source = make_numbered_clip(tmp_path / "a.mp4", frames=200, size=(1280, 720))
    target = tmp_path / "copy.part"

    def kill(_: float) -> None:
        for pid in working_on(target):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(MediaTooCostlyError, match="SIGKILL"):
        await make_proxy(Order(source, target, Fraction(16)), kill)


def working_on(target: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"rushes.media.proxy_worker" in command and str(target).encode() in command:
            found.append(int(folder.name))
    return found

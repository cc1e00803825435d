"""One frame of a video, exact by its number: the picture that is written into it says which."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from rushes.domain.errors import FrameNotThereError, MediaTooCostlyError, MediaUnreadableError
from rushes.media.limits import Limits
from rushes.media.probe import Prober
from tests.emulator.clips import number_in
from tests.integration.test_probe import copy_from_frame
from tests.sample_media import make_clip, make_image, make_numbered_clip, make_sound

pytestmark = pytest.mark.asyncio(loop_scope="module")

B_FRAMES = {"bf": "3", "g": "250", "preset": "medium"}
SHORT_GROUPS = {"g": "12", "preset": "ultrafast"}
OPEN_GROUPS = {"g": "10", "bf": "3", "preset": "medium", "x264-params": "open-gop=1"}
UNSTEADY = [n * 40 + (n % 3) * 11 + (n // 7) * 200 for n in range(30)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prober() -> AsyncIterator[Prober]:
    made = Prober()
    yield made
    await made.close()


def number_of(png: bytes) -> int:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return number_in(np.asarray(image.convert("L")))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("steady.mp4", {"options": SHORT_GROUPS}),
        ("b-frames.mp4", {"options": B_FRAMES}),
        ("open-groups.mp4", {"options": OPEN_GROUPS}),
        ("film.mp4", {"rate": Fraction(24000, 1001), "options": B_FRAMES}),
        ("ntsc.mp4", {"rate": Fraction(30000, 1001), "options": SHORT_GROUPS}),
        ("fast.mp4", {"rate": 50, "options": B_FRAMES}),
        ("odd-rate.mp4", {"rate": Fraction(1000, 37), "options": B_FRAMES}),
        ("longer-sound.mp4", {"options": B_FRAMES, "audio": True}),
        ("unsteady.mp4", {"moments": UNSTEADY, "options": B_FRAMES}),
        ("unsteady.mkv", {"moments": UNSTEADY, "options": B_FRAMES}),
        (
            "vp9.webm",
            {"codec": "libvpx-vp9", "options": {"auto-alt-ref": "1", "lag-in-frames": "8"}},
        ),
        ("vp8.webm", {"codec": "libvpx", "options": {"auto-alt-ref": "1", "lag-in-frames": "8"}}),
        ("mpeg4.mp4", {"codec": "mpeg4", "options": {"bf": "2"}}),
    ],
)
async def test_each_frame_is_the_one_of_its_number_and_the_last_is_the_last(
    prober: Prober, tmp_path: Path, name: str, made: dict
) -> None:
    clip = make_numbered_clip(tmp_path / name, frames=30, **made)
    for number in (0, 1, 7, 11, 12, 13, 20, 28, 29):
        taken = await prober.take_frame(clip, number)
        assert (taken.number, number_of(taken.png)) == (number, number)
    last = await prober.take_frame(clip, None)
    assert (last.number, number_of(last.png)) == (29, 29)


async def test_a_clip_of_one_frame_begins_and_ends_with_it(prober: Prober, tmp_path: Path) -> None:
    clip = make_numbered_clip(tmp_path / "one.mp4", frames=1)
    assert (await prober.take_frame(clip, None)).number == 0


async def test_frames_that_an_edit_list_hides_have_no_number(
    prober: Prober, tmp_path: Path
) -> None:
    source = make_numbered_clip(tmp_path / "source.mp4", frames=24, rate=24, options=SHORT_GROUPS)
    trimmed = copy_from_frame(source, tmp_path / "trimmed.mp4", first_shown=10)
    facts = await prober.probe(trimmed)
    first, last = await prober.take_frame(trimmed, 0), await prober.take_frame(trimmed, None)
    assert (number_of(first.png), number_of(last.png)) == (10, 23)
    assert (facts.frames, last.number) == (14, 13)


async def test_a_number_that_is_not_there_is_refused_with_how_many_there_are(
    prober: Prober, tmp_path: Path
) -> None:
    for name, codec in (("a.mp4", "libx264"), ("a.webm", "libvpx")):
        clip = make_numbered_clip(tmp_path / name, frames=5, codec=codec)
        with pytest.raises(FrameNotThereError, match="It has 5 frames"):
            await prober.take_frame(clip, 5)


async def test_the_last_that_can_be_decoded_is_the_last_where_the_end_is_damaged(
    prober: Prober, tmp_path: Path
) -> None:
    clip = make_numbered_clip(tmp_path / "clip.mp4", frames=20, options={"g": "1"})
    with av.open(str(clip)) as container:
        last = [packet for packet in container.demux(video=0) if packet.size][-1]
        place, size = last.pos, last.size
    content = bytearray(clip.read_bytes())
    content[place : place + size] = bytes(size)
    clip.write_bytes(content)
    taken = await prober.take_frame(clip, None)
    assert (taken.number, number_of(taken.png)) == (18, 18)
    with pytest.raises(FrameNotThereError):
        await prober.take_frame(clip, 19)


async def test_the_picture_is_upright_in_full_size_with_square_pixels(
    prober: Prober, tmp_path: Path
) -> None:
    turned = make_clip(tmp_path / "turned.mp4", rotation=90)
    wide = make_clip(tmp_path / "wide.mp4", aspect=Fraction(4, 3))
    for clip in (turned, wide):
        facts = await prober.probe(clip)
        taken = await prober.take_frame(clip, None)
        assert Image.open(io.BytesIO(taken.png)).size == (facts.width, facts.height)


@pytest.mark.parametrize(
    ("size", "red"), [((192, 108), (0.299, 0.587)), ((1280, 720), (0.2126, 0.7152))]
)
async def test_colours_that_a_file_does_not_name_are_those_of_its_size(
    prober: Prober, tmp_path: Path, size: tuple[int, int], red: tuple[float, float]
) -> None:
    luma, blue, cr = 120, 100, 170
    with av.open(str(tmp_path / "flat.mp4"), "w") as container:
        video = container.add_stream("libx264", rate=25, options={"qp": "0"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        planes = np.full((size[1] * 3 // 2, size[0]), luma, np.uint8)
        planes[size[1] : size[1] * 5 // 4] = blue
        planes[size[1] * 5 // 4 :] = cr
        container.mux(video.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        container.mux(video.encode(None))
    taken = await prober.take_frame(tmp_path / "flat.mp4", 0)
    shown = Image.open(io.BytesIO(taken.png)).getpixel((size[0] // 2, size[1] // 2))
    weight = red[0]
    expected = (luma - 16) * 255 / 219 + (cr - 128) * 255 / 224 * 2 * (1 - weight)
    assert isinstance(shown, tuple)
    assert abs(shown[0] - expected) <= 2


async def test_what_has_no_pictures_gives_none(prober: Prober, tmp_path: Path) -> None:
    for file in (make_sound(tmp_path / "a.mp3"), make_image(tmp_path / "a.png")):
        with pytest.raises(MediaUnreadableError):
            await prober.take_frame(file, 0)


async def test_taking_a_frame_keeps_to_the_limits(tmp_path: Path) -> None:
    clip = make_numbered_clip(tmp_path / "clip.mp4", frames=3)
    bound = Prober(Limits(frame_pixels=100))
    try:
        with pytest.raises(MediaTooCostlyError):
            await bound.take_frame(clip, None)
    finally:
        await bound.close()

"""What is measured in real media files, and the pictures made from them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
import pytest_asyncio
from PIL import Image

from rushes.domain.errors import MediaUnreadableError
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.media.limits import Limits
from rushes.media.probe import Prober
from tests.sample_media import make_clip, make_image, make_sound, make_wav, names_in

NTSC_FILM = Fraction(24000, 1001)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prober() -> AsyncIterator[Prober]:
    """Shared: starting its process takes longer than most of what is asked of it."""
    made = Prober()
    yield made
    await made.close()


async def test_everything_about_a_clip_is_measured(prober: Prober, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", frames=36, rate=24, width=128, height=72)
    assert await prober.probe(clip) == MediaFacts(
        kind=MediaKind.VIDEO,
        container="mp4",
        content_type="video/mp4",
        duration=Fraction(3, 2),
        width=128,
        height=72,
        fps=Fraction(24),
        frames=36,
        video_codec="h264",
        audio_codec="aac",
    )


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.webm", "libvpx-vp9")])
@pytest.mark.parametrize("rate", [NTSC_FILM, Fraction(30000, 1001), Fraction(25), Fraction(50)])
async def test_rates_and_durations_are_exact_fractions(
    prober: Prober, tmp_path: Path, name: str, codec: str, rate: Fraction
) -> None:
    facts = await prober.probe(make_clip(tmp_path / name, codec=codec, frames=13, rate=rate))
    assert facts.fps == rate
    assert facts.frames == 13
    assert facts.duration == 13 / rate


@pytest.mark.parametrize(
    ("name", "codec", "container", "content_type", "codecs"),
    [
        ("a.mp4", "libx264", "mp4", "video/mp4", ("h264", "aac")),
        ("a.mov", "libx264", "mov", "video/quicktime", ("h264", "aac")),
        ("a.webm", "libvpx-vp9", "webm", "video/webm", ("vp9", "opus")),
        ("a.mkv", "libx264", "mkv", "video/x-matroska", ("h264", "aac")),
    ],
)
async def test_the_container_is_known_from_the_bytes_and_not_from_the_name(
    prober: Prober,
    tmp_path: Path,
    name: str,
    codec: str,
    container: str,
    content_type: str,
    codecs: tuple[str, str],
) -> None:
    clip = make_clip(tmp_path / name, codec=codec).rename(tmp_path / "lies.avi")
    facts = await prober.probe(clip)
    assert (facts.container, facts.content_type) == (container, content_type)
    assert (facts.video_codec, facts.audio_codec) == codecs


async def test_a_clip_without_sound_has_none(prober: Prober, tmp_path: Path) -> None:
    facts = await prober.probe(make_clip(tmp_path / "clip.mp4", audio=False))
    assert facts.audio_codec is None
    assert not facts.has_audio


async def test_a_clip_of_one_frame_is_a_clip(prober: Prober, tmp_path: Path) -> None:
    facts = await prober.probe(make_clip(tmp_path / "clip.mp4", frames=1, audio=False))
    assert (facts.frames, facts.duration) == (1, Fraction(1, 24))


async def test_width_and_height_are_those_that_a_player_shows(
    prober: Prober, tmp_path: Path
) -> None:
    turned = await prober.probe(make_clip(tmp_path / "turned.mp4", rotation=90))
    wide = await prober.probe(make_clip(tmp_path / "wide.mp4", aspect=Fraction(4, 3)))
    tall = await prober.probe(make_clip(tmp_path / "tall.mp4", aspect=Fraction(1, 2)))
    assert (turned.width, turned.height) == (48, 64)
    assert (wide.width, wide.height) == (85, 48)
    assert (tall.width, tall.height) == (64, 96)


async def test_frames_that_an_edit_list_hides_are_not_counted(
    prober: Prober, tmp_path: Path
) -> None:
    source = make_clip(tmp_path / "source.mp4", frames=24, audio=False)
    trimmed = copy_from_frame(source, tmp_path / "trimmed.mp4", first_shown=10)
    facts = await prober.probe(trimmed)
    assert (facts.frames, facts.duration) == (14, Fraction(14, 24))


def copy_from_frame(source: Path, target: Path, first_shown: int) -> Path:
    """Copy every packet, and move time so that the first frames lie before zero."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream = old.streams.video[0]
        copied = new.add_stream_from_template(stream)
        assert stream.time_base is not None
        step = int(1 / Fraction(24) / stream.time_base)
        for packet in old.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts -= first_shown * step
            packet.dts -= first_shown * step
            packet.stream = copied
            new.mux(packet)
    return target


async def test_a_large_file_is_measured_from_its_table_alone(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", frames=36, rate=NTSC_FILM)
    prober = Prober(Limits(read_whole=0))
    by_table = await prober.probe(clip)
    await prober.close()
    assert (by_table.frames, by_table.duration) == (36, 36 / NTSC_FILM)


async def test_a_moov_at_either_end_is_read(prober: Prober, tmp_path: Path) -> None:
    first = make_clip(tmp_path / "first.mp4", first_index=True)
    last = make_clip(tmp_path / "last.mp4")
    assert first.read_bytes().index(b"moov") < first.read_bytes().index(b"mdat")
    assert last.read_bytes().index(b"moov") > last.read_bytes().index(b"mdat")
    assert await prober.probe(first) == await prober.probe(last)


@pytest.mark.parametrize(
    ("name", "container", "content_type", "codec"),
    [
        ("a.m4a", "m4a", "audio/mp4", "aac"),
        ("a.mp3", "mp3", "audio/mpeg", "mp3"),
        ("a.flac", "flac", "audio/flac", "flac"),
        ("a.ogg", "ogg", "audio/ogg", "opus"),
    ],
)
async def test_sounds_are_measured(
    prober: Prober, tmp_path: Path, name: str, container: str, content_type: str, codec: str
) -> None:
    facts = await prober.probe(make_sound(tmp_path / name, seconds=0.5))
    assert facts.kind is MediaKind.AUDIO
    assert (facts.container, facts.content_type) == (container, content_type)
    assert (facts.video_codec, facts.audio_codec) == (None, codec)
    assert facts.duration == pytest.approx(0.5, abs=0.03)
    assert (facts.width, facts.fps, facts.frames) == (None, None, None)


async def test_a_wav_is_as_long_as_its_samples(prober: Prober, tmp_path: Path) -> None:
    facts = await prober.probe(make_wav(tmp_path / "a.wav", samples=22051, rate=44100))
    assert facts.duration == Fraction(22051, 44100)
    assert (facts.container, facts.audio_codec) == ("wav", "pcm_s16le")


@pytest.mark.parametrize(
    ("image_format", "container", "content_type"),
    [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("WEBP", "webp", "image/webp")],
)
async def test_images_are_measured(
    prober: Prober, tmp_path: Path, image_format: str, container: str, content_type: str
) -> None:
    image = make_image(tmp_path / "lies.mp4", width=90, height=40, image_format=image_format)
    assert await prober.probe(image) == MediaFacts(
        kind=MediaKind.IMAGE,
        container=container,
        content_type=content_type,
        width=90,
        height=40,
    )


async def test_a_photo_that_lies_on_its_side_is_measured_upright(
    prober: Prober, tmp_path: Path
) -> None:
    facts = await prober.probe(make_image(tmp_path / "a.jpg", width=90, height=40, orientation=6))
    assert (facts.width, facts.height) == (40, 90)


# --- posters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "image_format"), [("poster.jpg", "JPEG"), ("poster.webp", "WEBP")]
)
async def test_a_poster_is_the_first_picture_in_the_size_asked_for(
    prober: Prober, tmp_path: Path, name: str, image_format: str
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", width=320, height=180)
    target = tmp_path / "posters" / name
    target.parent.mkdir()
    await prober.make_poster(clip, target, width=160)
    with Image.open(target) as poster:
        assert poster.format == image_format
        assert poster.size == (160, 90)
        red, green, _ = poster.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert red < 90  # the first frame; the last one is the other way round
    assert green > 160
    assert names_in(target.parent) == {name}


async def test_a_poster_is_never_larger_than_the_picture(prober: Prober, tmp_path: Path) -> None:
    target = tmp_path / "poster.jpg"
    await prober.make_poster(make_clip(tmp_path / "clip.mp4"), target)
    with Image.open(target) as poster:
        assert poster.size == (64, 48)


@pytest.mark.parametrize(("rotation", "corner"), [(90, "bottom left"), (-90, "top right")])
async def test_a_poster_stands_upright(
    prober: Prober, tmp_path: Path, rotation: int, corner: str
) -> None:
    clip = make_marked_clip(tmp_path / "clip.mp4", rotation)
    await prober.make_poster(clip, tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert poster.size == (48, 64)
        where = {"top right": (42, 6), "bottom left": (6, 58)}
        lit = {name: poster.convert("L").getpixel(place) for name, place in where.items()}
    assert max(lit, key=lambda name: lit[name]) == corner


def make_marked_clip(path: Path, rotation: int) -> Path:
    """Black, with a white mark at the top left as it is stored."""
    picture = Image.new("RGB", (64, 48))
    picture.paste((255, 255, 255), (0, 0, 16, 16))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.set_display_rotation(rotation)
        container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return path


async def test_an_image_has_a_poster_too(prober: Prober, tmp_path: Path) -> None:
    image = make_image(tmp_path / "a.png", width=1000, height=500)
    await prober.make_poster(image, tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert poster.size == (640, 320)


async def test_a_sound_has_no_poster_and_leaves_no_file(prober: Prober, tmp_path: Path) -> None:
    sound = make_wav(tmp_path / "a.wav")
    with pytest.raises(MediaUnreadableError, match="no picture"):
        await prober.make_poster(sound, tmp_path / "poster.jpg")
    assert names_in(tmp_path) == {"a.wav"}


async def test_a_poster_that_cannot_be_written_leaves_no_file(
    prober: Prober, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    (tmp_path / "poster.jpg").mkdir()
    with pytest.raises(OSError, match="poster"):
        await prober.make_poster(clip, tmp_path / "poster.jpg")
    assert names_in(tmp_path) == {"clip.mp4", "poster.jpg"}

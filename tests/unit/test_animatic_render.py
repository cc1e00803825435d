"""What an animatic file is, measured by opening it."""

import hashlib
import io
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from rushes.domain.errors import ImageInputError
from rushes.providers.animatic.plate import make_plate
from rushes.providers.animatic.render import render
from rushes.providers.animatic.request import RenderRequest

REQUEST = RenderRequest(
    prompt="A lone rider crosses the desert at dusk.",
    seed=7,
    width=320,
    height=180,
    fps=25,
    frames=30,
    has_sound=True,
)


@dataclass(frozen=True)
class Measured:
    size: tuple[int, int]
    frames: int
    fps: Fraction | None
    profile: str | None
    pixel_format: str | None
    keyframes: list[int]
    sound: tuple[str, int, int] | None


def make(folder: Path, request: RenderRequest, name: str = "clip.mp4") -> Path:
    target = folder / name
    render(request, target, lambda _done: None)
    return target


def measure(path: Path) -> Measured:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        frames = list(container.decode(video))
        context = video.codec_context
        sounds = container.streams.audio
        return Measured(
            size=(frames[0].width, frames[0].height),
            frames=len(frames),
            fps=video.average_rate,
            profile=context.profile,
            pixel_format=context.pix_fmt,
            keyframes=[index for index, frame in enumerate(frames) if frame.key_frame],
            sound=(sounds[0].codec.name, sounds[0].rate, sounds[0].channels) if sounds else None,
        )


def decode(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)])


def hear(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def picture(colour: tuple[int, ...], size: tuple[int, int] = (200, 120), kind: str = "PNG"):
    out = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("width", "height", "fps", "frames"),
    [
        (320, 180, 24, 24),
        (320, 180, 25, 26),
        (180, 320, 25, 25),
        (320, 180, 48, 48),
        (256, 144, 50, 51),
        (320, 180, 25, 1),
    ],
)
@pytest.mark.parametrize("has_sound", [True, False])
def test_the_file_has_exactly_the_form_that_was_asked_for(
    tmp_path, width, height, fps, frames, has_sound
):
    request = replace(
        REQUEST, width=width, height=height, fps=fps, frames=frames, has_sound=has_sound
    )
    measured = measure(make(tmp_path, request))
    assert measured == Measured(
        size=(width, height),
        frames=frames,
        fps=Fraction(fps),
        profile="High",
        pixel_format="yuv420p",
        keyframes=list(range(0, frames, fps)),
        sound=("aac", 48_000, 2) if has_sound else None,
    )


def test_picture_and_sound_last_equally_long(tmp_path):
    path = make(tmp_path, replace(REQUEST, frames=50))
    with av.open(str(path)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        assert video.duration * video.time_base == 2
        assert sound.duration * sound.time_base == 2
        assert video.start_time == 0


def test_a_full_hd_clip_starts_to_play_before_it_has_come_whole(tmp_path):
    path = make(tmp_path, replace(REQUEST, width=1920, height=1080, frames=25))
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    assert measure(path).size == (1920, 1080)


def test_the_same_request_makes_the_same_bytes(tmp_path):
    wide = replace(REQUEST, width=1280, height=720, frames=60)
    first, second = (make(tmp_path, wide, name) for name in ("first.mp4", "second.mp4"))
    assert digest(first) == digest(second)


def test_another_seed_makes_another_picture_and_another_sound(tmp_path):
    first = make(tmp_path, REQUEST, "first.mp4")
    second = make(tmp_path, replace(REQUEST, seed=8), "second.mp4")
    assert not np.array_equal(decode(first)[0], decode(second)[0])
    assert not np.array_equal(hear(first), hear(second))


def test_a_request_survives_being_written_and_read(tmp_path):
    plate = make_plate(picture((200, 40, 40)), "image")
    request = replace(REQUEST, prompt="Schöne Grüße 🙂 \ud800", plate=plate)
    assert RenderRequest.from_json(request.to_json()) == request


def test_the_picture_moves_and_words_light_up(tmp_path):
    frames = decode(make(tmp_path, replace(REQUEST, frames=75))).astype(np.int16)
    changed = [int(np.abs(a - b).sum()) for a, b in pairwise(frames)]
    assert min(changed) > 0
    assert frames[0].max() < 200 <= frames[-1].max()


def test_words_are_legible_in_the_very_first_frame(tmp_path):
    first = decode(make(tmp_path, REQUEST))[0].astype(np.int16)
    middle = first[54:130, 20:300]
    steps = np.abs(np.diff(middle, axis=1))
    assert (steps > 25).mean() > 0.01


def test_sound_is_there_and_quiet_and_never_clips(tmp_path):
    sound = hear(make(tmp_path, replace(REQUEST, fps=24, frames=144)))
    loudness = float(np.sqrt(np.mean(np.square(sound))))
    assert 0.02 < loudness < 0.08
    assert float(np.abs(sound).max()) < 0.5
    assert float(np.abs(sound[:, :480]).max()) < 0.01
    assert float(np.abs(sound[:, 144 * 2000 - 480 : 144 * 2000]).max()) < 0.01


def test_progress_names_every_frame_in_order(tmp_path):
    done: list[int] = []
    render(replace(REQUEST, frames=12), tmp_path / "clip.mp4", done.append)
    assert done == list(range(1, 13))


@pytest.mark.parametrize(
    "prompt",
    [
        "🎬🙂👩‍🚀🏳️‍🌈 🧑🏿",
        "שלום עולם, hello ים כחול",
        "مرحبا بالعالم",
        "夜の海、静かな波。「猫」が歩く。" * 20,
        "नमस्ते दुनिया ภาษาไทย",
        "word " * 1000,
        "x" * 5000,
        "ﷺ" * 500,
        "Z̸̢̛͎a̵̧͚l̶̨̰g̷̥̈o̴̜͒ " * 50,
        "line one\nline two\r\n\tline\x00three\x07\x1b[31m\u2028four",
        "\u202eevil\u202c \u200b\u200d\ufeff",
        "\ud800 lone surrogate",
        "\u200b",
        "-",
    ],
)
def test_any_prompt_can_be_set_in_type(tmp_path, prompt):
    request = replace(REQUEST, prompt=prompt[:5000], frames=4, has_sound=False)
    assert measure(make(tmp_path, request)).frames == 4


def test_an_image_is_shown_from_the_first_frame_on(tmp_path):
    plate = make_plate(picture((255, 255, 255)), "image")
    frames = decode(make(tmp_path, replace(REQUEST, plate=plate)))
    assert frames[0][:60].min() > 200


def test_the_end_image_is_what_is_seen_at_the_end(tmp_path):
    bright, dark = (make_plate(picture((v, v, v)), "image") for v in (250, 20))
    request = replace(REQUEST, plate=bright, end_plate=dark, frames=40)
    frames = decode(make(tmp_path, request)).astype(np.int16)
    tops = frames[:, :60].mean(axis=(1, 2))
    assert tops[0] > 220
    assert 60 < tops[27] < 200
    assert tops[-1] < 50


def test_an_image_of_another_shape_is_shown_whole(tmp_path):
    upright = Image.new("RGB", (90, 300), (128, 128, 128))
    upright.paste((255, 255, 255), (0, 0, 90, 20))
    out = io.BytesIO()
    upright.save(out, "PNG")
    request = replace(REQUEST, plate=make_plate(out.getvalue(), "image"), frames=1)
    first = decode(make(tmp_path, request))[0]
    assert first[3, 160] > 220
    assert first[3, 20] < 130


def test_a_push_in_moves_the_image(tmp_path):
    board = Image.new("RGB", (320, 180), (30, 30, 30))
    board.paste((240, 240, 240), (0, 0, 80, 60))
    out = io.BytesIO()
    board.save(out, "PNG")
    request = replace(
        REQUEST, prompt="push in", plate=make_plate(out.getvalue(), "image"), frames=20
    )
    bright = (decode(make(tmp_path, request))[:, 10] > 150).sum(axis=1)
    assert bright[0] > bright[-1] > 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_usual_kinds_of_image_are_taken(kind):
    plate = make_plate(picture((10, 200, 30), (64, 48), kind), "image")
    with Image.open(io.BytesIO(plate)) as opened:
        assert opened.size == (64, 48)


def test_a_large_image_becomes_a_plate_of_at_most_2048_pixels():
    plate = make_plate(picture((10, 200, 30), (4000, 1000)), "image")
    with Image.open(io.BytesIO(plate)) as opened:
        assert opened.size == (2048, 512)


def test_a_transparent_image_lies_on_black():
    plate = make_plate(picture((255, 255, 255, 0)), "image")
    with Image.open(io.BytesIO(plate)) as opened:
        assert opened.convert("RGB").getpixel((5, 5)) == (0, 0, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an image",
        picture((1, 2, 3))[:60],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture((1, 2, 3), kind="GIF"),
        picture((0, 0, 0), (11_000, 10_000), "PNG"),
    ],
    ids=["empty", "text", "cut off", "svg", "gif", "too many pixels"],
)
def test_what_is_not_a_usable_image_is_refused_by_field(data):
    with pytest.raises(ImageInputError) as caught:
        make_plate(data, "end_image")
    assert caught.value.problem.facts["field"] == "end_image"


def test_a_render_that_fails_leaves_nothing_behind(tmp_path):
    request = replace(REQUEST, plate=b"not a plate")
    with pytest.raises(OSError, match="cannot identify"):
        make(tmp_path, request)
    assert list(tmp_path.iterdir()) == []

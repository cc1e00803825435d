"""Makes real media at test time: small clips, images and sounds, by the same library as the studio.

Every frame of a clip has its own flat colour, so that a poster can be told from a wrong one.
"""

from __future__ import annotations

import wave
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import av
import numpy as np
from PIL import Image

from tests.emulator.clips import numbered_frame

SOUND_RATE = 48000
NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


def make_clip(
    path: Path,
    *,
    frames: int = 12,
    rate: Fraction | int = 24,
    width: int = 64,
    height: int = 48,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    audio: bool = True,
    aspect: Fraction = Fraction(1),
    rotation: int = 0,
    first_index: bool = False,
    container_format: str | None = None,
) -> Path:
    """A clip; ``first_index`` puts the table of samples before the samples (fast start)."""
    options = {"movflags": "faststart"} if first_index else {}
    with av.open(str(path), "w", format=container_format, container_options=options) as container:
        video: Any = container.add_stream(codec, rate=Fraction(rate))
        video.width, video.height, video.pix_fmt = width, height, pixel_format
        video.codec_context.sample_aspect_ratio = aspect
        if codec == "libx264":
            video.options = {"preset": "ultrafast"}
        if rotation:
            video.set_display_rotation(rotation)
        sound: Any = add_sound_stream(container, path) if audio else None
        for index in range(frames):
            container.mux(video.encode(colour_frame(index, frames, width, height)))
        container.mux(video.encode(None))
        if sound is not None:
            seconds = Fraction(frames) / Fraction(rate)
            write_sound(container, sound, int(seconds * SOUND_RATE))
    return path


def colour_frame(index: int, frames: int, width: int, height: int) -> av.VideoFrame:
    level = 40 + 180 * index // max(frames - 1, 1)
    pixels = np.full((height, width, 3), (level, 255 - level, 90), np.uint8)
    pixels[::7, ::5] = (index * 37 % 256, 20, 200)
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    frame.pts = index
    return frame


def add_sound_stream(container: Any, path: Path) -> Any:
    codec = "libopus" if path.suffix in {".webm", ".ogg"} else "aac"
    return container.add_stream(codec, rate=SOUND_RATE, layout="mono")


def write_sound(container: Any, stream: Any, samples: int) -> None:
    step = 1024
    for start in range(0, samples, step):
        count = min(step, samples - start)
        moments = np.arange(start, start + count, dtype=np.float32) / SOUND_RATE
        tone = (0.2 * np.sin(2 * np.pi * 440 * moments)).astype(np.float32)[None, :]
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.rate, frame.pts = SOUND_RATE, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def make_sound(path: Path, *, seconds: float = 0.5) -> Path:
    """A sound without pictures, in the format that the suffix names."""
    with av.open(str(path), "w") as container:
        codec = {".mp3": "libmp3lame", ".flac": "flac", ".ogg": "libopus"}.get(path.suffix, "aac")
        stream: Any = container.add_stream(codec, rate=SOUND_RATE, layout="mono")
        write_sound_as(container, stream, int(seconds * SOUND_RATE))
    return path


def write_sound_as(container: Any, stream: Any, samples: int) -> None:
    """Like ``write_sound``, for encoders that take another sample format."""
    moments = np.arange(samples, dtype=np.float32) / SOUND_RATE
    tone = (0.2 * np.sin(2 * np.pi * 440 * moments)).astype(np.float32)[None, :]
    frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
    frame.rate, frame.pts = SOUND_RATE, 0
    context = stream.codec_context
    resampler = av.AudioResampler(
        format=context.format, layout="mono", rate=SOUND_RATE, frame_size=context.frame_size or 1024
    )
    for part in (*resampler.resample(frame), *resampler.resample(None)):
        container.mux(stream.encode(part))
    container.mux(stream.encode(None))


def make_wav(path: Path, *, samples: int = 22050, rate: int = 44100) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.zeros(samples, np.int16).tobytes())
    return path


def make_image(
    path: Path,
    *,
    width: int = 80,
    height: int = 60,
    image_format: str | None = None,
    orientation: int | None = None,
) -> Path:
    image = Image.new("RGB", (width, height), (200, 60, 30))
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    image.save(path, format=image_format, exif=exif)
    return path


def names_in(folder: Path) -> set[str]:
    """What lies in a folder, hidden files as well."""
    return {file.name for file in folder.iterdir()}


def make_numbered_clip(
    path: Path,
    *,
    frames: int = 30,
    rate: Fraction | int = 25,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    options: Mapping[str, str] = NO_OPTIONS,
    moments: Sequence[int] | None = None,
    audio: bool = False,
    size: tuple[int, int] = (192, 108),
) -> Path:
    """A clip with the number of each frame in its picture.

    ``moments`` says when each is shown, in thousandths: a clip without a steady rate.
    """
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codec, rate=Fraction(rate), options=dict(options))
        video.width, video.height, video.pix_fmt = *size, pixel_format
        if moments is not None:
            video.codec_context.time_base = Fraction(1, 1000)
        sound: Any = add_sound_stream(container, path) if audio else None
        for number in range(frames):
            frame = numbered_frame(number, *size)
            if moments is not None:
                frame.pts, frame.time_base = moments[number], Fraction(1, 1000)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            # Longer than the picture, as what models deliver often is.
            write_sound(container, sound, int((frames / Fraction(rate) + 1) * SOUND_RATE))
    return path


def make_noise(path: Path, *, frames: int, codec: str = "libx264") -> Path:
    """A clip that cannot be made much smaller: about 0.1 MB for each frame."""
    chance = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream(codec, rate=25, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
        for number in range(frames):
            noise = chance.integers(0, 255, (540, 640), np.uint8)
            frame = av.VideoFrame.from_ndarray(noise, format="yuv420p")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path

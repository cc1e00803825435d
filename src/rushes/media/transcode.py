"""Makes a copy of a video or a sound that every browser plays. In the proxy's own process only.

The copy has each frame of the original, in the same order and at the same moment: frame 137 is
frame 137. A rate that is steady stays exact also where the file has rounded it to milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av

from rushes.domain.errors import MediaUnreadableError
from rushes.media.frames import colours_by_size
from rushes.media.limits import Limits
from rushes.media.proxy_sound import Sound
from rushes.media.proxy_writing import put, writing
from rushes.media.videos import (
    check_decodable,
    codec_name,
    decoded,
    first_frame,
    main_stream,
    opened,
    shown_size,
)

LONGEST_SIDE = 1280
GOP = 12
"""A player that seeks decodes at most so many frames."""
OPTIONS = {"preset": "veryfast", "crf": "23", "g": str(GOP), "bf": "0", "sc_threshold": "0"}
DECODING_THREADS = 2
ENCODING_THREADS = 2
RGB = 0
"""What FFmpeg calls the colours of a picture that is not coded as luma and chroma."""

Told: TypeAlias = Callable[[int, int], None]
"""Hears how many of how many frames are done."""


@dataclass(frozen=True, slots=True)
class Moments:
    """When each frame is shown."""

    shown: int
    start: Fraction
    """Of the first one, in seconds."""
    unit: Fraction
    """What the moments of the copy are counted in, in seconds."""
    steady: bool
    """Each frame has its place: the number of a frame says when it is shown."""


def transcode(source: Path, target: Path, limits: Limits, told: Told) -> None:
    """Write the copy, which must not exist.

    Raises:
        MediaUnreadableError: it cannot be decoded.
        MediaTooCostlyError: its pictures are too large.
        OSError: the copy cannot be written.
    """
    with opened(source) as container:
        stream = main_stream(container)
        check_decodable(stream, limits)
        is_video = stream.type == "video"
        moments = _moments(container, stream) if is_video else None
    options = {"movflags": "+faststart"}
    with (
        writing(),
        av.open(str(target), "w", format="mp4", options=options) as out,
        opened(source) as container,
    ):
        pictures = None if moments is None else _Pictures(source, out, moments, limits)
        sound = _sound(container, out, moments)
        _copy(container, pictures, sound, told)


def _sound(container: Any, out: Any, moments: Moments | None) -> Sound | None:
    known = [one for one in container.streams.audio if one.codec_context is not None]
    if not known:
        return None
    return Sound(known[0], out, None if moments is None else moments.start)


def _copy(container: Any, pictures: _Pictures | None, sound: Sound | None, told: Told) -> None:
    wanted: dict[int, Any] = {}
    if pictures is not None:
        stream = main_stream(container)
        pictures.prepare(stream)
        wanted[stream.index] = pictures
    if sound is not None:
        wanted[sound.index] = sound
    streams = [container.streams[index] for index in wanted]
    for packet in container.demux(streams):
        for frame in decoded(packet):
            wanted[packet.stream_index].add(frame)
        if pictures is not None:
            told(pictures.done, pictures.shown)
    for one in wanted.values():
        one.end()
    if pictures is not None and not pictures.done:
        raise MediaUnreadableError("No frame of it can be decoded.")


class _Pictures:
    """The pictures of the copy: upright, with square pixels, not too large."""

    def __init__(self, source: Path, out: Any, moments: Moments, limits: Limits) -> None:
        first = first_frame(source, limits)
        width, height = _stored_size(first.frame, first.aspect)
        rate = 1 / moments.unit if moments.steady else Fraction(25)
        stream: Any = out.add_stream("libx264", rate=rate, options=dict(OPTIONS))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = moments.unit
        stream.codec_context.thread_count = ENCODING_THREADS
        if first.frame.rotation:
            stream.set_display_rotation(first.frame.rotation)
        _take_colours(stream.codec_context, first.frame)
        self._out, self._stream, self._moments = out, stream, moments
        self._max_pixels = str(limits.frame_pixels)
        self.done = 0

    @property
    def shown(self) -> int:
        return self._moments.shown

    def prepare(self, stream: Any) -> None:
        context = stream.codec_context
        context.thread_count = DECODING_THREADS
        context.skip_frame = "DEFAULT"
        context.options = {"max_pixels": self._max_pixels}

    def add(self, frame: Any) -> None:
        context = self._stream.codec_context
        colours = colours_by_size(frame) if frame.colorspace == RGB else None
        picture = frame.reformat(
            width=context.width,
            height=context.height,
            format="yuv420p",
            dst_colorspace=colours,
        )
        picture.pts, picture.time_base = self._moment(frame), self._moments.unit
        picture.pict_type = 0  # as the original's encoder chose it: not our business
        put(self._out, self._stream.encode(picture))
        self.done += 1

    def _moment(self, frame: Any) -> int:
        if self._moments.steady:
            return self.done
        moment = Fraction(frame.pts) * Fraction(frame.time_base) - self._moments.start
        return round(moment / self._moments.unit)

    def end(self) -> None:
        put(self._out, self._stream.encode(None))


def _moments(container: Any, stream: Any) -> Moments:
    base = Fraction(stream.time_base)
    shown = sorted(
        packet.pts
        for packet in container.demux(stream)
        if packet.size and not packet.is_discard and packet.pts is not None
    )
    if not shown:
        raise MediaUnreadableError("None of its packets is shown.")
    start = shown[0] * base
    rate = Fraction(stream.average_rate or 0)
    steady = bool(rate) and all(
        abs((moment * base - start) * rate - number) < Fraction(1, 2)
        for number, moment in enumerate(shown)
    )
    # Codecs with hidden frames show fewer than they have packets: there only decoding counts.
    steady = steady and codec_name(stream) != "vp8"
    return Moments(len(shown), start, 1 / rate if steady else base, steady)


def _stored_size(frame: Any, aspect: Fraction) -> tuple[int, int]:
    """As it lies in the file, before it is turned: even, as the coding wants it."""
    width, height = shown_size(frame, aspect)
    scale = min(Fraction(1), Fraction(LONGEST_SIDE, max(width, height)))
    shown = _even(width * scale), _even(height * scale)
    return (shown[1], shown[0]) if frame.rotation % 180 else shown


def _even(length: Fraction) -> int:
    return max(2, 2 * round(length / 2))


def _take_colours(context: Any, frame: Any) -> None:
    """Name the colours as the original does: they are not converted."""
    context.color_range = frame.color_range
    context.color_primaries = frame.color_primaries
    context.color_trc = frame.color_trc
    if frame.colorspace == RGB:
        context.colorspace = colours_by_size(frame).value
    else:
        context.colorspace = frame.colorspace

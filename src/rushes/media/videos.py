"""Reads videos and sounds with PyAV: their facts, and their first picture.

Everything is measured from packets that are really there and one frame that is really decoded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.stream import Disposition
from PIL import Image

from rushes.domain.errors import MediaUnreadableError
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.media.formats import DEMUXERS, is_known_codec, stream_format
from rushes.media.limits import Limits
from rushes.media.pictures import check_pixels

OPEN_OPTIONS = {
    "format_whitelist": DEMUXERS,
    "protocol_whitelist": "file",
    # Otherwise opening decodes frames to learn their order, which nobody asks for here.
    "skip_frame": "all",
}
PIXEL_SHAPES = (Fraction(1, 10), Fraction(10))
"""Pixel shapes beyond these are taken for damage."""


def stream_facts(path: Path, limits: Limits) -> MediaFacts:
    """The facts of a video or a sound that is whole and really opens."""
    with opened(path) as container:
        stream = main_stream(container)
        check_decodable(stream, limits)
        facts = _written_facts(path, container, stream)
        spans = _spans(container, stream, path, limits)
    first = first_frame(path, limits)
    if facts.kind is MediaKind.AUDIO:
        return replace(facts, duration=_sound_duration(facts, spans))
    width, height = shown_size(first.frame, first.aspect)
    fps = facts.fps or _mean_rate(spans)
    return replace(
        facts,
        width=width,
        height=height,
        fps=fps,
        frames=spans.count,
        duration=_exact_duration(spans, fps),
    )


@dataclass(frozen=True, slots=True)
class FirstFrame:
    frame: Any
    aspect: Fraction


def first_frame(path: Path, limits: Limits) -> FirstFrame:
    """Decode the beginning: the proof that the file opens as what it says.

    Raises:
        MediaUnreadableError: no frame comes out.
    """
    with opened(path) as container:
        stream = main_stream(container)
        check_decodable(stream, limits)
        context = stream.codec_context
        context.thread_count = 1
        if stream.type == "video":
            context.options = {"max_pixels": str(limits.frame_pixels)}
        for packet in container.demux(stream):
            for frame in decoded(packet):
                return FirstFrame(frame, Fraction(pixel_shape(stream)))
    raise MediaUnreadableError("No frame of it can be decoded.")


def first_picture(path: Path, limits: Limits, width: int) -> Image.Image:
    """The first frame, upright, with square pixels, at most this wide."""
    first = first_frame(path, limits)
    if not isinstance(first.frame, av.VideoFrame):
        raise MediaUnreadableError("It has no picture.")
    shown_width, shown_height = shown_size(first.frame, first.aspect)
    scale = min(1.0, width / shown_width)
    size = max(1, round(shown_width * scale)), max(1, round(shown_height * scale))
    stored = tuple(reversed(size)) if first.frame.rotation % 180 else size
    small: Any = first.frame.reformat(width=stored[0], height=stored[1], format="rgb24")
    picture: Image.Image = small.to_image()
    return picture.rotate(first.frame.rotation, expand=True)


def shown_size(frame: Any, aspect: Fraction) -> tuple[int, int]:
    """Width and height as a player shows them: square pixels, turned upright."""
    width, height = frame.width, frame.height
    if aspect > 1:
        width = round(width * aspect)
    elif aspect < 1:
        height = round(height / aspect)
    return (height, width) if frame.rotation % 180 else (width, height)


def main_stream(container: Any) -> Any:
    """The first real video, else the first sound. A cover picture is not a video."""
    known = [stream for stream in container.streams if stream.codec_context is not None]
    for stream in known:
        if stream.type == "video" and not stream.disposition & Disposition.attached_pic:
            return stream
    for stream in known:
        if stream.type == "audio":
            return stream
    raise MediaUnreadableError("It has neither a picture nor a sound.")


def check_decodable(stream: Any, limits: Limits) -> None:
    """Raises for a codec that is not opened, and for a picture that is too large."""
    kind, codec = MediaKind(stream.type), codec_name(stream)
    if not is_known_codec(kind, codec):
        raise MediaUnreadableError(f"Its {kind} is coded as {codec}.", codec=codec)
    if kind is MediaKind.VIDEO:
        check_pixels(stream.codec_context.width, stream.codec_context.height, limits.frame_pixels)


def codec_name(stream: Any) -> str:
    """The codec's own name, whatever the decoder in use is called."""
    return str(stream.codec_context.codec.canonical_name)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    try:
        with av.open(str(path), options=dict(OPEN_OPTIONS)) as container:
            yield container
    except av.FFmpegError as error:
        # Without its number, which says nothing, and the path of a draft, which nobody knows.
        raise MediaUnreadableError(f"FFmpeg: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MediaUnreadableError(f"FFmpeg: {error}.") from error


def decoded(packet: Any) -> list[Any]:
    try:
        return list(packet.decode())
    except av.InvalidDataError:
        return []  # a later packet may still open; when none does, that is what is raised


def _written_facts(path: Path, container: Any, stream: Any) -> MediaFacts:
    """What the headers say, before anything is counted."""
    kind = MediaKind(stream.type)
    brand = container.metadata.get("major_brand", "")
    form = stream_format(path, container.format.name, brand, kind)
    sounds = [one for one in container.streams.audio if one.codec_context is not None]
    rate = stream.average_rate if kind is MediaKind.VIDEO else None
    length = stream.duration * stream.time_base if stream.duration is not None else None
    return MediaFacts(
        kind=kind,
        container=form.container,
        content_type=form.content_type,
        duration=length,
        fps=Fraction(rate) if rate else None,
        video_codec=codec_name(stream) if kind is MediaKind.VIDEO else None,
        audio_codec=codec_name(sounds[0]) if sounds else None,
    )


@dataclass(slots=True)
class Spans:
    """What the shown packets of the main stream cover."""

    count: int = 0
    start: Fraction | None = None
    end: Fraction | None = None

    def add(self, start: Fraction, end: Fraction) -> None:
        self.count += 1
        self.start = start if self.start is None else min(self.start, start)
        self.end = end if self.end is None else max(self.end, end)

    @property
    def duration(self) -> Fraction:
        if self.start is None or self.end is None:
            raise MediaUnreadableError("None of its packets is shown.")
        return self.end - self.start


def _spans(container: Any, stream: Any, path: Path, limits: Limits) -> Spans:
    size = path.stat().st_size
    if size > limits.read_whole and stream.frames and stream.duration is not None:
        samples = _table(container).get(stream.index)
        if samples:
            return _spans_by_table(stream, samples, size)
    return _spans_by_packets(container, stream)


def _table(container: Any) -> dict[int, Any]:
    """The table of samples of each stream, where the container has one for all of them.

    MP4 and MOV do. Others use the same name for a few places to jump to.
    """
    if "mov" not in container.format.name.split(","):
        return {}
    streams = (*container.streams.video, *container.streams.audio)
    return {one.index: one.index_entries for one in streams}


def _spans_by_table(stream: Any, samples: Any, size: int) -> Spans:
    furthest = max(sample.pos + sample.size for sample in samples)
    if furthest > size:
        raise MediaUnreadableError(
            f"It ends after {size} bytes; its last sample ends at {furthest}.",
            size=size,
            announced=furthest,
        )
    shown = sum(not sample.is_discard for sample in samples)
    start = (stream.start_time or 0) * stream.time_base
    return Spans(shown, start, start + stream.duration * stream.time_base)


def _spans_by_packets(container: Any, stream: Any) -> Spans:
    """From every packet, read to the end of the file. Nothing is decoded."""
    announced = {index: len(samples) for index, samples in _table(container).items()}
    spans, seen = Spans(), Counter[int]()
    for packet in container.demux():
        if not packet.size:
            continue
        seen[packet.stream_index] += 1
        if packet.is_corrupt:
            raise MediaUnreadableError("It is cut off: the last bytes of a packet are missing.")
        if packet.stream_index == stream.index:
            _add_packet(spans, packet, stream)
    for index, count in announced.items():
        if seen[index] < count:
            raise MediaUnreadableError(
                f"{seen[index]} of the {count} packets in its table are there.",
                packets=seen[index],
                announced=count,
            )
    return spans


def _add_packet(spans: Spans, packet: Any, stream: Any) -> None:
    moment = packet.pts if packet.pts is not None else packet.dts
    if packet.is_discard or moment is None:
        return
    length = (packet.duration or 0) * packet.time_base
    if not length and stream.type == "video" and stream.average_rate:
        length = 1 / Fraction(stream.average_rate)
    start = moment * packet.time_base
    spans.add(start, start + length)


def _exact_duration(spans: Spans, fps: Fraction | None) -> Fraction:
    """Frames by rate where the time stamps agree: theirs may be rounded to milliseconds."""
    if fps is None:
        return spans.duration
    by_rate = spans.count / fps
    if abs(by_rate - spans.duration) < 1 / (2 * fps):
        return by_rate
    return spans.duration


def _sound_duration(facts: MediaFacts, spans: Spans) -> Fraction:
    return facts.duration if facts.duration is not None else spans.duration


def _mean_rate(spans: Spans) -> Fraction | None:
    return spans.count / spans.duration if spans.duration else None


def pixel_shape(stream: Any) -> Fraction:
    """The shape of one pixel, 1 where the file says nothing usable."""
    if stream.type != "video":
        return Fraction(1)
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    least, most = PIXEL_SHAPES
    if not aspect or not least <= aspect <= most:
        return Fraction(1)
    return Fraction(aspect)

"""Takes one frame out of a video, exact by its number. Runs inside the worker process only.

A number counts the frames that are shown, from 0, in the order in which they are shown. Time is
not asked: so a rate that does not divide a second, or one that changes, makes no difference.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.video.reformatter import Colorspace
from PIL import Image

from rushes.domain.errors import FrameNotThereError, MediaUnreadableError
from rushes.media.limits import Limits
from rushes.media.messages import LAST
from rushes.media.videos import (
    check_decodable,
    codec_name,
    decoded,
    main_stream,
    opened,
    pixel_shape,
    shown_size,
)

WITH_HIDDEN_FRAMES = frozenset({"vp8"})
"""Codecs with packets that show nothing: there only decoding tells which frame is which."""
HD_LINES = 720
"""From this height on, colours that the file does not name are those of HD."""
UNNAMED_COLOURS = 2
COMPRESSION = 3
"""Quick: the picture is as exact with any."""


@dataclass(frozen=True, slots=True)
class Found:
    number: int
    frame: Any
    aspect: Fraction


def draw_frame(path: Path, limits: Limits, number: int) -> tuple[int, bytes]:
    """The frame of this number, or the ``LAST``, upright and in full size as PNG, and its number.

    Raises:
        FrameNotThereError: there are fewer frames.
        MediaUnreadableError: it has no pictures, or that one cannot be decoded.
    """
    found = _find(path, limits, number)
    picture = _picture(found)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=COMPRESSION)
    return found.number, out.getvalue()


def _find(path: Path, limits: Limits, number: int) -> Found:
    moments = _shown_moments(path, limits)
    if moments is None:
        return _counted(path, limits, number)
    wanted = len(moments) - 1 if number == LAST else number
    if wanted >= len(moments):
        raise _not_there(number, len(moments))
    found = _near(path, limits, moments, wanted, exact=number != LAST)
    # Some files cannot be entered in the middle, whatever their index says.
    return found or _counted(path, limits, number)


def _shown_moments(path: Path, limits: Limits) -> list[int] | None:
    """When each frame is shown, in order; None where the packets do not tell."""
    with opened(path) as container:
        stream = _pictures(container, limits)
        if codec_name(stream) in WITH_HIDDEN_FRAMES:
            return None
        shown = [p.pts for p in container.demux(stream) if p.size and not p.is_discard]
    if not shown or None in shown:
        return None
    return sorted(shown)


def _near(
    path: Path, limits: Limits, moments: list[int], wanted: int, *, exact: bool
) -> Found | None:
    """Decode from the last place before it that can be entered."""
    best: Found | None = None
    with opened(path) as container:
        stream = _pictures(container, limits)
        container.seek(moments[wanted], stream=stream, backward=True)
        for frame in _frames(container, stream):
            if frame.pts is None or frame.pts > moments[wanted]:
                break
            place = bisect_left(moments, frame.pts)
            if place < len(moments) and moments[place] == frame.pts:
                best = Found(place, frame, pixel_shape(stream))
            if frame.pts == moments[wanted]:
                break
    if best is None or (exact and best.number != wanted):
        return None
    return best


def _counted(path: Path, limits: Limits, number: int) -> Found:
    """Decode from the beginning and count."""
    count, last = 0, None
    with opened(path) as container:
        stream = _pictures(container, limits)
        for frame in _frames(container, stream):
            last = Found(count, frame, pixel_shape(stream))
            if count == number:
                return last
            count += 1
    if last is None:
        raise MediaUnreadableError("No frame of it can be decoded.")
    if number == LAST:
        return last
    raise _not_there(number, count)


def _pictures(container: Any, limits: Limits) -> Any:
    stream = main_stream(container)
    check_decodable(stream, limits)
    if stream.type != "video":
        raise MediaUnreadableError("It has no picture.")
    context = stream.codec_context
    context.thread_count = 1
    context.skip_frame = "DEFAULT"
    context.options = {"max_pixels": str(limits.frame_pixels)}
    return stream


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    for packet in container.demux(stream):
        yield from decoded(packet)


def _picture(found: Found) -> Image.Image:
    frame = found.frame
    width, height = shown_size(frame, found.aspect)
    stored = (height, width) if frame.rotation % 180 else (width, height)
    colours = frame.reformat(
        width=stored[0],
        height=stored[1],
        format="rgb24",
        src_colorspace=_colours(frame),
    )
    picture: Image.Image = colours.to_image()
    return picture.rotate(frame.rotation, expand=True)


def _colours(frame: Any) -> Colorspace | None:
    """How its colours are coded. What says nothing is shown by players as its size suggests."""
    if frame.colorspace != UNNAMED_COLOURS:
        return None
    return colours_by_size(frame)


def colours_by_size(frame: Any) -> Colorspace:
    return Colorspace.ITU709 if frame.height >= HD_LINES else Colorspace.ITU601


def _not_there(number: int, count: int) -> FrameNotThereError:
    return FrameNotThereError(f"It has {count} frames, numbered from 0; {number} is not there.")

"""Reads one media file: facts, poster, one frame. Runs inside the worker process only."""

from __future__ import annotations

import io
import stat
from pathlib import Path

from PIL import Image

from rushes.domain.errors import MediaUnreadableError
from rushes.domain.media_facts import MediaFacts
from rushes.media.formats import image_format
from rushes.media.frames import draw_frame
from rushes.media.limits import Limits
from rushes.media.pictures import image_facts, image_upright
from rushes.media.structure import check_whole
from rushes.media.videos import first_picture, stream_facts

QUALITY = 82
TALLEST = 4
"""A poster is at most this many times as high as it is wide."""


def read_facts(path: Path, limits: Limits) -> MediaFacts:
    """Measure the file. Raises MediaUnreadableError, MediaTooCostlyError."""
    check_is_file(path)
    form = image_format(beginning(path))
    if form is not None:
        return image_facts(path, form, limits)
    check_whole(path)
    return stream_facts(path, limits)


def draw_poster(path: Path, limits: Limits, width: int, image_format_name: str) -> bytes:
    """The first picture as a small image file. Raises like ``read_facts``."""
    check_is_file(path)
    if image_format(beginning(path)) is not None:
        picture = image_upright(path, limits)
    else:
        picture = first_picture(path, limits, width)
    picture.thumbnail((width, width * TALLEST))
    return encode(picture, image_format_name)


def read_frame(path: Path, limits: Limits, number: int) -> tuple[int, bytes]:
    """One frame of a video as PNG, and its number. Raises like ``draw_frame``."""
    check_is_file(path)
    return draw_frame(path, limits, number)


def encode(picture: Image.Image, image_format_name: str) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, image_format_name, quality=QUALITY)
    return out.getvalue()


def check_is_file(path: Path) -> None:
    """A pipe or a device would be waited for, or read for ever."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise MediaUnreadableError(f"It cannot be opened: {error.strerror}.") from error
    if not stat.S_ISREG(mode):
        raise MediaUnreadableError("It is not an ordinary file.")


def beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(12)
    except OSError as error:
        raise MediaUnreadableError(f"It cannot be opened: {error.strerror}.") from error

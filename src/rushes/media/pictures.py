"""Reads still images with Pillow: their facts, and a small copy to show."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from rushes.domain.errors import MediaTooCostlyError, MediaUnreadableError
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.media.formats import Format
from rushes.media.limits import Limits

ORIENTATION = 0x0112
TURNED = frozenset({5, 6, 7, 8})
PILLOW_NAMES = ("PNG", "JPEG", "WEBP")


def image_facts(path: Path, form: Format, limits: Limits) -> MediaFacts:
    """The facts of an image that has been decoded to its last line."""
    with open_image(path, limits) as image:
        width, height = image.size
        if image.getexif().get(ORIENTATION) in TURNED:
            width, height = height, width
    return MediaFacts(
        kind=MediaKind.IMAGE,
        container=form.container,
        content_type=form.content_type,
        width=width,
        height=height,
    )


def image_upright(path: Path, limits: Limits) -> Image.Image:
    with open_image(path, limits) as image:
        return ImageOps.exif_transpose(image)


def open_image(path: Path, limits: Limits) -> Image.Image:
    """An image with all its pixels read."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, checked before any pixel is read
    try:
        with Image.open(path, formats=PILLOW_NAMES) as image:
            check_pixels(image.width, image.height, limits.image_pixels)
            image.verify()
        image = Image.open(path, formats=PILLOW_NAMES)
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise MediaUnreadableError(f"Pillow: {error}.") from error
    return image


def check_pixels(width: int, height: int, limit: int) -> None:
    if width * height <= limit:
        return
    raise MediaTooCostlyError(
        f"It is {width} x {height}, more than {limit} pixels.",
        width=width,
        height=height,
        limit=limit,
    )

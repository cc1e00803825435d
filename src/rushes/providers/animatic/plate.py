"""The image of an image-to-video request, taken in once: the plate that the clip is made from.

A plate is a JPEG of at most 2,048 pixels a side. It is small enough to be kept in the result
itself, so that the clip can be made again from the result alone.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from rushes.domain.errors import ImageInputError

_FORMATS = ("PNG", "JPEG", "WEBP")
_LONGEST_SIDE = 2048
_MOST_PIXELS = 80_000_000
"""A little less than what Pillow warns of."""
_DOES_NOT_OPEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises for a damaged image; the warning only where warnings are errors."""


def make_plate(data: bytes, field: str) -> bytes:
    """The image as a plate.

    Raises:
        ImageInputError: it does not open, or is larger than is reasonable.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            _check_size(opened, field)
            upright = ImageOps.exif_transpose(opened)
            plate = _on_black(upright)
    except _DOES_NOT_OPEN as error:
        raise ImageInputError(f"It does not open: {error}", field=field) from error
    plate.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    plate.save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def _check_size(image: Image.Image, field: str) -> None:
    if image.width * image.height > _MOST_PIXELS:
        raise ImageInputError(
            f"It has {image.width} x {image.height} pixels; at most {_MOST_PIXELS:,} are taken.",
            field=field,
        )


def _on_black(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    ground = Image.new("RGBA", with_alpha.size, (0, 0, 0, 255))
    return Image.alpha_composite(ground, with_alpha).convert("RGB")

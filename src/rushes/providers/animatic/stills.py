"""The given image, and the end image after it, as frames: a slow push-in and a cross-fade."""

from __future__ import annotations

import io

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from rushes.providers.animatic.lettering import Mask
from rushes.providers.animatic.mood import FloatArray, Movement
from rushes.providers.animatic.overlay import planes_of

_PUSH = 0.09
"""How much larger the image is at the end than at the beginning."""
_CLOSE_ENOUGH = 1.25
"""An image whose shape differs by no more than this is cut to fill the frame."""
_CROSS_FADE = (0.45, 0.9)
"""Between which shares of the clip the end image takes over."""
_SHADED_FROM = 0.42
_DARKEST = 0.30


class Stills:
    """Frames of one or two plates; ``progress`` goes from 0 to 1."""

    def __init__(
        self, plate: bytes, end_plate: bytes | None, width: int, height: int, movement: Movement
    ) -> None:
        self._first = _Still(plate, width, height, movement)
        self._last = None if end_plate is None else _Still(end_plate, width, height, movement)
        self._shade = _shade(height)

    def frame(self, progress: float) -> VideoFrame:
        frame = self._mixed(progress)
        luma = planes_of(frame)[0][-len(self._shade) :]
        above_black = np.maximum(luma, np.uint8(16)) - np.uint8(16)
        shaded = (above_black * self._shade >> 8) + np.uint16(16)
        np.copyto(luma, shaded, casting="unsafe")
        return frame

    def _mixed(self, progress: float) -> VideoFrame:
        start, stop = _CROSS_FADE
        share = min(1.0, max(0.0, (progress - start) / (stop - start)))
        share = share * share * (3 - 2 * share)
        if self._last is None or share == 0:
            return self._first.frame(progress)
        if share == 1:
            return self._last.frame(progress)
        frame = self._first.frame(progress)
        _mix(frame, self._last.frame(progress), share)
        return frame


def _shade(height: int) -> NDArray[np.uint16]:
    """How much light each of the lower rows keeps, of 256: the words stand before it."""
    rows = height - int(height * _SHADED_FROM)
    down = np.linspace(0, 1, rows) ** 0.9
    kept = 1 - (1 - _DARKEST) * down * down * (3 - 2 * down)
    return np.rint(kept * 256).astype(np.uint16)[:, None]


class _Still:
    """A plate that fills the frame and moves slowly."""

    def __init__(self, plate: bytes, width: int, height: int, movement: Movement) -> None:
        self._width, self._height = width, height
        self._movement = movement
        with Image.open(io.BytesIO(plate), formats=("JPEG",)) as opened:
            self._planes = _to_planes(_fill(opened.convert("RGB"), width, height))

    def frame(self, progress: float) -> VideoFrame:
        frame = VideoFrame(self._width, self._height, "yuv420p")
        for target, source in zip(planes_of(frame), self._planes, strict=True):
            height, width = target.shape
            view = self._view(source.width, source.height, progress)
            shown = source.resize((width, height), Image.Resampling.BICUBIC, box=view)
            np.copyto(target, np.asarray(shown))
        return frame

    def _view(self, width: int, height: int, progress: float) -> tuple[float, float, float, float]:
        """Which part of the plate is seen; its edges lie between pixels, so it moves smoothly."""
        share = 1 - progress if self._movement.inward < 0 else progress
        hidden = 1 - 1 / (1 + _PUSH * share)
        left = width * hidden * (0.5 - 0.4 * self._movement.right)
        top = height * hidden * (0.5 - 0.4 * self._movement.down)
        return left, top, left + width * (1 - hidden), top + height * (1 - hidden)


def _mix(first: VideoFrame, second: VideoFrame, share: float) -> None:
    """Cross-fade into the first frame: ``share`` of the second."""
    weight = np.uint16(round(share * 256))
    for below, above in zip(planes_of(first), planes_of(second), strict=True):
        mixed = below * (np.uint16(256) - weight)
        mixed += above * weight
        mixed >>= 8
        np.copyto(below, mixed, casting="unsafe")


def _fill(picture: Image.Image, width: int, height: int) -> Image.Image:
    """The picture at the frame's shape, with a little more than the frame's pixels.

    Where the shapes differ much, all of it is shown before a dark blur of itself.
    """
    extent = (round(width * (1 + _PUSH)), round(height * (1 + _PUSH)))
    ratio = (picture.width / picture.height) / (width / height)
    cover = ImageOps.fit(picture, extent, Image.Resampling.BICUBIC)
    if max(ratio, 1 / ratio) <= _CLOSE_ENOUGH:
        return cover
    small = cover.resize((64, max(1, round(64 * extent[1] / extent[0]))))
    ground = small.filter(ImageFilter.GaussianBlur(3)).point(
        [value * 2 // 5 for value in range(256)] * 3
    )
    ground = ground.resize(extent, Image.Resampling.BICUBIC)
    whole = ImageOps.contain(picture, extent, Image.Resampling.BICUBIC)
    ground.paste(whole, ((extent[0] - whole.width) // 2, (extent[1] - whole.height) // 2))
    return ground


def _to_planes(picture: Image.Image) -> tuple[Image.Image, Image.Image, Image.Image]:
    red, green, blue = np.moveaxis(np.asarray(picture, dtype=np.float32), 2, 0) / 255
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    half = (max(1, picture.width // 2), max(1, picture.height // 2))
    return (
        _to_image(16 + 219 * luma),
        _to_image(128 + 224 * (blue - luma) / 1.8556).resize(half, Image.Resampling.BOX),
        _to_image(128 + 224 * (red - luma) / 1.5748).resize(half, Image.Resampling.BOX),
    )


def _to_image(values: FloatArray) -> Image.Image:
    plane: Mask = np.rint(values).astype(np.uint8)
    return Image.fromarray(plane)

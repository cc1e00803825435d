"""Put light on a frame through a mask, only where the mask lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from rushes.providers.animatic.lettering import Mask

PAPER = (234, 124, 130)
"""A warm white as luma, blue and red difference, in video range."""


def planes_of(frame: VideoFrame) -> list[Mask]:
    """The three planes of a yuv420p frame, to be written to in place."""
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
            : plane.height, : plane.width
        ]
        for plane in frame.planes
    ]


@dataclass(frozen=True, slots=True)
class Layer:
    """A mask and where its top left corner is; both coordinates are even."""

    mask: Mask
    left: int
    top: int


def blend(planes: list[Mask], layer: Layer, colour: tuple[int, int, int], share: float) -> None:
    """Mix ``colour`` into the frame as far as the mask and ``share`` (0 to 1) say."""
    height, width = planes[0].shape
    mask = layer.mask[: max(0, height - layer.top), : max(0, width - layer.left)]
    if share <= 0 or not mask.size:
        return
    scaled = mask.astype(np.uint16)
    scaled += scaled >> 7
    if share < 1:
        scaled *= np.uint16(round(share * 255))
        scaled >>= 8
    _mix(planes[0], scaled, layer.left, layer.top, colour[0])
    rough = scaled[::2, ::2]
    for plane, value in zip(planes[1:], colour[1:], strict=True):
        _mix(plane, rough, layer.left // 2, layer.top // 2, value)


def _mix(plane: Mask, weight: NDArray[np.uint16], left: int, top: int, value: int) -> None:
    height, width = weight.shape
    target = plane[top : top + height, left : left + width]
    weight = weight[: target.shape[0], : target.shape[1]]
    # At most 255 * 256: it fits into 16 bits.
    mixed = target * (256 - weight)
    mixed += weight * np.uint16(value)
    mixed >>= 8
    np.copyto(target, mixed, casting="unsafe")

"""The words over time: a page stands there dimly and lights up word by word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rushes.providers.animatic.lettering import Drawing, Mask, draw
from rushes.providers.animatic.overlay import PAPER, Layer, blend
from rushes.providers.animatic.page_layout import Layout, PlacedWord, reading_times

_LEVELS = 32
_DIM = 14
"""How bright a word is before its turn, of ``_LEVELS``: legible in a still of the first frame."""
_WORD_SECONDS = 0.45
_STEP_SECONDS = 0.26
"""The longest time from one word to the next."""
_READ_BY = 0.62
"""The share of a page's time after which all its words are lit."""
_TURN_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word's mask and where it lies on its page."""

    mask: Mask
    rows: slice
    columns: slice


class Caption:
    """All pages of one clip. Frames must be asked for in order."""

    def __init__(self, layout: Layout, frames: int, fps: int) -> None:
        self._pages = [
            _Page(words, layout.size, shown, fps)
            for words, shown in zip(layout.pages, reading_times(layout, frames), strict=True)
            if len(shown)
        ]
        self._size = layout.size
        self._fps = fps
        self._last = frames

    def put_on(self, planes: list[Mask], number: int) -> None:
        page = next((page for page in self._pages if number in page.shown), None)
        if page is None:
            return
        arrived = 1.0 if page.shown.start == 0 else self._share(number - page.shown.start + 1)
        leaving = 1.0 if page.shown.stop == self._last else self._share(page.shown.stop - number)
        slide = round((1 - _eased(arrived)) * self._size * 0.35) // 2 * 2
        layer = page.layer(number)
        moved = Layer(layer.mask, layer.left, layer.top + slide)
        blend(planes, moved, PAPER, _eased(min(arrived, leaving)))

    def _share(self, frames: int) -> float:
        return min(1.0, frames / (self._fps * _TURN_SECONDS))


class _Page:
    def __init__(self, words: tuple[PlacedWord, ...], size: int, shown: range, fps: int) -> None:
        self.shown = shown
        self._fade = _WORD_SECONDS * fps
        self._step = min(_STEP_SECONDS * fps, len(shown) * _READ_BY / len(words))
        drawings = [draw(placed.word, size) for placed in words]
        corners = [_corner(*pair) for pair in zip(words, drawings, strict=True)]
        # Even, because two pixels share their colour.
        self._left = max(0, min(left for left, _ in corners)) // 2 * 2
        self._top = max(0, min(top for _, top in corners)) // 2 * 2
        self._pieces = [
            self._piece(drawing, left - self._left, top - self._top)
            for drawing, (left, top) in zip(drawings, corners, strict=True)
        ]
        height = max(piece.rows.stop for piece in self._pieces)
        width = max(piece.columns.stop for piece in self._pieces)
        self._mask: Mask = np.zeros((height, width), np.uint8)
        self._levels = [0] * len(words)

    def layer(self, number: int) -> Layer:
        elapsed = number - self.shown.start
        for order, piece in enumerate(self._pieces):
            lit = _eased((elapsed - order * self._step) / self._fade)
            level = _DIM + round((_LEVELS - _DIM) * lit)
            if level != self._levels[order]:
                self._levels[order] = level
                self._paint(piece, level)
        return Layer(self._mask, self._left, self._top)

    def _paint(self, piece: _Piece, level: int) -> None:
        target = self._mask[piece.rows, piece.columns]
        lit = (piece.mask.astype(np.uint16) * level // _LEVELS).astype(np.uint8)
        # Neighbours overlap at their edges; a word only ever gets brighter.
        np.maximum(target, lit, out=target)

    def _piece(self, drawing: Drawing, left: int, top: int) -> _Piece:
        mask = drawing.mask[max(0, -top) :, max(0, -left) :]
        top, left = max(0, top), max(0, left)
        height, width = mask.shape
        return _Piece(mask, slice(top, top + height), slice(left, left + width))


def _corner(placed: PlacedWord, drawing: Drawing) -> tuple[int, int]:
    return placed.left - drawing.left, placed.baseline - drawing.baseline


def _eased(share: float) -> float:
    """From 0 to 1, quick at first and then gently."""
    rest = 1 - min(1.0, max(0.0, share))
    return 1 - rest**3

"""The moving backdrop: slow fields of light and out-of-focus discs over a dark ground.

It is computed small and in linear light, then enlarged; what moves slowly and has no edges loses
nothing by that. Sixteen bits go into the enlargement, so that its dither hides the steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from av import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from rushes.providers.animatic.mood import FloatArray, Mood, dice, light_of

_SHORT_SIDE = 144
"""Rows (or columns, upright) of the small picture."""

_EXPOSURE = 1.2
_SHARE_OF_GLOW = 0.65
_LINEAR_UNTIL = 0.0031308
"""Below this the sRGB curve is a straight line."""


@dataclass(frozen=True, slots=True)
class _Field:
    colour: FloatArray
    x: float
    y: float
    reach_x: float
    reach_y: float
    swing_x: float
    swing_y: float
    pace: float
    phase: float
    depth: float


@dataclass(frozen=True, slots=True)
class _Disc:
    colour: FloatArray
    x: float
    y: float
    radius: float
    drift_x: float
    drift_y: float
    phase: float


class Backdrop:
    """Frames of light for one prompt and seed; ``time`` is in seconds, ``progress`` 0 to 1."""

    def __init__(self, prompt: str, seed: int, mood: Mood, width: int, height: int) -> None:
        self._width, self._height = width, height
        scale = min(1.0, _SHORT_SIDE / min(width, height))
        columns, rows = round(width * scale), round(height * scale)
        unit = min(columns, rows)
        self._x = np.arange(columns, dtype=np.float32)[None, :] / unit
        self._y = np.arange(rows, dtype=np.float32)[:, None] / unit
        self._far_x, self._far_y = columns / unit, rows / unit
        self._movement = mood.movement
        chance = dice(prompt, seed, "light")
        self._ground = self._make_ground(mood)
        self._fields = [self._make_field(chance, mood, number) for number in range(5)]
        self._discs = [self._make_disc(chance, mood) for _ in range(11)]
        self._vignette = self._make_vignette()
        self._curve = _make_curve()
        self._reformatter = VideoReformatter()

    def frame(self, time: float, progress: float) -> VideoFrame:
        light = self._ground.copy()
        for field in self._fields:
            light += self._glow(field, time, progress)[..., None] * field.colour
        for disc in self._discs:
            self._add_disc(light, disc, time, progress)
        light *= self._vignette
        return self._to_frame(light)

    def _make_ground(self, mood: Mood) -> FloatArray:
        above = light_of(0.13, 0.035, mood.hue + 25)
        below = light_of(0.24, 0.06, mood.hue)
        rise = np.clip(self._y / self._far_y, 0, 1)[..., None] ** 1.5
        ground: FloatArray = above + (below - above) * rise.astype(np.float32)
        return np.ascontiguousarray(np.broadcast_to(ground, (*self._shape, 3)), dtype=np.float32)

    @property
    def _shape(self) -> tuple[int, int]:
        return self._y.shape[0], self._x.shape[1]

    def _make_field(self, chance: np.random.Generator, mood: Mood, number: int) -> _Field:
        is_glow = number in {0, 3}
        hue = (mood.glow_hue if is_glow else mood.hue) + float(chance.uniform(-16, 16))
        lightness = 0.60 if number == 0 else float(chance.uniform(0.36, 0.50))
        # The strongest light comes from the right or from above, away from where words begin.
        across = chance.uniform(0.62, 0.95) if number == 0 else chance.uniform(-0.05, 1.05)
        return _Field(
            colour=light_of(lightness, 0.135, hue) * 1.15,
            x=float(across) * self._far_x,
            y=float(chance.uniform(0.0, 0.45) if number == 0 else chance.uniform(0, 1))
            * self._far_y,
            reach_x=float(chance.uniform(0.34, 0.62)),
            reach_y=float(chance.uniform(0.20, 0.42)),
            swing_x=float(chance.uniform(0.08, 0.20)),
            swing_y=float(chance.uniform(0.04, 0.12)),
            pace=float(chance.uniform(0.25, 0.55)),
            phase=float(chance.uniform(0, 2 * np.pi)),
            depth=float(chance.uniform(0.25, 0.6)),
        )

    def _make_disc(self, chance: np.random.Generator, mood: Mood) -> _Disc:
        hue = mood.glow_hue if chance.uniform(0, 1) < _SHARE_OF_GLOW else mood.hue
        return _Disc(
            colour=light_of(0.72, 0.12, hue) * float(chance.uniform(0.025, 0.10)),
            x=float(chance.uniform(0.05, 1.0)) * self._far_x,
            y=float(chance.uniform(0.0, 0.95)) * self._far_y,
            radius=float(chance.uniform(0.03, 0.13)),
            drift_x=float(chance.uniform(-0.02, 0.02)),
            drift_y=float(chance.uniform(-0.022, 0.004)),
            phase=float(chance.uniform(0, 2 * np.pi)),
        )

    def _make_vignette(self) -> FloatArray:
        """Darker at the edges, and where the words stand."""
        across = self._x / self._far_x - 0.5
        down = self._y / self._far_y - 0.5
        edges = 1 - 0.9 * (across**2 + down**2)
        tall = 0.33 if self._far_x > self._far_y else 0.42
        words = 1 - 0.45 * np.exp(-(((across + 0.18) / 0.45) ** 2) - (down / tall) ** 2)
        slate = 1 - 0.45 * np.clip((down - 0.30) / 0.20, 0, 1) ** 2
        vignette: FloatArray = (edges * words * slate)[..., None].astype(np.float32)
        return vignette

    def _glow(self, field: _Field, time: float, progress: float) -> FloatArray:
        turn = time * field.pace + field.phase
        move = self._movement
        zoom = 1 + 0.22 * move.inward * progress * field.depth
        centre_x = (
            field.x + field.swing_x * np.sin(turn) + 0.7 * move.right * progress * field.depth
        )
        centre_y = field.y + field.swing_y * np.cos(turn * 0.8)
        centre_y += 0.7 * move.down * progress * field.depth
        bend = np.float32(0.16) * np.sin(self._y * 3.1 + np.float32(turn))
        lift = np.float32(0.10) * np.sin(self._x * 2.3 - np.float32(turn * 0.7))
        middle_x, middle_y = self._far_x / 2, self._far_y / 2
        x = (self._x - middle_x) / zoom + middle_x - np.float32(centre_x) + bend
        y = (self._y - middle_y) / zoom + middle_y - np.float32(centre_y) + lift
        glow: FloatArray = np.exp(
            -((x / np.float32(field.reach_x)) ** 2) - (y / np.float32(field.reach_y)) ** 2
        ).astype(np.float32)
        return glow

    def _add_disc(self, light: FloatArray, disc: _Disc, time: float, progress: float) -> None:
        move = self._movement
        nearness = 0.35 + disc.radius * 5
        x = disc.x + disc.drift_x * time + 0.5 * move.right * progress * nearness
        y = disc.y + disc.drift_y * time + 0.5 * move.down * progress * nearness
        grown = 1 + 0.25 * move.inward * progress * nearness
        x = (x - self._far_x / 2) * grown + self._far_x / 2
        y = (y - self._far_y / 2) * grown + self._far_y / 2
        radius = disc.radius * grown
        unit = 1 / float(self._x[0, 1] - self._x[0, 0])
        rows = slice(max(0, int((y - radius) * unit) - 2), max(0, int((y + radius) * unit) + 3))
        columns = slice(max(0, int((x - radius) * unit) - 2), max(0, int((x + radius) * unit) + 3))
        distance = np.hypot(self._x[:, columns] - np.float32(x), self._y[rows] - np.float32(y))
        edge = np.float32(0.016 + 0.10 * radius)
        inside = np.clip((np.float32(radius) - distance) / edge, 0, 1)
        rim = (
            np.float32(0.72) + np.float32(0.28) * np.clip(distance / np.float32(radius), 0, 1) ** 4
        )
        flicker = np.float32(0.8 + 0.2 * np.sin(time * 0.9 + disc.phase))
        light[rows, columns] += (inside * inside * (3 - 2 * inside) * rim * flicker)[
            ..., None
        ] * disc.colour

    def _to_frame(self, light: FloatArray) -> VideoFrame:
        steps = np.minimum(light * np.float32(1023), np.float32(4095)).astype(np.uint16)
        red, green, blue = np.moveaxis(self._curve[steps], 2, 0)
        luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        pixels = np.stack(
            (
                (16 + 219 * luma) * 256,
                (128 + 224 * (blue - luma) / 1.8556) * 256,
                (128 + 224 * (red - luma) / 1.5748) * 256,
            ),
            axis=-1,
        )
        small = VideoFrame.from_ndarray(pixels.astype(np.uint16), format="yuv444p16le")
        return self._reformatter.reformat(
            small,
            width=self._width,
            height=self._height,
            format="yuv420p",
            interpolation=Interpolation.BICUBIC,
        )


def _make_curve() -> NDArray[np.float32]:
    """From linear light (in steps of 1/1023, up to 4) to the screen's values, softly at the top."""
    light = np.arange(4096, dtype=np.float64) / 1023 * _EXPOSURE
    rolled = light / (1 + light * 0.35)
    encoded = np.where(
        rolled <= _LINEAR_UNTIL,
        rolled * 12.92,
        1.055 * np.maximum(rolled, 1e-9) ** (1 / 2.4) - 0.055,
    )
    return np.clip(encoded, 0, 1).astype(np.float32)

"""What the words of a prompt say of light, camera and key, and chance says for the rest.

A handful of plain English words is recognised; every other prompt gets hues and movement drawn
from its own hash, so that each prompt has its look and keeps it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_HUES = {
    62: "sunset sunrise dawn dusk golden gold candle candles lantern autumn amber",
    280: "night midnight moon moonlight space stars galaxy storm violet",
    325: "neon cyberpunk disco club magenta purple concert synth",
    30: "fire flame flames lava blood red crimson brick mars",
    245: "snow ice winter arctic glacier fog mist blue steel",
    205: "ocean sea underwater river lake wave waves rain teal turquoise harbor harbour",
    95: "sun sunny sunlight summer noon yellow lemon honey",
    150: "forest jungle moss green garden meadow leaves pine",
    5: "rose pink blossom wedding cherry ballet",
    70: "desert sand dunes wheat copper wood",
}
"""Hue in degrees of the OKLCH circle, and the words that ask for it. The first lines win: the time
of day colours a picture more than what stands in it."""

_HUES_BY_WORDS = tuple((hue, frozenset(words.split())) for hue, words in _HUES.items())

_GRAVE = re.compile(
    r"\b(night|dark|storm|rain|fog|mist|lonely|ruins|war|sad|funeral|ghost|winter|empty|abandoned"
    r"|grief|shadows?)\b"
)

_SHARE_OF_MINOR = 0.4

_MOVES: tuple[tuple[str, tuple[float, float, float]], ...] = (
    (r"(push|pushes|dolly|dollies|zoom|zooms|tracks?) in", (0.0, 0.0, 1.0)),
    (r"(pull|pulls|dolly|dollies|zoom|zooms) (out|back|away)", (0.0, 0.0, -1.0)),
    (r"(pan|pans|panning|truck|trucks) left", (1.0, 0.0, 0.0)),
    (r"(pan|pans|panning|truck|trucks) right", (-1.0, 0.0, 0.0)),
    (r"(tilt|tilts|crane|cranes|jib|rises?) up", (0.0, 1.0, 0.2)),
    (r"(tilt|tilts|crane|cranes|jib) down", (0.0, -1.0, 0.2)),
)


@dataclass(frozen=True, slots=True)
class Movement:
    """How the picture drifts over the whole clip; the camera goes the other way."""

    right: float
    down: float
    inward: float


@dataclass(frozen=True, slots=True)
class Mood:
    hue: float
    glow_hue: float
    is_grave: bool
    """Minor instead of major."""
    movement: Movement


def dice(prompt: str, seed: int, purpose: str) -> np.random.Generator:
    """Chance that is the same each time for one prompt, seed and purpose."""
    text = f"{seed}\n{purpose}\n{prompt}".encode("utf-8", "surrogatepass")
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text).digest())))


def read_mood(prompt: str, seed: int) -> Mood:
    chance = dice(prompt, seed, "mood")
    words = re.findall(r"[a-z]+", prompt.lower())
    named = [hue for hue, asking in _HUES_BY_WORDS if asking.intersection(words)]
    hue = float(named[0]) if named else float(chance.uniform(0, 360))
    hue += float(chance.uniform(-10, 10))
    apart = float(chance.choice([-62.0, 48.0, 75.0, 160.0]))
    glow_hue = float(named[1]) if len(named) > 1 else hue + apart
    is_grave = (
        _GRAVE.search(prompt.lower()) is not None or float(chance.uniform(0, 1)) < _SHARE_OF_MINOR
    )
    return Mood(hue, glow_hue, is_grave, _movement(words, chance))


def _movement(words: list[str], chance: np.random.Generator) -> Movement:
    text = " ".join(words)
    for pattern, (right, down, inward) in _MOVES:
        if re.search(rf"\b{pattern}\b", text):
            return Movement(right, down, inward)
    return Movement(float(chance.uniform(-0.5, 0.5)), float(chance.uniform(-0.25, 0.25)), 0.5)


def light_of(lightness: float, chroma: float, hue: float) -> FloatArray:
    """Linear red, green and blue of an OKLCH colour, cut to what a screen can show."""
    angle = np.deg2rad(hue)
    a, b = chroma * np.cos(angle), chroma * np.sin(angle)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return np.clip(
        np.array(
            [
                4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
                -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
                -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
            ],
            dtype=np.float32,
        ),
        0,
        1,
    )

"""The soundtrack: a quiet pad of a few chords, drawn from prompt and seed, in stereo at 48 kHz."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np

from rushes.providers.animatic.mood import FloatArray, Mood, dice

RATE = 48_000

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)
_WALKS = {
    False: ((0, 4, 5, 3), (0, 2, 3, 4), (0, 5, 1, 4), (3, 0, 4, 0)),
    True: ((0, 5, 2, 6), (0, 3, 5, 4), (0, 2, 5, 3), (5, 6, 0, 0)),
}
"""Steps of the scale on which chords stand, in major and in minor."""

_LOUDNESS = 0.05
"""Root mean square of the middle of the track: about -26 dB below full scale."""
_CEILING = 0.35
_CHORD_SECONDS = 3.4
_FADE_SECONDS = 0.9
_OVERTONES = ((1, 1.0), (2, 0.32), (3, 0.13), (4, 0.05))


def make_soundtrack(prompt: str, seed: int, mood: Mood, seconds: Fraction) -> FloatArray:
    """Samples as two rows, left and right, of exactly this length."""
    length = round(seconds * RATE)
    chance = dice(prompt, seed, "sound")
    root = 55.0 * 2 ** (float(chance.integers(0, 8)) / 12)
    walk = _WALKS[mood.is_grave][int(chance.integers(0, 4))]
    count = max(1, round(float(seconds) / _CHORD_SECONDS))
    edges = [length * index // count for index in range(count + 1)]
    track = np.zeros((2, length), np.float32)
    for index, (start, stop) in enumerate(pairwise(edges)):
        notes = _chord(mood, walk[index % len(walk)])
        _add_chord(track, start, stop, [root * 2 ** (note / 12) for note in notes], chance)
    return _level(track)


def _chord(mood: Mood, step: int) -> list[int]:
    """A low root, its fifth, and third, seventh and ninth above, in half tones."""
    scale = _MINOR if mood.is_grave else _MAJOR
    degrees = (0, 4, 7, 9, 11, 15)
    return [_half_tones(scale, step + degree) for degree in degrees]


def _half_tones(scale: tuple[int, ...], degree: int) -> int:
    octave, position = divmod(degree, len(scale))
    return 12 * octave + scale[position]


def _add_chord(
    track: FloatArray, start: int, stop: int, notes: list[float], chance: np.random.Generator
) -> None:
    """From a little before its time to a little after it, so that chords melt into each other."""
    overlap = int(RATE * 0.7)
    first, last = max(0, start - overlap), min(track.shape[1], stop + overlap)
    time = (np.arange(first, last, dtype=np.float64) - start) / RATE
    swell = np.sin(np.linspace(0, np.pi, last - first)) ** 0.5
    for number, note in enumerate(notes):
        weight = 1.0 / (1 + 0.55 * number)
        for side in (0, 1):
            detune = 1 + float(chance.uniform(-0.0016, 0.0016))
            phase = float(chance.uniform(0, 2 * np.pi))
            breath = 1 + 0.18 * np.sin(2 * np.pi * 0.21 * time + phase)
            voice = sum(
                share * np.sin(2 * np.pi * note * detune * multiple * time + phase * multiple)
                for multiple, share in _OVERTONES
            )
            track[side, first:last] += (weight * swell * breath * voice).astype(np.float32)
    _add_bell(track, start, last, notes[-1] * 2, chance)


def _add_bell(
    track: FloatArray, start: int, stop: int, note: float, chance: np.random.Generator
) -> None:
    begin = start + int(RATE * float(chance.uniform(0.15, 0.5)))
    if begin >= stop:
        return
    time = np.arange(stop - begin, dtype=np.float64) / RATE
    tail = np.clip((time[-1] - time) / 0.5, 0, 1)
    ring = np.sin(2 * np.pi * note * time) * np.exp(-time * 2.2) * np.minimum(1, time / 0.012)
    place = float(chance.uniform(0.35, 0.65))
    for side, share in ((0, 1 - place), (1, place)):
        track[side, begin:stop] += (0.5 * share * ring * tail).astype(np.float32)


def _level(track: FloatArray) -> FloatArray:
    loudness = float(np.sqrt(np.mean(np.square(track, dtype=np.float64))))
    levelled = track * np.float32(_LOUDNESS / max(loudness, 1e-9))
    fade = min(int(_FADE_SECONDS * RATE), track.shape[1] // 2)
    rise = (np.sin(np.linspace(0, np.pi / 2, fade)) ** 2).astype(np.float32)
    levelled[:, :fade] *= rise
    levelled[:, track.shape[1] - fade :] *= rise[::-1]
    softened: FloatArray = np.float32(_CEILING) * np.tanh(levelled / np.float32(_CEILING))
    return softened

"""Keeps what passes of a clip that is watched, until all of it has passed.

Pieces come in any order and from several requests. They lie in a file of their own and are worth
nothing before they are whole: a clip that is watched in part is forgotten.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import OrderedDict
from pathlib import Path

from rushes.store import durable_files

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Clips whose pieces are kept at a time; the one that was begun first is forgotten."""


class PassingClip:
    """The pieces of one version of one clip."""

    def __init__(self, path: Path, total: int, version: str | None) -> None:
        self.path = path
        self.total = total
        self.version = version
        path.unlink(missing_ok=True)
        self._descriptor: int | None = durable_files.create_file(path)
        self._stretches: list[tuple[int, int]] = []
        self._turn = threading.Lock()

    def write(self, place: int, data: bytes) -> None:
        """Keep a piece. Raises OSError. Called from threads."""
        with self._turn:
            if self._descriptor is None:
                return
            rest = memoryview(data)
            at = place
            while rest:
                written = os.pwrite(self._descriptor, rest, at)
                rest, at = rest[written:], at + written
            self._stretches = merged([*self._stretches, (place, place + len(data))])

    def is_of(self, total: int, version: str) -> bool:
        return (self.total, self.version) == (total, version)

    @property
    def is_whole(self) -> bool:
        return self._stretches == [(0, self.total)]

    def close(self) -> None:
        with self._turn:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def forget(self) -> None:
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


class PassingBytes:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clips: OrderedDict[str, PassingClip] = OrderedDict()

    def begin(self, asset_id: str, total: int, version: str | None) -> PassingClip | None:
        """Where the pieces of this version go; None when they cannot be kept.

        Without a version nothing tells whether two answers belong together: each begins anew.
        """
        known = self._clips.get(asset_id)
        if version is not None and known is not None and known.is_of(total, version):
            return known
        self.forget(asset_id)
        while len(self._clips) >= AT_ONCE:
            self.forget(next(iter(self._clips)))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            clip = PassingClip(self._folder / f"{asset_id}.passing", total, version)
        except OSError as error:
            log.warning("what passes of %s is not kept: %s", asset_id, error)
            return None
        self._clips[asset_id] = clip
        return clip

    def take(self, asset_id: str, clip: PassingClip) -> bool:
        """Whether this clip is whole and is handed over, once; its file is the caller's then."""
        if self._clips.get(asset_id) is not clip or not clip.is_whole:
            return False
        clip.close()
        del self._clips[asset_id]
        return True

    def forget(self, asset_id: str) -> None:
        clip = self._clips.pop(asset_id, None)
        if clip is not None:
            clip.forget()

    def close(self) -> None:
        for asset_id in list(self._clips):
            self.forget(asset_id)

    def sweep(self) -> None:
        """Remove what an earlier run has left. Raises OSError."""
        if self._folder.is_dir():
            for left in self._folder.glob("*.passing"):
                left.unlink(missing_ok=True)


def merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same bytes in the fewest stretches, in their order."""
    together: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if together and start <= together[-1][1]:
            together[-1] = (together[-1][0], max(end, together[-1][1]))
        else:
            together.append((start, end))
    return together

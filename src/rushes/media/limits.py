"""What reading one media file may cost, and how a process binds itself to that."""

from __future__ import annotations

import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource


@dataclass(frozen=True, slots=True)
class Limits:
    memory: int = 2 * 2**30
    """Bytes of address space of the reading process."""
    cpu_seconds: int = 20
    """Processor time for one file."""
    wall_seconds: float = 60.0
    """Time for one file, on a slow disk as well."""
    open_files: int = 32
    frame_pixels: int = 8192 * 4320
    """Pixels of one frame of a video."""
    image_pixels: int = 120_000_000
    read_whole: int = 200 * 2**20
    """A file with a complete table of samples is read to its end only up to this size."""


def bind_process(limits: Limits, *, writes: int = 0) -> None:
    """Bind this process for good: memory, open files, no core dump, no file written.

    ``writes``: one that has to write makes no file larger than so many bytes.

    Where the operating system has no such limits, only the wall clock of the parent is left.
    """
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    _lower(resource.RLIMIT_FSIZE, writes)
    _lower(resource.RLIMIT_CORE, 0)


def grant_cpu(limits: Limits) -> None:
    """Give this process its processor time for one more file."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.cpu_seconds, hard))


if sys.platform != "win32":

    def _lower(kind: int, value: int) -> None:
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))

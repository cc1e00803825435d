"""A damaged catalogue is put aside whole, never written over: it may still hold what nothing else
knows.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

BESIDE = ("-wal", "-shm")


def set_aside(path: Path, now: datetime) -> Path:
    """Rename the catalogue and what belongs to it. Returns where it is now."""
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    names = (
        path.with_name(f"{path.stem}.corrupt-{moment}{number}{path.suffix}")
        for number in ("", *(f"-{n}" for n in range(2, 1000)))
    )
    aside = next(name for name in names if not os.path.lexists(name))
    # The log first: a new catalogue must never meet the log of the old one.
    for suffix in BESIDE:
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    if path.exists():
        path.rename(aside)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return aside

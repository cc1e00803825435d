"""What a file holds: how many bytes, and their SHA-256. It is read whole, and never into memory."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def measured(path: Path) -> tuple[int, str]:
    """Bytes, and their hash in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), sha256


def holds(path: Path, size: int, sha256: str) -> bool:
    """Whether the file holds these bytes; of another size it is not read. Raises OSError."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != size:
            return False
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256

"""The token of a library: whoever has it may use its studio over HTTP."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from rushes.store.storage_errors import storage_errors

TOKEN = "access-token"  # noqa: S105  # the name of a file, not a token


def access_token(home: Path) -> str:
    """The library's token: random, made once, readable by its owner only."""
    path = home / TOKEN
    with storage_errors(path):
        with contextlib.suppress(FileNotFoundError):
            # Empty when the machine stopped before it was written: that would let everybody in.
            if token := path.read_text().strip():
                return token
        token = secrets.token_urlsafe(32)
        new = path.with_name(f".{TOKEN}.new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(token)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        return token

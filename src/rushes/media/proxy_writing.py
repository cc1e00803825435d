"""What goes wrong while a copy is written is about our disk, not about the media that is read."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import av

NOT_THE_DISK = frozenset({errno.EINVAL, errno.ENOMEM, errno.EDOM, errno.EAGAIN})
"""Numbers that FFmpeg uses for its own trouble as well."""


@contextmanager
def writing() -> Iterator[None]:
    """FFmpeg's word about a write leaves this block as a plain OSError with its number."""
    try:
        yield
    except av.FFmpegError as error:
        number = error.errno or 0
        if number not in errno.errorcode or number in NOT_THE_DISK:
            raise
        raise OSError(number, error.strerror) from error


def put(out: Any, packets: Any) -> None:
    with writing():
        out.mux(packets)

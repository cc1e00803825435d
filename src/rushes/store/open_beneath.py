"""Open a file that must lie below a folder, whatever anybody puts in its way meanwhile.

Every step from the folder to the file is opened by itself and may not be a symbolic link. Where a
library holds links of its own that stay inside it, the caller names the place they lead to.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

LAST = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
STEP = LAST | getattr(os, "O_DIRECTORY", 0)


def open_beneath(folder: Path, file: Path) -> int:
    """A descriptor of a plain file. Raises FileNotFoundError and other OSErrors.

    A link in the way is an error like any other (ELOOP or ENOTDIR), as is what is no plain file.
    """
    *steps, name = file.relative_to(folder).parts
    place = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        for step in steps:
            inner = os.open(step, STEP, dir_fd=place)
            os.close(place)
            place = inner
        # Without this a pipe would be waited for.
        descriptor = os.open(name, LAST | getattr(os, "O_NONBLOCK", 0), dir_fd=place)
    finally:
        os.close(place)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, "It is not a file", str(file))
    return descriptor

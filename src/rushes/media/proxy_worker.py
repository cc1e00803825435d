"""The process that makes one copy to play: ``python -m rushes.media.proxy_worker ORDER``.

It says a line of JSON now and then, and ends. A hostile file can use up or end this process and
nothing else: it has no secrets, and it may write no file larger than it is allowed.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av

from rushes.domain.errors import MediaError, MediaTooCostlyError, MediaUnreadableError
from rushes.media.limits import Limits, bind_process, grant_cpu
from rushes.media.messages import encode_line, error_message
from rushes.media.reading import check_is_file
from rushes.media.transcode import transcode
from rushes.media.worker import take_output

POLITE = 10
"""How far it steps back behind what somebody waits for."""
STEP = 12
"""Frames from one line to the next."""


@dataclass(slots=True)
class Teller:
    """Says how far it is, once in a while."""

    answers: BinaryIO
    next: int = 0

    def __call__(self, done: int, shown: int) -> None:
        if done < self.next:
            return
        self.next = done + STEP
        self.say({"done": done, "of": shown})

    def say(self, message: dict[str, Any]) -> None:
        self.answers.write(encode_line(message))
        self.answers.flush()


def main() -> None:
    order = json.loads(sys.argv[1])
    limits = Limits(**order["limits"])
    bind_process(limits, writes=order["writes"])
    grant_cpu(limits)
    os.nice(POLITE)
    teller = Teller(take_output())
    av.logging.set_level(None)
    source, target = Path(order["source"]), Path(order["target"])
    teller.say(result(lambda: make(source, target, limits, teller), limits))


def make(source: Path, target: Path, limits: Limits, teller: Teller) -> None:
    check_is_file(source)
    transcode(source, target, limits, teller)


def result(work: Callable[[], None], limits: Limits) -> dict[str, Any]:
    try:
        work()
    except MediaError as error:
        return {"error": error_message(error)}
    except MemoryError:
        said = f"Making it needs more than {limits.memory} bytes of memory."
        return {"error": error_message(MediaTooCostlyError(said, memory=limits.memory))}
    except OSError as error:
        return failed(error)
    except Exception as error:  # noqa: BLE001 - a hostile file can make a library raise anything
        said = f"Making it failed with {type(error).__name__}: {error}"
        return {"error": error_message(MediaUnreadableError(said))}
    return {"made": True}


def failed(error: OSError) -> dict[str, Any]:
    """FFmpeg's errors are OSErrors too; those with a number of the system are about our disk."""
    if error.errno == errno.EFBIG:
        said = "The copy would become larger than is allowed."
        return {"error": error_message(MediaTooCostlyError(said))}
    if error.errno in errno.errorcode:
        return {"errno": error.errno, "said": error.strerror}
    return {"error": error_message(MediaUnreadableError(f"FFmpeg: {error.strerror}."))}


if __name__ == "__main__":
    main()

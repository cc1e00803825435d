"""The process in which media files are opened: ``python -m rushes.media.worker LIMITS``.

It reads one request a line from its input and answers each with one line. A hostile file can use
up or end this process and nothing else: it may not write files, and it has no secrets.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import av

from rushes.domain.errors import MediaError, MediaTooCostlyError, MediaUnreadableError
from rushes.media.limits import Limits, bind_process, grant_cpu
from rushes.media.messages import (
    LARGEST_IMAGE,
    decode_line,
    encode_line,
    error_message,
    facts_message,
)
from rushes.media.reading import draw_poster, read_facts, read_frame

PROBE, POSTER, FRAME = "probe", "poster", "frame"


def main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    bind_process(limits)
    answers = take_output()
    av.logging.set_level(None)
    for line in sys.stdin.buffer:  # ends when the studio does
        grant_cpu(limits)
        answers.write(encode_line(answer(decode_line(line), limits)))
        answers.flush()


def take_output() -> BinaryIO:
    """Keep the output for answers: what a library prints must not become one."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "wb")


def answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        return {"done": perform(request, limits)}
    except MediaError as error:
        return {"error": error_message(error)}
    except MemoryError:
        said = f"Reading it needs more than {limits.memory} bytes of memory."
        return {"error": error_message(MediaTooCostlyError(said, memory=limits.memory))}
    except Exception as error:  # noqa: BLE001 - a hostile file can make a library raise anything
        said = f"Opening it failed with {type(error).__name__}: {error}"
        return {"error": error_message(MediaUnreadableError(said))}


def perform(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    path = Path(request["path"])
    if request["task"] == PROBE:
        return facts_message(read_facts(path, limits))
    if request["task"] == FRAME:
        number, picture = read_frame(path, limits, request["number"])
        return {"number": number, "image": image_text(picture)}
    image = draw_poster(path, limits, request["width"], request["format"])
    return {"image": image_text(image)}


def image_text(image: bytes) -> str:
    """The image as the answer holds it. Raises MediaTooCostlyError when that would be too long."""
    if len(image) > LARGEST_IMAGE:
        raise MediaTooCostlyError(
            f"The picture takes {len(image)} bytes, more than {LARGEST_IMAGE}.",
            size=len(image),
            limit=LARGEST_IMAGE,
        )
    return base64.b64encode(image).decode()


if __name__ == "__main__":
    main()

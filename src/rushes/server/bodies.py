"""What may be sent: JSON where JSON is read, files where files are taken, and how much of each.

A form of another web page can send files and fields, and text, but never JSON.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from rushes.domain.errors import BodyRefusedError, BodyTooLargeError
from rushes.domain.http_numbers import number_of

FILES = "multipart/form-data"
JSON = "application/json"
JSON_LIMIT = 4 * 2**20
"""Bytes of a JSON body."""
UPLOAD_LIMIT = 64 * 2**30
"""Bytes of all files of one upload."""
UPLOADS = ("/imports", "/relink")
"""How the addresses end that take files."""


def limit_of(path: str, headers: Headers) -> int:
    """How many bytes this body may have.

    Raises:
        BodyRefusedError: it is of a type that is not taken here.
        BodyTooLargeError: it says itself that it is larger.
    """
    takes_files = path.endswith(UPLOADS)
    limit = UPLOAD_LIMIT if takes_files else JSON_LIMIT
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_fine = given == FILES if takes_files else _is_json(given)
    if not is_fine and (given or _has_body(headers)):
        wanted = FILES if takes_files else JSON
        raise BodyRefusedError(f"It is {given or 'of no type'}, and not {wanted}.", type=given)
    # One that cannot be read does not matter: what comes is counted too.
    length = number_of(headers.get("content-length"))
    if length is not None and length > limit:
        raise BodyTooLargeError(_too_large(limit), limit=limit)
    return limit


def _is_json(given: str) -> bool:
    """Browsers send their own reports as JSON of other names, which no form can send either."""
    is_json = given in {JSON, "application/csp-report"}
    return is_json or (given.startswith("application/") and given.endswith("+json"))


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def limited(receive: Receive, limit: int) -> Receive:
    """The same body, up to the limit: whoever does not say how long it is may send for ever."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            # The framework passes this error on, and no other.
            raise HTTPException(413, _too_large(limit))
        return message

    return receive_some


def _too_large(limit: int) -> str:
    return f"At most {limit:,} bytes are taken here."

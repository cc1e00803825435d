"""What tells one version of a file from another, by the headers of HTTP (RFC 9110). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from rushes.domain.http_times import moment_of

CERTAIN_AFTER = timedelta(minutes=1)
"""A file may change twice within the second that Last-Modified names; later it is certain."""
STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]{0,255}"')


def strong_validator(headers: Mapping[str, str]) -> str | None:
    """What makes two answers with it certain to hold the same bytes; None where nothing does.

    The names of the headers have to be found in any case of their letters.
    """
    etag = headers.get("ETag")
    if etag is not None:
        return etag if STRONG_ETAG.fullmatch(etag) else None
    modified = headers.get("Last-Modified", "")
    if not modified.isascii():
        return None  # a date may be read from it all the same, and could not be sent back
    changed, sent = moment_of(modified), moment_of(headers.get("Date"))
    if changed is None or sent is None or sent - changed < CERTAIN_AFTER:
        return None
    return modified

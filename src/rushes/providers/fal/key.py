"""The fal key: sent to fal's own hosts only, and never shown."""

from __future__ import annotations

from collections.abc import Generator

import httpx

from rushes.domain.errors import KeyMissingError, KeyRefusedError

SECRET_LENGTH = 16


class FalKey(httpx.Auth):
    """Adds the key to requests, and takes it out of texts.

    It lives in here and in no local variable, so that no traceback that shows variables shows it.
    """

    def __init__(self, key: str | None, *trusted: httpx.URL) -> None:
        self._key = (key or "").strip()
        self._former: set[str] = set()
        self._trusted = trusted

    def replace(self, key: str | None) -> None:
        """Use another key from the next request on. The old one is still never shown."""
        self._former.add(self._key)
        self._key = (key or "").strip()

    def __repr__(self) -> str:
        return f"FalKey({'set' if self._key else 'missing'})"

    def check(self) -> None:
        if not self._key:
            raise KeyMissingError("No fal key was found.")
        if not (self._key.isascii() and self._key.isprintable() and " " not in self._key):
            raise KeyRefusedError("The key holds a character that no fal key has.")

    def may_go_to(self, url: httpx.URL) -> bool:
        return any(is_same_origin(url, host) for host in self._trusted)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        # The last line of defence: addresses are chosen so that this never happens.
        if not self.may_go_to(request.url):
            raise ValueError(f"{request.url.host} is not one of the hosts that may see the key")
        request.headers["Authorization"] = f"Key {self._key}"
        yield request

    def redacted(self, text: str) -> str:
        """The text without the key, should somebody have sent it back."""
        for secret in self._secrets():
            text = text.replace(secret, "[key]")
        return text

    def _secrets(self) -> list[str]:
        """Each whole key, and its part after the colon where that is not an ordinary word."""
        found = []
        for key in {self._key, *self._former} - {""}:
            secret = key.rpartition(":")[2]
            found += [key, secret] if len(secret) >= SECRET_LENGTH else [key]
        return sorted(found, key=len, reverse=True)


def is_same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)

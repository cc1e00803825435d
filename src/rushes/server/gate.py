"""Who may come in. Every request passes here first, and every answer gets the policy's headers.

Host: only names of the studio itself, so that another name pointing here (DNS rebinding) is
refused. Origin: only the studio's own page may change anything. Token: from the address that was
printed, then a cookie that no script can read, or a bearer header.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rushes.domain.errors import (
    AccessError,
    HostRefusedError,
    OriginRefusedError,
    TokenMissingError,
)
from rushes.playback.policy import STRICT, SecurityPolicy, face_of
from rushes.server import way_in
from rushes.server.problems import answer, status_of

SAFE_METHODS = frozenset({"GET", "HEAD"})
OPEN_PATHS = frozenset({"/api/health"})
KNOWN_FOR = timedelta(days=30)
"""How long a browser is known, also when it is closed: the installed page has no address bar into
which the way in could be typed each time.
"""
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Door:
    """Where the studio listens and what opens it."""

    token: str
    port: int
    names: tuple[str, ...] = LOOPBACK_NAMES

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(f"{name}:{self.port}" for name in self.names) | (
            frozenset(self.names) if self.port == DEFAULT_HTTP_PORT else frozenset()
        )

    @property
    def cookie(self) -> str:
        """Cookies do not tell ports apart, so the name does."""
        return f"rushes-{self.port}"

    @property
    def session(self) -> str:
        """What the cookie holds: made from the token, which cannot be got back from it."""
        return hmac.new(self.token.encode(), b"session", hashlib.sha256).hexdigest()


DEFAULT_HTTP_PORT = 80


class Gate:
    def __init__(self, app: ASGIApp, door: Door, policy: SecurityPolicy = STRICT) -> None:
        self._app = app
        self._door = door
        self._policy = policy
        self._hosts = door.hosts
        self._origins = frozenset(f"http://{host}" for host in door.hosts)
        self._session = door.session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _with_headers(send, self._policy.headers(face_of(scope["path"])))
        try:
            response = self._check(scope)
        except AccessError as error:
            response = _refusal(scope, error)
        if response is None:
            await self._app(scope, receive, guarded)
        else:
            await response(scope, receive, guarded)

    def _check(self, scope: Scope) -> Response | None:
        """Nothing when the request may pass; otherwise what to answer instead."""
        headers = Headers(scope=scope)
        self._check_host(headers)
        self._check_origin(scope["method"], headers)
        if scope["path"] in OPEN_PATHS:
            return None
        if scope["path"] == way_in.STYLE_PATH:
            return Response(way_in.STYLE, media_type="text/css")
        token = _query(scope, "token")
        if scope["path"] == "/" and token is not None and self._is_token(token):
            return self._let_in()
        if not self._is_known(headers):
            raise TokenMissingError("The request holds neither the cookie nor the token.")
        return None

    def _check_host(self, headers: Headers) -> None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            raise HostRefusedError(f"The request was for {host or 'no host'!r}.", host=host)

    def _check_origin(self, method: str, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            raise OriginRefusedError(f"The request came from {origin!r}.", origin=origin)
        site = headers.get("sec-fetch-site", "none")
        if method not in SAFE_METHODS and site not in {"same-origin", "none"}:
            raise OriginRefusedError(f"The browser says that it came {site}.", site=site)

    def _is_known(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._is_token(token.strip())
        return any(
            hmac.compare_digest(value.encode(), self._session.encode())
            for value in _cookies(headers, self._door.cookie)
        )

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._door.token.encode())

    def _let_in(self) -> Response:
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        response.set_cookie(
            self._door.cookie,
            self._session,
            max_age=round(KNOWN_FOR.total_seconds()),
            httponly=True,
            samesite="strict",
            path="/",
        )
        return response


def _refusal(scope: Scope, error: AccessError) -> Response:
    if scope["path"] == "/" and isinstance(error, TokenMissingError):
        return Response(way_in.PAGE, HTTPStatus.UNAUTHORIZED, media_type="text/html")
    return answer(error.problem, status_of(type(error)), scope["path"])


def _cookies(headers: Headers, name: str) -> Iterable[str]:
    """The values of a cookie. Read by hand: the library's own reader gives up on the whole line
    where another program of this host has set a cookie that it does not like.
    """
    for line in headers.getlist("cookie"):
        for pair in line.split(";"):
            given, _, value = pair.strip().partition("=")
            if given == name:
                yield value


def _query(scope: Scope, name: str) -> str | None:
    values = parse_qs(scope["query_string"].decode("latin-1")).get(name)
    return values[0] if values else None


def _with_headers(send: Send, policy: Mapping[str, str]) -> Send:
    ours = [(name.lower().encode(), value.encode()) for name, value in policy.items()]
    names = {name for name, _ in ours}

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [pair for pair in message["headers"] if pair[0] not in names]
            if not any(name == b"cache-control" for name, _ in given):
                given.append((b"cache-control", b"no-store"))
            message["headers"] = [*given, *ours]
        await send(message)

    return guarded

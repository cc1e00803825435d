"""Who may come in. Every request passes here first, and every answer gets the policy's headers.

Host: only names of the studio itself, so that another name pointing here (DNS rebinding) is
refused. Origin: only the studio's own page may read or change anything; another page may only link
to it. Token: from the address that was printed, or a ticket from the address that a browser was
opened with, then a cookie that no script can read, or a bearer header. Body: JSON, or files where
files are taken, and not without end.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from itertools import islice
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rushes.domain.errors import (
    AccessError,
    HostRefusedError,
    OriginRefusedError,
    TokenMissingError,
    TooManyAttemptsError,
)
from rushes.playback.policy import STRICT, SecurityPolicy, face_of
from rushes.server import way_in
from rushes.server.attempts import Attempts
from rushes.server.bodies import JSON_LIMIT, limit_of, limited
from rushes.server.problems import answer, status_of
from rushes.server.tickets import Tickets

SAFE_METHODS = frozenset({"GET", "HEAD"})
OPEN_PATHS = frozenset({"/api/health"})
KNOWN_FOR = timedelta(days=30)
"""How long a browser is known, also when it is closed: the installed page has no address bar into
which the way in could be typed each time.
"""
MOST_OF_A_NAME = 8
"""Cookies of one name that are looked at: a browser holds one or two, and each could be a guess."""
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Door:
    """Where the studio listens and what opens it."""

    token: str
    port: int
    names: tuple[str, ...] = LOOPBACK_NAMES
    tickets: Tickets = field(default_factory=Tickets, compare=False)
    attempts: Attempts = field(default_factory=Attempts, compare=False)

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
    def __init__(
        self,
        app: ASGIApp,
        door: Door,
        policy: SecurityPolicy = STRICT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app = app
        self._door = door
        self._policy = policy
        self._hosts = door.hosts
        self._origins = frozenset(f"http://{host}" for host in door.hosts)
        self._session = door.session
        self._sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # There are no WebSockets here, so nothing that speaks them is let through.
            await send({"type": "websocket.close", "code": 1008})
            return
        guarded = _with_headers(send, self._policy.headers(face_of(scope["path"])))
        try:
            response = await self._check(scope)
            limit = _limit(scope)
        except AccessError as error:
            response, limit = _refusal(scope, error), 0
        if response is None:
            await self._app(scope, limited(receive, limit), guarded)
        else:
            await response(scope, receive, guarded)

    async def _check(self, scope: Scope) -> Response | None:
        """Nothing when the request may pass; otherwise what to answer instead."""
        headers = Headers(scope=scope)
        self._check_host(headers)
        self._check_origin(scope["method"], headers)
        if scope["path"] in OPEN_PATHS:
            return None
        if scope["path"] == way_in.STYLE_PATH:
            return Response(way_in.STYLE, media_type="text/css")
        if scope["path"] == "/" and self._has_way_in(scope):
            return self._let_in()
        if not self._is_known(headers):
            if self._tries_to_get_in(scope, headers):
                await self._slow_down(scope)
            raise TokenMissingError("The request holds neither the cookie nor the token.")
        return None

    def _tries_to_get_in(self, scope: Scope, headers: Headers) -> bool:
        """Whether it holds a token or a cookie, which then was wrong and not known to be."""
        given = _query(scope, "token") or _query(scope, "ticket")
        if given is not None or "authorization" in headers:
            return True
        cookies = list(_cookies(headers, self._door.cookie))
        return bool(cookies) and self._door.attempts.is_new(cookies)

    def _has_way_in(self, scope: Scope) -> bool:
        token, ticket = _query(scope, "token"), _query(scope, "ticket")
        if token is not None and self._is_token(token):
            return True
        return ticket is not None and self._door.tickets.redeem(ticket)

    async def _slow_down(self, scope: Scope) -> None:
        """Let a wrong secret wait for its answer. A right one never comes here."""
        attempts, address = self._door.attempts, _address(scope)
        delay = attempts.note(address)
        if delay is None:
            raise TooManyAttemptsError("Several wrong tokens wait for their answer already.")
        if delay > 0:
            attempts.begin(address)
            try:
                await self._sleep(delay)
            finally:
                attempts.end(address)

    def _check_host(self, headers: Headers) -> None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            raise HostRefusedError(f"The request was for {host or 'no host'!r}.", host=host)

    def _check_origin(self, method: str, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            raise OriginRefusedError(f"The request came from {origin!r}.", origin=origin)
        site = headers.get("sec-fetch-site", "none")
        if site in {"same-origin", "none"}:
            return
        # Another port of this machine is the same site to a browser, and gets the cookie sent.
        if method not in SAFE_METHODS or not _is_link(headers):
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


def _limit(scope: Scope) -> int:
    """How many bytes of a body are taken."""
    if scope["method"] in SAFE_METHODS:
        return JSON_LIMIT
    return limit_of(scope["path"], Headers(scope=scope))


def _is_link(headers: Headers) -> bool:
    """Whether somebody followed a link to here, in a tab of its own."""
    mode, target = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return mode == "navigate" and target == "document"


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return "" if client is None else str(client[0])


def _refusal(scope: Scope, error: AccessError) -> Response:
    if scope["path"] == "/" and isinstance(error, TokenMissingError):
        return Response(way_in.PAGE, HTTPStatus.UNAUTHORIZED, media_type="text/html")
    return answer(error.problem, status_of(type(error)), scope["path"])


def _cookies(headers: Headers, name: str) -> Iterable[str]:
    """The first values of a cookie. Read by hand: the library's own reader gives up on the whole
    line where another program of this host has set a cookie that it does not like.
    """
    pairs = (
        pair.strip().partition("=")
        for line in headers.getlist("cookie")
        for pair in line.split(";")
    )
    values = (value for given, _, value in pairs if given == name)
    return islice(values, MOST_OF_A_NAME)


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

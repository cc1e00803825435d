"""Answers that no web framework gives: cut, reset, or with lengths that do not fit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TRANSPORT = "emulator.transport"

GATEWAY_PAGE = """<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>
</html>
"""


class TransportInScope(HttpToolsProtocol):
    """Hands the connection itself to the application, which a server normally does not do."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope
        scope[_TRANSPORT] = self.transport


class Reset(Response):
    """No answer at all: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope[_TRANSPORT]
        transport.abort()
        await _until_gone(receive)


class Raw(Response):
    """An answer written byte for byte, after which the connection is closed."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__()
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._bytes = "\r\n".join([*lines, "", ""]).encode() + body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope[_TRANSPORT]
        transport.write(self._bytes)
        transport.close()
        await _until_gone(receive)


def gateway_page(status: int = 502) -> Response:
    """What something in between says that is not fal."""
    return HTMLResponse(GATEWAY_PAGE.replace("502", str(status)), status)


def cut(response: Response) -> Response:
    """The first half of a response."""
    body = bytes(response.body)
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    headers["content-length"] = str(max(len(body), 2))
    return Raw(response.status_code, headers, body[: len(body) // 2])


async def held(request: HttpRequest, released: Any, seconds: float) -> None:
    """Wait until somebody lets go, the time is over, or nobody waits for the answer any more."""
    step = 0.02
    for _ in range(int(seconds / step)):
        if released.is_set() or await request.is_disconnected():
            return
        await asyncio.sleep(step)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

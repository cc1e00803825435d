"""Serve a studio on a socket until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

import uvicorn

from rushes.domain.errors import SettingsError
from rushes.server.app import create_app
from rushes.server.gate import LOOPBACK_NAMES, Door
from rushes.server.kernel_sending import IS_POSSIBLE, SendingProtocol
from rushes.studio import Studio

GRACE = 2
"""Seconds that open connections get when the studio stops."""
BACKLOG = 2048
STOPPING = (signal.SIGINT, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """Open the socket before anything else, so that its port is known.

    Raises:
        SettingsError: the address is none of this machine, or the port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # From here on callers wait instead of being refused.
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        field, remedy = _what_to_change(error)
        raise SettingsError(
            f"{host}:{port} cannot be listened on: {error}.",
            remedy=remedy,
            field=field,
        ) from error
    return listening


def _what_to_change(error: OSError | OverflowError) -> tuple[str, str]:
    """The field that is at fault, and what to do about it."""
    if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
        return "host", "Choose an address of this machine for --host; 127.0.0.1 is the safe one."
    return "port", "Choose another --port; --port 0 takes a free one."


def door_of(studio: Studio, listening: socket.socket) -> Door:
    """Which names lead to this socket, and what opens it."""
    host, port = listening.getsockname()[:2]
    named = f"[{host}]" if ":" in host else host
    return Door(studio.token, port, tuple(dict.fromkeys((named, *LOOPBACK_NAMES))))


def address_of(door: Door) -> str:
    return f"http://{door.names[0]}:{door.port}"


async def serve(
    studio: Studio,
    door: Door,
    listening: socket.socket,
    until: Coroutine[Any, Any, None] | None = None,
) -> None:
    """Answer requests until SIGINT or SIGTERM, or until ``until`` returns."""
    config = uvicorn.Config(
        create_app(studio, door),
        log_level="warning",
        access_log=False,
        server_header=False,
        # No proxy stands before it, and whoever asks must not choose the address that is counted.
        proxy_headers=False,
        lifespan="off",
        ws="none",
        http=SendingProtocol if IS_POSSIBLE else "auto",
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config, studio)
    async with asyncio.TaskGroup() as group:
        waiting = None if until is None else group.create_task(server.stop_after(until))
        await server.serve(sockets=[listening])
        if waiting is not None:
            waiting.cancel()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, studio: Studio) -> None:
        super().__init__(config)
        self._studio = studio

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM, and let the studio close in order: uvicorn's own way sends
        the signal again once it has stopped, which would end the process before that.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in STOPPING:
                loop.remove_signal_handler(number)

    async def stop_after(self, until: Coroutine[Any, Any, None]) -> None:
        await until
        self._stop()

    def _stop(self) -> None:
        # Event streams never end by themselves.
        self._studio.catalogue.feed.close()
        self.force_exit = self.should_exit
        self.should_exit = True

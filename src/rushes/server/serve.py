"""Serve a studio on a socket until it is told to stop."""

from __future__ import annotations

import socket
from types import FrameType

import uvicorn

from rushes.domain.errors import SettingsError
from rushes.server.app import create_app
from rushes.server.gate import LOOPBACK_NAMES, Door
from rushes.studio import Studio

GRACE = 2
"""Seconds that open connections get when the studio stops."""


def listen(host: str, port: int) -> socket.socket:
    """Open the socket before anything else, so that its port is known.

    Raises:
        SettingsError: the port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsError(
            f"{host}:{port} cannot be listened on: {error}.",
            remedy="Choose another --port; --port 0 takes a free one.",
            field="port",
        ) from error
    return listening


def door_of(studio: Studio, listening: socket.socket) -> Door:
    """Which names lead to this socket, and what opens it."""
    host, port = listening.getsockname()[:2]
    named = f"[{host}]" if ":" in host else host
    return Door(studio.token, port, tuple(dict.fromkeys((named, *LOOPBACK_NAMES))))


def address_of(door: Door) -> str:
    return f"http://{door.names[0]}:{door.port}"


async def serve(studio: Studio, door: Door, listening: socket.socket) -> None:
    """Answer requests until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        create_app(studio, door),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    await _Server(config, studio).serve(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, studio: Studio) -> None:
        super().__init__(config)
        self._studio = studio

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Event streams never end by themselves.
        self._studio.catalogue.feed.close()
        super().handle_exit(sig, frame)

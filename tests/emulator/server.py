"""Runs the emulator: four ports on the loopback address, one thread, one event loop."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.emulator.clips import tagged
from tests.emulator.faults import Faults, cues_in
from tests.emulator.media_api import MediaApi
from tests.emulator.outcomes import file_of
from tests.emulator.platform_api import PlatformApi
from tests.emulator.queue_api import QueueApi
from tests.emulator.state import EmulatorSettings, EmulatorState, LedgerEntry, Seen
from tests.emulator.wire import TransportInScope

ROLES = ("queue", "platform", "media", "elsewhere")
START_SECONDS = 30


class EmulatorFailedError(AssertionError):
    """The emulator itself had a fault, so what the test saw means nothing."""


class FalEmulator:
    """A fal on 127.0.0.1. A context manager; ``start`` and ``stop`` do the same by hand."""

    def __init__(
        self,
        *,
        key: str = "test:key",
        port: int = 0,
        ledger_file: Path | None = None,
        settings: EmulatorSettings | None = None,
    ) -> None:
        self._port = port
        self._state = EmulatorState(key, ledger_file, settings or EmulatorSettings())
        self._sockets: list[socket.socket] = []
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def key(self) -> str:
        """The good key; any other is refused."""
        return self._state.key

    @key.setter
    def key(self, key: str) -> None:
        self._state.key = key

    @property
    def queue_url(self) -> str:
        return f"http://{self._state.hosts['queue']}"

    @property
    def platform_url(self) -> str:
        return f"http://{self._state.hosts['platform']}/v1"

    @property
    def media_host(self) -> str:
        return self._state.hosts["media"]

    @property
    def elsewhere_host(self) -> str:
        """A host that nobody has a reason to contact."""
        return self._state.hosts["elsewhere"]

    @property
    def ledger(self) -> list[LedgerEntry]:
        """Every accepted submit, in the order in which they were accepted."""
        return self._state.ledger

    @property
    def seen(self) -> list[Seen]:
        """Every HTTP request that came in, at any of the four hosts."""
        return self._state.seen

    @property
    def settings(self) -> EmulatorSettings:
        return self._state.settings

    @property
    def faults(self) -> Faults:
        return self._state.faults

    def clips_of(self, request_id: str) -> tuple[bytes, ...]:
        """The files that may be kept of this request, whatever faults were on the way.

        One; with ``media-cut-changed`` also the other one that is put there. With ``media-big`` the
        file ends in padding: an answer that is complete by its own length and lacks a part of the
        padding cannot be told from a whole clip.
        """
        request = self._state.requests[request_id]
        file = file_of(request, self._state.settings)
        clip = file.read(0, len(file))
        clips = [clip]
        if request.cues.has("media-cut-changed"):
            clips.append(tagged(clip, "changed"))
        if request.cues.has("media-changed"):
            clips.append(clip[:-1] + b"\xff")
        if request.cues.has("media-big") and request.cues.has("media-long"):
            clips.append(clip[:-1000])
        if request.cues.has("media-big") and request.cues.has("media-truncated"):
            clips.append(clip[: len(clip) * 2 // 3])
        return tuple(clips)

    def afflict(self, request_id: str, *faults: str) -> None:
        """From now on this request has these faults, and none of those that it had."""
        marked = "".join(f"[fault:{fault}]" for fault in faults)
        self._state.requests[request_id].cues = cues_in(marked)

    def is_cancelled(self, request_id: str) -> bool:
        return self._state.requests[request_id].is_cancelled

    def release(self) -> None:
        """Let the answers of ``submit-slow`` go."""
        self._state.released.set()

    def reset(self) -> None:
        """As new: nothing bought, nothing seen, no faults, default settings. The key stays."""
        self._state.reset()

    def start(self) -> Self:
        self._sockets = [_listening(self._port + n if self._port else 0) for n in range(len(ROLES))]
        addresses = {
            role: f"127.0.0.1:{listener.getsockname()[1]}"
            for role, listener in zip(ROLES, self._sockets, strict=True)
        }
        self._state.hosts.update(addresses)
        config = uvicorn.Config(
            _ByPort(self._state),
            http=TransportInScope,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_level="critical",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=(self._sockets,), name="fal-emulator", daemon=True
        )
        self._thread.start()
        _wait_until_answering(self._sockets[0])
        self._state.seen.clear()
        return self

    def stop(self) -> None:
        """Close all connections. Raises when the emulator had a fault of its own."""
        if self._server is None or self._thread is None:
            return
        self._state.released.set()
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._server = self._thread = None
        for listener in self._sockets:
            listener.close()
        if self._state.mistakes:
            raise EmulatorFailedError(repr(self._state.mistakes[0])) from self._state.mistakes[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _ByPort:
    """Which of the four hosts was asked is told by the port that the request came in at."""

    def __init__(self, state: EmulatorState) -> None:
        self._state = state
        media = MediaApi(state).routes()
        self._apps: dict[str, ASGIApp] = {
            "queue": Starlette(routes=QueueApi(state).routes()),
            "platform": Starlette(routes=PlatformApi(state).routes()),
            "media": Starlette(routes=media),
            "elsewhere": Starlette(routes=media),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        role = self._role(scope["server"][1])
        self._state.seen.append(_seen(role, scope))
        try:
            await self._apps[role](scope, receive, send)
        except ClientDisconnect:
            return
        except Exception as exc:
            # Kept for `stop`, which raises it where the test sees it.
            self._state.mistakes.append(exc)
            raise

    def _role(self, port: int) -> str:
        hosts = self._state.hosts.items()
        return next(role for role, address in hosts if address.endswith(f":{port}"))


def _seen(role: str, scope: Scope) -> Seen:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Seen(
        host=role,
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        client_port=scope["client"][1],
        has_key="authorization" in headers,
        headers=headers,
    )


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def _wait_until_answering(listener: socket.socket) -> None:
    """The socket takes connections before the server runs, so the first answer is the sign."""
    with socket.create_connection(listener.getsockname(), timeout=START_SECONDS) as connection:
        connection.sendall(b"GET /ready HTTP/1.1\r\nHost: ready\r\nConnection: close\r\n\r\n")
        while connection.recv(4096):
            pass

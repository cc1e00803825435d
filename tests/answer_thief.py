"""Stands before a studio, hands everything on, and keeps some of the answers to itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

ONE_HOP = {"host", "connection", "transfer-encoding", "content-length", "content-encoding"}


@dataclass
class Thief:
    """How many answers to an order it still keeps, and those that it has kept."""

    url: str = ""
    left: int = 0
    kept: list[dict[str, object]] = field(default_factory=list)


@contextmanager
def answer_thief(studio: str, times: int) -> Iterator[Thief]:
    """The first ``times`` answers to orders never arrive, though the studio has given them."""
    thief = Thief(left=times)

    class Handler(BaseHTTPRequestHandler):
        def _hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {n: v for n, v in self.headers.items() if n.lower() not in ONE_HOP}
            answer = httpx.request(
                self.command, studio + self.path, content=body, headers=headers, timeout=30
            )
            is_order = self.command == "POST" and self.path.endswith("/generations")
            if is_order and thief.left > 0:
                thief.left -= 1
                thief.kept.append(answer.json())
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in ONE_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PATCH = _hand_on  # noqa: N815  # names that http.server calls

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thief.url = f"http://127.0.0.1:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    try:
        yield thief
    finally:
        server.shutdown()
        server.server_close()
        running.join()

"""The script somebody would write without Rushes: submit, poll, download. Keeps nothing durable.

``python -m benchmarks.bare`` reads ``{"queue_url", "key", "folder", "orders"}`` from its input and
prints what it took. No catalogue, no hash, no look into the clip, no poster, no fsync: if it ends
early, what was bought is lost.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.processes import Usage, memory, usage

POLL_SECONDS = 0.5
"""As often as Rushes asks at first."""
AT_ONCE = 16
"""Requests; Rushes asks as many at once."""


@dataclass(frozen=True, slots=True)
class Script:
    client: httpx.AsyncClient
    queue_url: str
    folder: Path
    lane: asyncio.Semaphore

    async def take(self, order: dict[str, Any]) -> None:
        url = f"{self.queue_url}/{order['endpoint']}"
        links = await self._ask("POST", url, json=order["body"])
        status = ""
        while status != "COMPLETED":
            await asyncio.sleep(POLL_SECONDS)
            status = (await self._ask("GET", links["status_url"]))["status"]
        result = await self._ask("GET", links["response_url"])
        path = self.folder / f"{links['request_id']}.mp4"
        await self._download(result["video"]["url"], path)

    async def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        async with self.lane:
            answer = await self.client.request(method, url, **more)
        document: dict[str, Any] = answer.raise_for_status().json()
        return document

    async def _download(self, url: str, path: Path) -> None:
        async with self.lane, self.client.stream("GET", url) as response:
            response.raise_for_status()
            with path.open("wb") as file:
                async for piece in response.aiter_bytes():
                    file.write(piece)


async def run(asked: dict[str, Any]) -> Usage:
    own = os.getpid()
    memory_before = memory(own)
    start = time.perf_counter()
    async with httpx.AsyncClient(
        headers={"Authorization": f"Key {asked['key']}"},
        timeout=60,
        trust_env=False,
    ) as client:
        folder, lane = Path(asked["folder"]), asyncio.Semaphore(AT_ONCE)
        script = Script(client, asked["queue_url"], folder, lane)
        async with asyncio.TaskGroup() as takes:
            for order in asked["orders"]:
                takes.create_task(script.take(order))
    return usage(own, time.perf_counter() - start, memory_before)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(asyncio.run(run(json.load(sys.stdin))))))

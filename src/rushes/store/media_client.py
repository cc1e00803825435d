"""Opens media addresses: every hop is checked against the list, looked up once and pinned.

The connection goes to the very address that was judged, so a name that changes its answer between
the check and the call gains nothing. Nothing but the request itself is sent: no key, no cookie.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

import httpx

import rushes
from rushes.domain.errors import DownloadStatusError
from rushes.store.media_hosts import MediaHosts, as_address, authority, host_of, port_of

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
STALL_SECONDS = 30.0


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class MediaClient:
    def __init__(
        self,
        client: httpx.AsyncClient,
        hosts: MediaHosts,
        *,
        resolve: Resolve = resolve,
        connect_seconds: float = CONNECT_SECONDS,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        self._client = client
        self._hosts = hosts
        self._resolve = resolve
        self.stall_seconds = stall_seconds
        self._timeout = httpx.Timeout(stall_seconds, connect=connect_seconds)

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """The answer behind this address and its redirects, whatever its status, body unread.

        Raises:
            MediaHostRefusedError: the address, or one that it redirects to, may not be called.
            DownloadStatusError: it redirects too often, or to nowhere.
            httpx.TransportError: no answer came.
        """
        response = await self._follow(url, headers)
        try:
            yield response
        finally:
            await response.aclose()

    async def _follow(
        self, url: str, headers: Mapping[str, str], hops: int = MAX_REDIRECTS
    ) -> httpx.Response:
        target = self._hosts.check(url)
        response = await self._send(target, headers)
        if response.status_code not in REDIRECTS:
            return response
        await response.aclose()
        if hops == 0:
            raise DownloadStatusError(
                f"{authority(target)} redirected once more after {MAX_REDIRECTS} redirects.",
                status=response.status_code,
            )
        return await self._follow(_next_url(target, response), headers, hops - 1)

    async def _send(self, target: httpx.URL, headers: Mapping[str, str]) -> httpx.Response:
        *others, last = await self._addresses(target)
        for address in others:
            try:
                return await self._send_to(address, target, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # the host has more addresses; the last one's failure is raised
        return await self._send_to(last, target, headers)

    async def _addresses(self, target: httpx.URL) -> Sequence[str]:
        host = host_of(target)
        if as_address(host) is not None:
            return self._hosts.choose_addresses(target, [host])
        try:
            found = await self._resolve(host, port_of(target))
        except OSError as error:
            raise httpx.ConnectError(f"{host} was not found: {error.strerror or error}") from error
        if not found:
            raise httpx.ConnectError(f"{host} has no address")
        return self._hosts.choose_addresses(target, found)

    async def _send_to(
        self, address: str, target: httpx.URL, headers: Mapping[str, str]
    ) -> httpx.Response:
        request = httpx.Request(
            "GET",
            target.copy_with(host=address, fragment=None),
            headers={
                "Host": authority(target),
                "User-Agent": f"rushes/{rushes.__version__}",
                "Accept": "*/*",
                "Accept-Encoding": "identity",
                # A connection is named by its address here: another host must not get it.
                "Connection": "close",
                **headers,
            },
            extensions={"timeout": self._timeout.as_dict(), "sni_hostname": host_of(target)},
        )
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)


def _next_url(target: httpx.URL, response: httpx.Response) -> str:
    location = response.headers.get("Location")
    if location is None:
        raise DownloadStatusError(
            f"{authority(target)} answered {response.status_code} without a Location.",
            status=response.status_code,
        )
    return str(target.join(location))

"""Where a download may come from: redirects, names, addresses and certificates."""

from __future__ import annotations

import ssl

import httpx
import pytest
import trustme

from rushes.domain.errors import (
    DownloadError,
    DownloadStatusError,
    MediaHostRefusedError,
)
from rushes.store.download import Downloader
from rushes.store.local_store import LocalDraft
from rushes.store.media_hosts import MediaHosts
from tests.integration.downloads import (
    BODY,
    DIGEST,
    Pauses,
    client,
    downloader,
    draft,
    host,
    ignore,
    in_pieces,
    pauses,
)
from tests.media_host import (
    MediaHost,
    media_host,
    redirect,
    whole,
)

__all__ = ["client", "downloader", "draft", "host", "pauses"]


async def test_a_redirect_to_a_refused_host_is_not_followed(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    async with media_host() as other:
        aim = other.put("/secret", whole(BODY))
        with pytest.raises(MediaHostRefusedError):
            await downloader.fetch(host.put("/a", redirect(aim)), draft, on_bytes=ignore)
        assert other.asked == []


async def test_a_redirect_loop_ends(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    with pytest.raises(DownloadStatusError):
        await downloader.fetch(host.put("/a", redirect("/a")), draft, on_bytes=ignore)
    assert len(host.asked) == 6


async def test_a_redirect_to_nowhere_is_told(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/a", whole(b"", status=302))
    with pytest.raises(DownloadStatusError, match="without a Location"):
        await downloader.fetch(url, draft, on_bytes=ignore)
    url = host.put("/b", redirect("http://127.0.0.1:port/"))
    with pytest.raises(DownloadError, match="Invalid port"):
        await downloader.fetch(url, draft, on_bytes=ignore)


async def test_a_listed_name_that_leads_to_this_machine_is_never_called(
    client: httpx.AsyncClient, host: MediaHost, draft: LocalDraft
) -> None:
    async def resolve(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    hosts = MediaHosts.parse(f"clips.example:{host.port}")
    downloader = Downloader(client, hosts, resolve=resolve, sleep=Pauses())
    with pytest.raises(MediaHostRefusedError):
        await downloader.fetch(f"https://clips.example:{host.port}/x", draft, on_bytes=ignore)
    assert host.asked == []


async def test_the_address_that_was_checked_is_the_one_that_is_called(draft: LocalDraft) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    called: list[httpx.Request] = []

    async def resolve(name: str, port: int) -> list[str]:
        return next(answers)

    def record(request: httpx.Request) -> httpx.Response:
        called.append(request)
        return httpx.Response(200, content=in_pieces())

    async with httpx.AsyncClient(transport=httpx.MockTransport(record)) as client:
        downloader = Downloader(client, MediaHosts.parse("clips.example"), resolve=resolve)
        await downloader.fetch("https://clips.example/x?a=b", draft, on_bytes=ignore)
    assert str(called[0].url) == "https://93.184.216.34/x?a=b"
    assert called[0].headers["Host"] == "clips.example"
    assert called[0].extensions["sni_hostname"] == "clips.example"


@pytest.mark.parametrize(
    ("certified", "trusted"), [("clips.example", True), ("other.example", False)]
)
async def test_the_certificate_must_be_for_the_name_and_not_for_the_address(
    draft: LocalDraft, certified: str, trusted: bool
) -> None:
    async def resolve(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    authority = trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(certified).configure_cert(tls)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    async with media_host(tls) as host, httpx.AsyncClient(verify=trust) as client:
        host.put("/clip.mp4", whole(BODY))
        hosts = MediaHosts.parse(f"clips.example:{host.port},{host.authority}")
        downloader = Downloader(client, hosts, resolve=resolve, pauses=())
        fetching = downloader.fetch(
            f"https://clips.example:{host.port}/clip.mp4", draft, on_bytes=ignore
        )
        if trusted:
            assert (await fetching).sha256 == DIGEST
            return
        with pytest.raises(DownloadError, match=r"not valid for 'clips\.example'"):
            await fetching


async def test_the_next_address_is_called_when_one_does_not_answer(draft: LocalDraft) -> None:
    async def resolve(name: str, port: int) -> list[str]:
        return ["2606:4700::1", "93.184.216.34"]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "2606:4700::1":
            raise httpx.ConnectError("no route", request=request)
        return httpx.Response(200, content=in_pieces())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        downloader = Downloader(client, MediaHosts.parse("clips.example"), resolve=resolve)
        received = await downloader.fetch("https://clips.example/x", draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


async def test_a_name_that_is_not_found_is_told(
    client: httpx.AsyncClient, draft: LocalDraft
) -> None:
    hosts = MediaHosts.parse("name.invalid")
    downloader = Downloader(client, hosts, sleep=Pauses(), pauses=())
    with pytest.raises(DownloadError, match=r"name\.invalid was not found"):
        await downloader.fetch("https://name.invalid/x", draft, on_bytes=ignore)

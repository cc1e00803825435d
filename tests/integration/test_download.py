"""Downloads from a real server that misbehaves in every way that a media host can."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tracemalloc
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from rushes.domain.errors import (
    DiskFullError,
    DownloadError,
    DownloadInterruptedError,
    DownloadNotMediaError,
    DownloadShortError,
    DownloadStatusError,
    MediaGoneError,
    MediaUnreadableError,
    RushesError,
    SourceUnreadableError,
    StorageError,
)
from rushes.domain.generation import Transfer
from rushes.store.download import Downloader, copy_local
from rushes.store.local_store import LocalDraft, LocalStore
from tests.disks import small_disk
from tests.integration.downloads import (
    BODY,
    DIGEST,
    ETAG,
    HALF,
    Pauses,
    client,
    downloader,
    draft,
    host,
    ignore,
    make_downloader,
    pauses,
)
from tests.media_host import (
    Asked,
    MediaHost,
    chunked,
    cut,
    head,
    media_host,
    ranged,
    raw,
    redirect,
    stall,
    stream,
    whole,
)

__all__ = ["client", "downloader", "draft", "host", "pauses"]

# --- what goes right ----------------------------------------------------------------------------


async def test_a_clip_comes_whole_with_its_hash_and_its_progress(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    seen: list[Transfer] = []
    url = host.put("/clip.mp4", whole(BODY))
    received = await downloader.fetch(url, draft, expected_size=len(BODY), on_bytes=seen.append)
    assert (received.size, received.sha256) == (len(BODY), DIGEST)
    assert received.content_type == "video/mp4"
    assert draft.local_path.read_bytes() == BODY
    assert seen[0] == Transfer(0, len(BODY))
    assert seen[-1] == Transfer(len(BODY), len(BODY))
    assert seen == sorted(seen, key=lambda transfer: transfer.received)


async def test_nothing_secret_and_nothing_compressed_is_asked_for(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", whole(BODY, headers={"Set-Cookie": "a=b"}))
    await downloader.fetch(url, draft, on_bytes=ignore)
    draft.restart()
    await downloader.fetch(url, draft, on_bytes=ignore)
    for asked in host.asked:
        assert asked.headers["accept-encoding"] == "identity"
        assert asked.headers["host"] == host.authority
        assert asked.headers["connection"] == "close"
        assert not {"authorization", "cookie", "referer"} & set(asked.headers)
        assert "secret" not in str(asked)


async def test_a_body_in_chunks_is_whole(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    pieces = [BODY[start : start + 100_000] for start in range(0, len(BODY), 100_000)]
    answer = raw(head(200, {"Transfer-Encoding": "chunked"}), chunked(pieces))
    received = await downloader.fetch(host.put("/clip.mp4", answer), draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


async def test_a_body_without_length_is_taken_until_its_end(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", raw(head(200, {"Connection": "close"}), BODY))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


async def test_redirects_are_followed(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    host.put("/there.mp4", whole(BODY))
    host.put("/next", redirect(f"http://{host.authority}/there.mp4", 307))
    received = await downloader.fetch(host.put("/first", redirect("next")), draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


# --- what the host says -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_clip_that_is_gone_is_told_as_gone(
    downloader: Downloader, host: MediaHost, draft: LocalDraft, status: int
) -> None:
    url = host.put("/clip.mp4", whole(b"no", status=status))
    with pytest.raises(MediaGoneError) as caught:
        await downloader.fetch(url, draft, on_bytes=ignore)
    assert caught.value.problem.facts["status"] == status
    assert draft.local_path.read_bytes() == b""


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 418, 429, 500, 503])
async def test_any_other_status_is_told_with_its_number(
    downloader: Downloader, host: MediaHost, draft: LocalDraft, status: int
) -> None:
    bare = raw(head(status, {"Connection": "close"}))
    with pytest.raises(DownloadStatusError) as caught:
        await downloader.fetch(host.put("/clip.mp4", bare), draft, on_bytes=ignore)
    assert caught.value.problem.facts["status"] == status
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("Fri, 02 Jan 2026 03:05:05 GMT", timedelta(minutes=1)),
        ("Fri, 02 Jan 2026 03:00:00 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
    ],
)
async def test_retry_after_is_read_as_seconds_and_as_a_date(
    downloader: Downloader,
    host: MediaHost,
    draft: LocalDraft,
    value: str,
    wait: timedelta | None,
) -> None:
    url = host.put("/clip.mp4", whole(b"", status=429, headers={"Retry-After": value}))
    with pytest.raises(DownloadStatusError) as caught:
        await downloader.fetch(url, draft, on_bytes=ignore)
    assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html; charset=utf-8", BODY),
        ("application/json", BODY),
        ("application/problem+json", BODY),
        ("video/mp4", b"\n <!DOCTYPE html><title>Sign in</title>"),
        ("video/mp4", b"\xef\xbb\xbf<html>"),
        ("application/octet-stream", b"<?xml version='1.0'?><Error/>"),
    ],
)
async def test_a_page_is_not_taken_for_a_clip(
    downloader: Downloader, host: MediaHost, draft: LocalDraft, content_type: str, body: bytes
) -> None:
    url = host.put("/clip.mp4", whole(body, headers={"Content-Type": content_type}))
    with pytest.raises(DownloadNotMediaError):
        await downloader.fetch(url, draft, on_bytes=ignore)
    assert draft.local_path.read_bytes() == b""


async def test_a_page_that_comes_byte_by_byte_is_not_taken_for_a_clip(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    answer = raw(head(200, {"Transfer-Encoding": "chunked"}), chunked([b" ", b"<", b"html>"]))
    with pytest.raises(DownloadNotMediaError):
        await downloader.fetch(host.put("/clip.mp4", answer), draft, on_bytes=ignore)


async def test_a_compressed_answer_is_refused(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", whole(BODY, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(DownloadNotMediaError):
        await downloader.fetch(url, draft, on_bytes=ignore)


# --- cuts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known",
    [
        {"ETag": '"one"'},
        {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Date": "Fri, 02 Jan 2026 00:00:00 GMT"},
        {},
    ],
)
async def test_a_cut_is_resumed_where_it_happened(
    downloader: Downloader,
    host: MediaHost,
    draft: LocalDraft,
    pauses: Pauses,
    known: dict[str, str],
) -> None:
    url = host.put("/clip.mp4", ranged(BODY, at=HALF, headers=known), ranged(BODY, headers=known))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert (received.size, received.sha256) == (len(BODY), DIGEST)
    assert draft.local_path.read_bytes() == BODY
    assert [asked.first_byte for asked in host.asked] == [None, HALF]
    assert host.asked[1].headers.get("if-range") == next(iter(known.values()), None)
    assert pauses.asked == [0.5]


@pytest.mark.parametrize(
    "weak",
    [
        {"ETag": 'W/"one"'},
        {"Last-Modified": "Fri, 02 Jan 2026 00:00:00 GMT", "Date": "Fri, 02 Jan 2026 00:00:00 GMT"},
        {"Last-Modified": "yesterday", "Date": "today"},
        {"ETag": '"\u00e9"'},
        {
            "Last-Modified": "Thu, \u0660\u0661 Jan 2026 00:00:00 GMT",
            "Date": "Fri, 02 Jan 2026 00:00:00 GMT",
        },
    ],
)
async def test_a_weak_validator_is_not_relied_on(
    downloader: Downloader, host: MediaHost, draft: LocalDraft, weak: dict[str, str]
) -> None:
    url = host.put("/clip.mp4", ranged(BODY, at=HALF, headers=weak), ranged(BODY, headers=weak))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST
    assert "if-range" not in host.asked[1].headers


async def test_many_cuts_with_progress_do_not_end_a_download(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    step = 2**20 // 2
    cuts = [ranged(BODY, at=at, headers=ETAG) for at in range(step, len(BODY), step)]
    url = host.put("/clip.mp4", *cuts, ranged(BODY, headers=ETAG))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST
    assert len(host.asked) == len(cuts) + 1


async def test_a_server_that_ignores_range_sends_it_again_from_zero(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", cut(BODY, HALF, headers=ETAG), whole(BODY, headers=ETAG))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST
    assert draft.local_path.read_bytes() == BODY
    assert host.asked[1].first_byte == HALF


async def test_another_file_under_the_same_address_is_never_mixed_with_the_first(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    other = BODY[::-1]
    changed = {"ETag": '"two"'}
    # This server ignores If-Range: it sends the rest of a file that we do not have.
    url = host.put("/clip.mp4", ranged(BODY, at=HALF, headers=ETAG), ranged(other, headers=changed))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == hashlib.sha256(other).hexdigest()
    assert draft.local_path.read_bytes() == other
    assert [asked.first_byte for asked in host.asked] == [None, HALF, None]


@pytest.mark.parametrize(
    "wrong",
    [
        f"bytes 0-{len(BODY) - 1}/{len(BODY)}",
        f"bytes {HALF + 1}-{len(BODY) - 1}/{len(BODY)}",
        f"bytes {HALF}-{len(BODY)}/{len(BODY) + 1}",
        f"bites {HALF}-{len(BODY) - 1}/{len(BODY)}",
        "",
    ],
)
async def test_a_part_that_does_not_fit_is_thrown_away(
    downloader: Downloader, host: MediaHost, draft: LocalDraft, wrong: str
) -> None:
    url = host.put(
        "/clip.mp4",
        ranged(BODY, at=HALF, headers=ETAG),
        ranged(BODY, headers={**ETAG, "Content-Range": wrong}),
        ranged(BODY, headers=ETAG),
    )
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST
    assert host.asked[2].first_byte is None


async def test_a_range_beyond_the_file_begins_again(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    beyond = whole(b"", status=416, headers={"Content-Range": "bytes */5"})
    url = host.put("/clip.mp4", cut(BODY, HALF), beyond, whole(BODY))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


async def test_a_cut_that_cannot_be_resumed_is_told_with_how_far_it_came(
    downloader: Downloader, host: MediaHost, draft: LocalDraft, pauses: Pauses
) -> None:
    url = host.put("/clip.mp4", cut(BODY, HALF), ranged(BODY, at=HALF))
    with pytest.raises(DownloadInterruptedError) as caught:
        await downloader.fetch(url, draft, on_bytes=ignore)
    assert caught.value.problem.facts == {"received": HALF, "total": len(BODY)}
    assert pauses.asked == [0.5, 1.0, 2.0]


async def test_a_cut_without_any_length_begins_again(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    broken = raw(head(200, {"Transfer-Encoding": "chunked"}), b"%x\r\n" % len(BODY), BODY[:HALF])
    received = await downloader.fetch(
        host.put("/clip.mp4", broken, whole(BODY)), draft, on_bytes=ignore
    )
    assert received.sha256 == DIGEST
    assert host.asked[1].first_byte is None


async def test_a_busy_host_in_the_middle_is_asked_again(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", cut(BODY, HALF), whole(b"", status=503), ranged(BODY))
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


async def test_a_clip_that_goes_away_in_the_middle_is_gone(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", cut(BODY, HALF), whole(b"", status=404))
    with pytest.raises(MediaGoneError):
        await downloader.fetch(url, draft, on_bytes=ignore)


async def test_a_host_that_falls_silent_is_not_waited_for(
    client: httpx.AsyncClient, host: MediaHost, draft: LocalDraft
) -> None:
    end = asyncio.Event()
    url = host.put("/clip.mp4", stall(BODY, HALF, end), ranged(BODY))
    downloader = make_downloader(client, host, stall_seconds=0.2)
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    end.set()
    assert received.sha256 == DIGEST


async def test_a_host_that_stays_silent_is_told_as_an_interruption(
    client: httpx.AsyncClient, host: MediaHost, draft: LocalDraft
) -> None:
    end = asyncio.Event()
    url = host.put("/clip.mp4", stall(BODY, HALF, end))
    downloader = make_downloader(client, host, stall_seconds=0.05, pauses=())
    with pytest.raises(DownloadInterruptedError, match=r"nothing came for 0\.05 s"):
        await downloader.fetch(url, draft, on_bytes=ignore)
    end.set()


async def test_a_host_that_cannot_be_reached_is_no_interruption(
    client: httpx.AsyncClient, draft: LocalDraft, pauses: Pauses
) -> None:
    async with media_host() as gone:
        url = gone.put("/clip.mp4", whole(BODY))
    downloader = make_downloader(client, gone, sleep=pauses)
    with pytest.raises(DownloadError) as caught:
        await downloader.fetch(url, draft, on_bytes=ignore)
    assert type(caught.value) is DownloadError
    assert pauses.asked == [0.5, 1.0, 2.0]


# --- lengths ------------------------------------------------------------------------------------


async def test_a_whole_body_is_kept_though_the_provider_names_another_size(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", whole(BODY))
    received = await downloader.fetch(url, draft, expected_size=len(BODY) + 1, on_bytes=ignore)
    assert received.size == len(BODY)
    assert draft.local_path.read_bytes() == BODY


async def test_where_no_length_is_announced_the_providers_size_is_the_measure(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    url = host.put("/clip.mp4", raw(head(200, {"Connection": "close"}), BODY))
    with pytest.raises(DownloadShortError) as caught:
        await downloader.fetch(url, draft, expected_size=len(BODY) + 1, on_bytes=ignore)
    assert caught.value.problem.facts == {"received": len(BODY), "expected": len(BODY) + 1}


async def test_an_endless_body_is_stopped_once_it_is_longer_than_expected(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Connection": "close"}))
        while not writer.is_closing():
            writer.write(BODY)
            await writer.drain()

    with pytest.raises(DownloadShortError):
        await downloader.fetch(
            host.put("/clip.mp4", endless), draft, expected_size=len(BODY), on_bytes=ignore
        )


async def test_a_part_shorter_than_the_rest_is_not_the_end(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    async def small_parts(asked: Asked, writer: asyncio.StreamWriter) -> None:
        first = asked.first_byte or 0
        part = BODY[first : first + 2**20]
        named = f"bytes {first}-{first + len(part) - 1}/{len(BODY)}"
        answer = whole(part, status=206, headers={"Content-Range": named})
        await answer(asked, writer)

    url = host.put("/clip.mp4", cut(BODY, 10), small_parts)
    received = await downloader.fetch(url, draft, on_bytes=ignore)
    assert received.sha256 == DIGEST


# --- our own disk, our own memory ---------------------------------------------------------------


async def test_a_full_disk_in_the_middle_is_told_as_a_full_disk(
    downloader: Downloader, host: MediaHost, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "2m") as home:
        draft = LocalStore(home, reserve=0).draft("take", "media")
        with pytest.raises(DiskFullError):
            await downloader.fetch(host.put("/clip.mp4", whole(BODY)), draft, on_bytes=ignore)
        draft.discard()
    assert len(host.asked) == 1


async def test_a_full_disk_is_told_even_when_the_network_fails_too(
    downloader: Downloader, host: MediaHost, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "512k") as home:
        draft = LocalStore(home, reserve=0).draft("take", "media")
        with pytest.raises(DiskFullError):
            await downloader.fetch(host.put("/clip.mp4", cut(BODY, HALF)), draft, on_bytes=ignore)
        draft.discard()


async def test_what_the_watcher_raises_ends_the_download(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    def too_large(transfer: Transfer) -> None:
        raise DiskFullError("no room for it", needed=transfer.total)

    with pytest.raises(DiskFullError, match="no room for it"):
        await downloader.fetch(host.put("/clip.mp4", whole(BODY)), draft, on_bytes=too_large)
    assert draft.local_path.read_bytes() == b""


async def test_a_cancelled_download_leaves_the_draft_to_be_discarded(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    begun, end = asyncio.Event(), asyncio.Event()

    def watch(transfer: Transfer) -> None:
        if transfer.received:
            begun.set()

    url = host.put("/clip.mp4", stall(BODY, HALF, end))
    task = asyncio.create_task(downloader.fetch(url, draft, on_bytes=watch))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    end.set()
    draft.discard()
    assert not draft.local_path.exists()


async def test_memory_stays_flat_however_large_the_clip_is(
    downloader: Downloader, host: MediaHost, draft: LocalDraft
) -> None:
    block = os.urandom(2**20)
    url = host.put("/clip.mp4", stream(block, 200))
    tracemalloc.start()
    try:
        received = await downloader.fetch(url, draft, on_bytes=ignore)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert received.size == 200 * 2**20
    assert peak < 16 * 2**20


# --- files of this machine ----------------------------------------------------------------------


async def test_a_local_file_is_copied_with_its_hash(tmp_path: Path, draft: LocalDraft) -> None:
    source = tmp_path / "animatic.mp4"
    source.write_bytes(BODY)
    seen: list[Transfer] = []
    received = await copy_local(source, draft, seen.append)
    assert (received.size, received.sha256) == (len(BODY), DIGEST)
    assert draft.local_path.read_bytes() == BODY
    assert seen[-1] == Transfer(len(BODY), len(BODY))
    assert source.exists()


@pytest.mark.parametrize(
    ("name", "error"), [("nothing.mp4", MediaUnreadableError), (".", SourceUnreadableError)]
)
async def test_a_local_file_that_is_gone_is_told_apart_from_one_that_cannot_be_read(
    tmp_path: Path, draft: LocalDraft, name: str, error: type[RushesError]
) -> None:
    with pytest.raises(error):
        await copy_local(tmp_path / name, draft, ignore)


async def test_a_full_disk_while_copying_is_told_as_a_full_disk(tmp_path: Path) -> None:
    source = tmp_path / "animatic.mp4"
    source.write_bytes(BODY)
    with small_disk(tmp_path / "disk") as home:
        draft = LocalStore(home, reserve=0).draft("take", "media")
        with pytest.raises(StorageError) as caught:
            await copy_local(source, draft, ignore)
        assert type(caught.value) is DiskFullError
        draft.discard()

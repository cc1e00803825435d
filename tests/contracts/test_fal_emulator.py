"""The emulator behaves as its table says: a test that relies on a fault must be able to get it."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import av
import httpx
import pytest

from rushes.domain.errors import RushesError
from rushes.providers.fal.client import FalProvider
from rushes.providers.provider import RemoteFile
from tests.contracts.fal_orders import KEY, accepted, completed, make_order
from tests.contracts.provider_contract import bytes_of
from tests.emulator import FalEmulator
from tests.emulator.clips import frame_number
from tests.emulator.faults import FAULTS, UnknownFaultError
from tests.emulator.server import EmulatorFailedError

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def media_of(provider: FalProvider, prompt: str = "A boat") -> RemoteFile:
    ticket = await completed(provider, make_order(prompt))
    return await provider.media(await provider.result(ticket))


def size_of(source: RemoteFile) -> int:
    assert source.size is not None
    return source.size


# --- the clips ------------------------------------------------------------------------------------


async def test_a_clip_is_as_long_and_as_fast_as_was_asked_and_its_frames_are_numbered(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    fal.settings.clip_seconds = None
    order = make_order(settings={"fps": 24, "duration": 6, "aspect_ratio": "9:16"})
    ticket = await completed(fal_provider, order)
    data = await bytes_of(await fal_provider.media(await fal_provider.result(ticket)))
    with av.open(io.BytesIO(data), "r") as container:
        numbers = [frame_number(frame) for frame in container.decode(video=0)]
        video = container.streams.video[0]
        assert str(video.average_rate) == "24"
        assert (video.width, video.height) == (180, 320)
        assert container.streams.audio
    assert numbers == list(range(6 * 24))


async def test_a_silent_clip_has_no_sound(fal: FalEmulator, fal_provider: FalProvider) -> None:
    ticket = await completed(fal_provider, make_order(settings={"generate_audio": False}))
    data = await bytes_of(await fal_provider.media(await fal_provider.result(ticket)))
    with av.open(io.BytesIO(data), "r") as container:
        assert not container.streams.audio


async def test_each_request_has_a_file_of_its_own_that_stays_the_same(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    one, other = await media_of(fal_provider), await media_of(fal_provider)
    assert await bytes_of(one) == await bytes_of(one)
    assert await bytes_of(one) != await bytes_of(other)


async def test_a_range_of_the_file_and_the_whole_fit_together(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    source = await media_of(fal_provider)
    whole = await web.get(source.url)
    part = await web.get(source.url, headers={"Range": "bytes=100-"})
    changed = await web.get(source.url, headers={"Range": "bytes=100-", "If-Range": '"other"'})
    beyond = await web.get(source.url, headers={"Range": "bytes=99999999-"})
    assert (whole.status_code, part.status_code) == (200, 206)
    assert part.content == whole.content[100:]
    assert part.headers["content-range"] == f"bytes 100-{size_of(source) - 1}/{source.size}"
    assert part.headers["etag"] == whole.headers["etag"]
    assert (changed.status_code, len(changed.content)) == (200, source.size)
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{source.size}")


async def test_a_huge_file_opens_as_a_video_and_is_never_whole_in_memory(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    fal.settings.big_bytes = 3 * 2**30
    source = await media_of(fal_provider, "A boat [fault:media-big]")
    assert source.size == 3 * 2**30
    head = await web.get(source.url, headers={"Range": "bytes=0-999999"})
    tail = await web.get(source.url, headers={"Range": "bytes=-10"})
    with av.open(io.BytesIO(head.content), "r") as container:
        assert next(container.decode(video=0)).width == 320
    assert tail.content == bytes(10)


# --- the media faults -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status"),
    [("media-404", 404), ("media-403", 403), ("media-410", 410), ("media-redirect-loop", 302)],
)
async def test_a_refused_file_stays_refused(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient, fault: str, status: int
) -> None:
    source = await media_of(fal_provider, f"A boat [fault:{fault}]")
    assert [(await web.get(source.url)).status_code for _ in range(2)] == [status, status]


@pytest.mark.parametrize(
    ("fault", "first"),
    [("media-500-once", 500), ("media-429-once", 429), ("media-429-now", 429)],
)
async def test_a_passing_refusal_passes(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient, fault: str, first: int
) -> None:
    source = await media_of(fal_provider, f"A boat [fault:{fault}]")
    assert [(await web.get(source.url)).status_code for _ in range(2)] == [first, 200]


async def test_what_is_there_once_is_gone_when_its_last_byte_was_sent(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    source = await media_of(fal_provider, "A boat [fault:media-once]")
    part = await web.get(source.url, headers={"Range": "bytes=0-99"})
    whole = await web.get(source.url)
    assert (part.status_code, whole.status_code, len(whole.content)) == (206, 200, source.size)
    assert (await web.get(source.url)).status_code == 410


async def test_a_file_that_has_moved_is_where_the_result_says_now(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    ticket = await completed(fal_provider, make_order("A boat [fault:media-moved]"))
    before = await fal_provider.media(await fal_provider.result(ticket))
    assert [(await web.get(before.url)).status_code for _ in range(2)] == [410, 410]
    now = await fal_provider.media(await fal_provider.result(ticket))
    assert now.url != before.url
    assert (await web.get(now.url)).status_code == 200


async def test_a_wait_of_no_seconds_can_be_named(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    order = make_order("A boat [fault:submit-429-now][fault:status-429-now]")
    payload = {"prompt": order.prompt}
    with_key = {"Authorization": f"Key {KEY}"}
    refused = await web.post(f"{fal.queue_url}/{order.endpoint}", json=payload, headers=with_key)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "0")
    ticket = await accepted(fal_provider, order)
    slowly = await web.get(ticket.links["status_url"], headers=with_key)
    assert (slowly.status_code, slowly.headers["retry-after"]) == (429, "0")


@pytest.mark.parametrize("fault", ["media-short", "media-cut-once", "media-cut-no-range"])
async def test_a_cut_is_seen_as_an_answer_that_is_not_whole(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient, fault: str
) -> None:
    source = await media_of(fal_provider, f"A boat [fault:{fault}]")
    with pytest.raises(httpx.RemoteProtocolError):
        await web.get(source.url)


async def test_after_the_cut_the_rest_can_be_had(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    source = await media_of(fal_provider, "A boat [fault:media-cut-once]")
    with pytest.raises(httpx.RemoteProtocolError):
        await web.get(source.url)
    rest = await web.get(source.url, headers={"Range": "bytes=500-"})
    assert (rest.status_code, len(rest.content)) == (206, size_of(source) - 500)


async def test_after_the_cut_another_file_lies_there_under_another_etag(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    source = await media_of(fal_provider, "A boat [fault:media-cut-changed]")
    async with web.stream("GET", source.url) as first:
        etag = first.headers["etag"]
        with pytest.raises(httpx.RemoteProtocolError):
            await first.aread()
    again = await web.get(source.url, headers={"Range": "bytes=500-", "If-Range": etag})
    assert again.status_code == 200
    assert again.headers["etag"] != etag
    assert len(again.content) > size_of(source)


async def test_without_range_the_whole_file_comes_again(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    source = await media_of(fal_provider, "A boat [fault:media-cut-no-range]")
    with pytest.raises(httpx.RemoteProtocolError):
        await web.get(source.url)
    again = await web.get(source.url, headers={"Range": "bytes=500-"})
    assert (again.status_code, len(again.content)) == (200, source.size)
    assert "accept-ranges" not in again.headers


@pytest.mark.parametrize(
    ("fault", "difference"),
    [("media-wrong-length", -1000), ("media-long", -1000), ("media-truncated", 0)],
)
async def test_lengths_differ_as_the_table_says(
    fal: FalEmulator,
    fal_provider: FalProvider,
    web: httpx.AsyncClient,
    fault: str,
    difference: int,
) -> None:
    source = await media_of(fal_provider, f"A boat [fault:{fault}]")
    answer = await web.get(source.url)
    assert len(answer.content) - size_of(source) == difference
    assert int(answer.headers["content-length"]) == len(answer.content)


async def test_a_file_of_unknown_length_says_nothing_about_it(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    source = await media_of(fal_provider, "A boat [fault:media-no-length]")
    answer = await web.get(source.url)
    assert source.size is None
    assert "content-length" not in answer.headers
    assert answer.content[4:8] == b"ftyp"


@pytest.mark.parametrize("fault", ["media-html", "media-random", "media-zip", "media-empty"])
async def test_what_is_no_video_does_not_open_as_one(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient, fault: str
) -> None:
    source = await media_of(fal_provider, f"A boat [fault:{fault}]")
    answer = await web.get(source.url)
    assert answer.status_code == 200
    with pytest.raises(av.FFmpegError):
        av.open(io.BytesIO(answer.content), "r")


@pytest.mark.parametrize(
    ("fault", "host"), [("media-redirect-ok", "media"), ("media-redirect-elsewhere", "elsewhere")]
)
async def test_a_redirect_leads_where_the_table_says(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient, fault: str, host: str
) -> None:
    source = await media_of(fal_provider, f"A boat [fault:{fault}]")
    answer = await web.get(source.url, follow_redirects=True)
    assert len(answer.content) == source.size
    assert [seen.host for seen in fal.seen][-2:] == ["media", host]


async def test_a_slow_file_is_whole_in_the_end(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    fal.settings.slow_piece_seconds = 0.001
    source = await media_of(fal_provider, "A boat [fault:media-slow]")
    assert len((await web.get(source.url)).content) == source.size


# --- asking for faults ----------------------------------------------------------------------------


async def test_faults_can_be_lined_up_for_the_submits_to_come(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    fal.faults.script("submit-404", None, "list-empty file-size-null")
    with pytest.raises(RushesError):
        await fal_provider.submit(make_order())
    assert (await media_of(fal_provider)).size is not None
    assert (await media_of(fal_provider)).size is None
    assert (await media_of(fal_provider)).size is not None


async def test_a_fault_strikes_as_often_as_it_is_told(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    order = make_order("A boat [fault:submit-429*2]")
    for _ in range(2):
        with pytest.raises(RushesError):
            await fal_provider.submit(order)
    await accepted(fal_provider, order)
    assert len(fal.ledger) == 1


def test_every_fault_of_the_table_is_there() -> None:
    folder = ROOT / "tests" / "emulator"
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.stem != "faults")
    assert [name for name in FAULTS if f'"{name}"' not in code] == []


async def test_a_fault_that_does_not_exist_fails_the_test_that_asks_for_it() -> None:
    emulator = FalEmulator(key=KEY).start()
    async with FalProvider(
        key=KEY, queue_url=emulator.queue_url, platform_url=emulator.platform_url
    ) as provider:
        with pytest.raises(RushesError):
            await provider.submit(make_order("A boat [fault:no-such]"))
    with pytest.raises(EmulatorFailedError) as caught:
        emulator.stop()
    assert isinstance(caught.value.__cause__, UnknownFaultError)


# --- the other faces ------------------------------------------------------------------------------


async def test_both_forms_of_the_addresses_lead_to_the_request(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    ticket = await completed(fal_provider, make_order())
    web.headers["Authorization"] = f"Key {KEY}"
    texts = set()
    for name in ("fal-ai/ltx-2.3", make_order().endpoint):
        for ending in ("", "/response"):
            url = f"{fal.queue_url}/{name}/requests/{ticket.request_id}{ending}"
            texts.add((await web.get(url)).text)
    assert len(texts) == 1
    wrong = f"{fal.queue_url}/fal-ai/ltx-2/requests/{ticket.request_id}/status"
    assert (await web.get(wrong)).status_code == 404


async def test_the_status_has_every_key_that_clients_rely_on(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    ticket = await accepted(fal_provider, make_order())
    web.headers["Authorization"] = f"Key {KEY}"
    answers = [await web.get(ticket.links["status_url"], params={"logs": 1}) for _ in range(3)]
    told = [(a.status_code, a.json()["status"], "queue_position" in a.json()) for a in answers]
    assert told == [
        (202, "IN_QUEUE", True),
        (202, "IN_PROGRESS", False),
        (200, "COMPLETED", False),
    ]
    keys = {"request_id", "status_url", "response_url", "cancel_url", "logs", "metrics"}
    assert all(keys <= a.json().keys() for a in answers)


async def test_the_status_stream_ends_with_completed(
    fal: FalEmulator, fal_provider: FalProvider, web: httpx.AsyncClient
) -> None:
    ticket = await accepted(fal_provider, make_order())
    web.headers["Authorization"] = f"Key {KEY}"
    stream = await web.get(f"{ticket.links['status_url']}/stream")
    lines = [line for line in stream.text.splitlines() if line.startswith("data: ")]
    told = [json.loads(line.removeprefix("data: "))["status"] for line in lines]
    assert told == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


async def test_prices_and_models_are_listed(fal: FalEmulator, web: httpx.AsyncClient) -> None:
    web.headers["Authorization"] = f"Key {KEY}"
    endpoint = make_order().endpoint
    models, prices = f"{fal.platform_url}/models", f"{fal.platform_url}/models/pricing"
    listed = await web.get(models, params={"endpoint_id": endpoint})
    price = await web.get(prices, params={"endpoint_id": endpoint})
    estimate = await web.post(
        f"{prices}/estimate",
        json={"estimate_type": "unit_price", "endpoints": {endpoint: {"unit_quantity": 10}}},
    )
    assert listed.json()["models"][0]["metadata"]["status"] == "active"
    assert price.json()["prices"][0]["unit_price"] == 0.04
    assert estimate.json()["total_cost"] == pytest.approx(0.4)


async def test_the_life_of_a_request_can_go_by_the_clock(
    fal: FalEmulator, fal_provider: FalProvider
) -> None:
    fal.settings.queued_seconds = 1000
    ticket = await accepted(fal_provider, make_order())
    waiting = {type(await fal_provider.status(ticket)).__name__ for _ in range(5)}
    fal.settings.queued_seconds = 0
    done = await accepted(fal_provider, make_order())
    assert waiting == {"InQueue"}
    assert type(await fal_provider.status(done)).__name__ == "Completed"


async def test_as_a_process_it_keeps_a_ledger_that_survives_it(
    tmp_path: Path, web: httpx.AsyncClient
) -> None:
    ledger = tmp_path / "ledger.jsonl"
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--ledger", str(ledger)]
    options = ["--key", KEY, "--set", "queued_polls=0", "--until-stdin-closes"]
    process = await asyncio.create_subprocess_exec(
        *command, *options, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        assert process.stdout is not None
        addresses = json.loads(await process.stdout.readline())
        async with FalProvider(
            key=KEY, queue_url=addresses["queue_url"], platform_url=addresses["platform_url"]
        ) as provider:
            ticket = await accepted(provider, make_order("One"))
            await provider.submit(make_order("Two"))
            assert type(await provider.status(ticket)).__name__ == "InProgress"
        control = addresses["platform_url"].removesuffix("/v1") + "/emulator"
        changed = await web.patch(f"{control}/settings", json={"running_polls": 5})
        over_http = (await web.get(f"{control}/ledger")).json()
    finally:
        process.kill()
        await process.communicate()
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert [line["prompt"] for line in lines] == ["One", "Two"]
    assert over_http == lines
    assert changed.json()["running_polls"] == 5

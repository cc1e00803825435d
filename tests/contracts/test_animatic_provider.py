"""The free provider through its interface, with real child processes and small pictures."""

import asyncio
import hashlib
import io
import json
import os
import select
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest
from PIL import Image

from rushes.domain.errors import (
    GenerationFailedError,
    ImageInputError,
    ProviderUnavailableError,
    ResultGoneError,
    ResultUnreadableError,
)
from rushes.domain.generation import Ticket
from rushes.domain.model_spec import FREE, Task, check_request, estimate
from rushes.providers.animatic.models import ANIMATIC
from rushes.providers.animatic.provider import AnimaticProvider
from rushes.providers.provider import (
    Accepted,
    CancelOutcome,
    Completed,
    Delivery,
    InProgress,
    InputImage,
    InQueue,
    LocalFile,
    Order,
    Provider,
)
from tests.contracts.provider_contract import ProviderContract

SMALL = {"720p": (128, 72), "1080p": (160, 90), "1440p": (192, 108), "2160p": (256, 144)}
HUGE = dict.fromkeys(SMALL, (3840, 2160))
LONG_AGO, NOW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


class TestAnimaticProvider(ProviderContract):
    @pytest.fixture
    def provider(self, providers):
        return providers()

    @pytest.fixture
    def order(self):
        return order()

    @pytest.fixture
    def unknown_ticket(self):
        return Ticket("animatic-never-sent")


def png(colour=(200, 60, 20)) -> InputImage:
    out = io.BytesIO()
    Image.new("RGB", (160, 90), colour).save(out, "PNG")
    return InputImage("image/png", out.getvalue())


def order(key="k1", prompt="A quiet harbour at dawn", image=None, end_image=None, **chosen):
    task = Task.TEXT_TO_VIDEO if image is None else Task.IMAGE_TO_VIDEO
    legal = check_request(ANIMATIC, task, prompt, chosen, has_end_image=end_image is not None)
    endpoint = ANIMATIC.capabilities[task].endpoint
    return Order(key, endpoint, task, prompt, legal, image, end_image)


@pytest.fixture
async def providers(tmp_path):
    """Makes providers over one cache folder, and ends them all."""
    made: list[AnimaticProvider] = []

    def make(**options) -> AnimaticProvider:
        options.setdefault("sizes", SMALL)
        made.append(AnimaticProvider(tmp_path / "cache", **options))
        return made[-1]

    yield make
    for provider in made:
        await provider.close()


@pytest.fixture
def provider(providers):
    return providers()


async def submit(provider: Provider, wanted: Order) -> Ticket:
    accepted = await provider.submit(wanted)
    assert isinstance(accepted, Accepted)
    return accepted.ticket


async def status_until(provider, ticket, kind):
    """Every status up to the first of this kind."""
    seen = []
    while not seen or not isinstance(seen[-1], kind):
        assert not isinstance(seen[-1] if seen else None, Completed), "it ended before that"
        seen.append(await provider.status(ticket))
        await asyncio.sleep(0.005)  # The interface has no event: one asks again.
    return seen


async def finished(provider, wanted) -> Delivery:
    ticket = await submit(provider, wanted)
    await status_until(provider, ticket, Completed)
    return await provider.result(ticket)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_is_free_and_takes_what_ltx_takes():
    for task in Task:
        capabilities = ANIMATIC.capabilities[task]
        assert estimate(capabilities, check_request(ANIMATIC, task, "x", {})) == FREE
        for resolution in SMALL:
            for fps in (24, 25, 48, 50):
                asked = {"resolution": resolution, "fps": fps, "duration": 20}
                assert check_request(ANIMATIC, task, "x" * 5000, asked)["duration"] == 20


async def test_an_order_becomes_a_clip_of_the_asked_form(provider):
    wanted = order(fps=24, duration=8, aspect_ratio="9:16", resolution="720p", generate_audio=False)
    delivery = await finished(provider, wanted)
    source = await provider.media(delivery)
    assert isinstance(source, LocalFile)
    with av.open(str(source.path)) as container:
        frames = list(container.decode(video=0))
        assert (frames[0].width, frames[0].height) == (72, 128)
        assert len(frames) == 192
        assert container.streams.video[0].average_rate == 24
        assert not container.streams.audio


async def test_submitting_twice_renders_once_and_gives_one_ticket(provider):
    first, second = await submit(provider, order()), await submit(provider, order())
    assert first == second == Ticket("animatic-k1")
    assert provider.submit_window_seconds == 0
    await status_until(provider, first, Completed)
    clip = (await provider.media(await provider.result(first))).path
    changed_at = clip.stat().st_mtime_ns
    await submit(provider, order())
    assert isinstance(await provider.status(first), Completed)
    assert clip.stat().st_mtime_ns == changed_at


async def test_progress_is_the_frames_done_and_only_grows(provider):
    ticket = await submit(provider, order())
    seen = await status_until(provider, ticket, Completed)
    shares = [s.progress for s in seen if isinstance(s, InProgress)]
    assert len(set(shares)) > 3
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 1 >= shares[-1]


async def test_a_second_order_waits_its_turn_and_is_told_its_place(providers):
    provider = providers(sizes=HUGE, renders_at_once=1)
    tickets = [await submit(provider, order(key)) for key in ("a", "b", "c")]
    await status_until(provider, tickets[0], InProgress)
    assert await provider.status(tickets[1]) == InQueue(1)
    assert await provider.status(tickets[2]) == InQueue(2)


async def test_a_result_asked_for_too_early_is_not_there_yet(providers):
    provider = providers(sizes=HUGE)
    ticket = await submit(provider, order())
    with pytest.raises(ProviderUnavailableError, match="frames are rendered"):
        await provider.result(ticket)


async def test_the_document_names_the_clip_and_holds_the_whole_request(provider):
    delivery = await finished(provider, order(image=png(), end_image=png((0, 0, 90)), seed=5))
    document = json.loads(delivery.document)
    assert document["video"]["url"] == provider.source_url(delivery) == "animatic:k1"
    assert document["request"]["prompt"] == "A quiet harbour at dawn"
    assert document["request"]["seed"] == 5
    assert document["request"]["plate"]
    assert document["request"]["end_plate"]
    assert await provider.result(Ticket("animatic-k1")) == delivery


async def test_from_the_document_alone_the_identical_file_is_made_again(provider, providers):
    delivery = await finished(provider, order(image=png()))
    clip = (await provider.media(delivery)).path
    before = digest(clip)
    await provider.close()
    for file in clip.parent.iterdir():
        file.unlink()
    clip.parent.rmdir()
    again = (await providers().media(delivery)).path
    assert digest(again) == before


async def test_a_deleted_clip_is_made_again_by_the_provider_that_made_it(provider):
    delivery = await finished(provider, order())
    clip = (await provider.media(delivery)).path
    before = digest(clip)
    clip.unlink()
    sources = await asyncio.gather(provider.media(delivery), provider.media(delivery))
    assert [digest(source.path) for source in sources] == [before, before]


async def test_after_a_restart_a_known_order_is_rendered(providers):
    first = providers()
    ticket = await submit(first, order())
    await first.close()
    assert not first._clip_file("k1").exists()
    second = providers()
    assert await second.find_lost(order(), LONG_AGO, NOW) == [ticket]
    await status_until(second, ticket, Completed)
    assert (await second.media(await second.result(ticket))).path.exists()


async def test_an_order_never_sent_is_not_found(provider):
    assert await provider.find_lost(order("other"), LONG_AGO, NOW) == []


@pytest.mark.parametrize("request_id", ["animatic-unknown", "animatic-", "something else"])
async def test_an_unknown_ticket_is_gone(provider, request_id):
    with pytest.raises(ResultGoneError):
        await provider.status(Ticket(request_id))
    with pytest.raises(ResultGoneError):
        await provider.result(Ticket(request_id))


async def test_an_image_that_does_not_open_is_refused_and_nothing_is_kept(provider):
    broken = InputImage("image/png", b"\x89PNG but no more")
    with pytest.raises(ImageInputError):
        await provider.submit(order(image=broken))
    assert await provider.find_lost(order(), LONG_AGO, NOW) == []


async def test_a_key_that_is_no_file_name_stays_in_the_cache_folder(provider, tmp_path):
    delivery = await finished(provider, order("../../out of here"))
    clip = (await provider.media(delivery)).path
    assert clip.resolve().parent == (tmp_path / "cache").resolve()


async def test_a_cancelled_render_is_ended_and_forgotten(providers):
    provider = providers(sizes=HUGE)
    ticket = await submit(provider, order())
    await status_until(provider, ticket, InProgress)
    watched = os.pidfd_open(provider._jobs["k1"].process.pid)
    assert await provider.cancel(ticket) is CancelOutcome.CANCELLED
    assert has_ended(watched)
    assert await provider.cancel(ticket) is CancelOutcome.UNKNOWN
    with pytest.raises(ResultGoneError):
        await provider.status(ticket)
    assert list((provider._cache).iterdir()) == []


async def test_an_order_still_waiting_can_be_cancelled(providers):
    provider = providers(sizes=HUGE)
    await submit(provider, order("a"))
    waiting = await submit(provider, order("b"))
    assert await provider.cancel(waiting) is CancelOutcome.CANCELLED


async def test_a_finished_clip_cannot_be_cancelled(provider):
    delivery = await finished(provider, order())
    assert await provider.cancel(Ticket("animatic-k1")) is CancelOutcome.TOO_LATE
    assert (await provider.media(delivery)).path.exists()


async def test_a_killed_renderer_is_a_failed_generation(providers):
    provider = providers(sizes=HUGE)
    ticket = await submit(provider, order())
    await status_until(provider, ticket, InProgress)
    os.kill(provider._jobs["k1"].process.pid, signal.SIGKILL)
    await status_until(provider, ticket, Completed)
    with pytest.raises(GenerationFailedError, match="ended by signal 9"):
        await provider.result(ticket)
    assert [file.name for file in provider._cache.iterdir()] == ["k1.json"]


async def test_what_the_renderer_complained_of_is_said(providers):
    provider = providers(sizes=dict.fromkeys(SMALL, (0, 0)))
    ticket = await submit(provider, order())
    await status_until(provider, ticket, Completed)
    with pytest.raises(GenerationFailedError, match="ended with status 1: ZeroDivisionError"):
        await provider.result(ticket)


async def test_a_failed_render_is_begun_anew_by_another_submit(providers):
    provider = providers()
    ticket = await submit(provider, order())
    await status_until(provider, ticket, InProgress)
    os.kill(provider._jobs["k1"].process.pid, signal.SIGKILL)
    await status_until(provider, ticket, Completed)
    delivery = await finished(provider, order())
    assert (await provider.media(delivery)).path.exists()


async def test_what_was_delivered_cannot_be_cancelled_while_it_is_made_again(provider):
    delivery = await finished(provider, order())
    (await provider.media(delivery)).path.unlink()
    again = asyncio.create_task(provider.media(delivery))
    while provider._jobs["k1"].is_over:
        await asyncio.sleep(0)
    ticket = Ticket("animatic-k1")
    assert await provider.cancel(ticket) is CancelOutcome.TOO_LATE
    assert isinstance(await provider.status(ticket), Completed)
    assert await provider.result(ticket) == delivery
    assert (await again).path.exists()


async def test_a_cache_folder_that_cannot_be_made_is_said_before_anything_is_rendered(tmp_path):
    (tmp_path / "file").touch()
    provider = AnimaticProvider(tmp_path / "file" / "cache")
    with pytest.raises(ProviderUnavailableError, match="could not be written"):
        await provider.submit(order())


@pytest.mark.parametrize("request_part", [None, {}, {"prompt": 3}, "text"])
async def test_a_document_without_its_request_is_unreadable_once_the_clip_is_gone(
    provider, request_part
):
    document = {"video": {"url": "animatic:gone"}, "request": request_part}
    with pytest.raises(ResultUnreadableError):
        await provider.media(Delivery(json.dumps(document)))


def has_ended(watched: int) -> bool:
    """Whether the process behind a pidfd ends; waits for it."""
    try:
        return bool(select.select([watched], [], [], 30)[0])
    finally:
        os.close(watched)


async def test_closing_ends_the_renderer(providers):
    provider = providers(sizes=HUGE)
    ticket = await submit(provider, order())
    await status_until(provider, ticket, InProgress)
    watched = os.pidfd_open(provider._jobs["k1"].process.pid)
    await provider.close()
    assert has_ended(watched)


PARENT = """
import asyncio, sys
from pathlib import Path
from rushes.domain.model_spec import Task, check_request
from rushes.providers.animatic.models import ANIMATIC
from rushes.providers.animatic.provider import AnimaticProvider
from rushes.providers.provider import Order

async def main():
    provider = AnimaticProvider(Path(sys.argv[1]), sizes={"1080p": (3840, 2160)})
    settings = check_request(ANIMATIC, Task.TEXT_TO_VIDEO, "x", {"duration": 20})
    await provider.submit(Order("k1", "e", Task.TEXT_TO_VIDEO, "x", settings))
    job = provider._jobs["k1"]
    while job.frames_done == 0:
        await asyncio.sleep(0.01)
    print(job.process.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def test_a_renderer_whose_parent_was_killed_ends_by_itself(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        watched = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    assert has_ended(watched)
    assert not (tmp_path / "k1.mp4").exists()

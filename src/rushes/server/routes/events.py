"""What changes, as it changes: server-sent events that go on where a watcher left off."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from rushes.catalogue.feed import Change, Feed, Kind
from rushes.domain.errors import NotFoundError
from rushes.domain.http_numbers import number_of
from rushes.server.current import CurrentStudio
from rushes.server.schemas.assets import AssetShape
from rushes.server.schemas.generations import GenerationShape
from rushes.server.schemas.notices import NoticeShape
from rushes.server.schemas.projects import ProjectShape
from rushes.server.schemas.shape import Shape
from rushes.studio import Studio

router = APIRouter(tags=["events"])

MOST_AT_ONCE = 200


@router.get("/api/events", response_class=EventSourceResponse)
async def watch_events(
    studio: CurrentStudio,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Each thing that changed, whole, once for all its changes since the last event.

    ``removed`` names a thing that is not there any more. ``reset`` comes first, and whenever it is
    too long ago to tell what changed: read everything again then.
    """
    feed = studio.catalogue.feed
    place = _place(feed, last_event_id)
    if place is None or feed.since(place) is None:
        place = feed.place
        yield ServerSentEvent(event="reset", data={}, id=_event_id(feed, place))
    while not feed.is_closed:
        await feed.wait_beyond(place)
        newer = feed.since(place)
        if newer is None:
            place = feed.place
            yield ServerSentEvent(event="reset", data={}, id=_event_id(feed, place))
            continue
        for changed_at, change in newer[:MOST_AT_ONCE]:
            shape = await _shape(studio, change)
            place = changed_at
            if shape is None:
                yield ServerSentEvent(
                    event="removed",
                    data={"kind": change.kind.value, "id": change.id},
                    id=_event_id(feed, changed_at),
                )
                continue
            yield ServerSentEvent(
                event=change.kind.value,
                raw_data=shape.model_dump_json(),
                id=_event_id(feed, changed_at),
            )


def _event_id(feed: Feed, place: int) -> str:
    return f"{feed.epoch}-{place}"


def _place(feed: Feed, last_event_id: str | None) -> int | None:
    epoch, _, place = (last_event_id or "").partition("-")
    return number_of(place) if epoch == feed.epoch else None


async def _shape(studio: Studio, change: Change) -> Shape | None:
    """The thing as it is now; nothing when it is not there any more."""
    try:
        match change.kind:
            case Kind.GENERATION:
                return GenerationShape.of(await studio.generations.get(change.id))
            case Kind.ASSET:
                return AssetShape.of(await studio.assets.get(change.id))
            case Kind.NOTICE:
                return NoticeShape.of(await studio.notices.get(change.id))
            case Kind.PROJECT:
                project = await studio.projects.get(change.id)
                number = await studio.projects.count_assets(change.id)
                return ProjectShape.of(project, assets=number)
    except NotFoundError:
        return None

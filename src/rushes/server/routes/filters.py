"""From the query of a request to what is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query

from rushes.domain.errors import InvalidInputError
from rushes.domain.listing import Filter
from rushes.domain.media_facts import MediaKind
from rushes.server.schemas.assets import MediaStateName
from rushes.server.schemas.library import ItemStateName

FlagName = Literal["pick", "reject", "none"]
Seconds = Annotated[float | None, Query(ge=0, le=1e9)]


async def _any_state(
    project: str | None = None,
    q: str = "",
    model: Annotated[list[str] | None, Query()] = None,
    kind: Annotated[list[MediaKind] | None, Query()] = None,
    rating: Annotated[int | None, Query(ge=1, le=5)] = None,
    flag: Annotated[list[FlagName] | None, Query()] = None,
    since: str | None = None,
    until: str | None = None,
    min_duration: Seconds = None,
    max_duration: Seconds = None,
    *,
    sound: bool | None = None,
    shot: str | None = None,
    trashed: bool = False,
) -> Filter:
    """Of several values of one kind one must fit; of the kinds, all."""
    return Filter(
        project_id=project,
        text=q,
        models=tuple(model or ()),
        kinds=tuple(kind or ()),
        rating=rating,
        flags=tuple(flag or ()),
        since=None if since is None else _moment(since, "since"),
        until=None if until is None else _moment(until, "until"),
        min_duration=min_duration,
        max_duration=max_duration,
        sound=sound,
        shot=shot,
        trashed=trashed,
    )


Common = Annotated[Filter, Depends(_any_state)]


async def item_filter(
    common: Common, state: Annotated[list[ItemStateName] | None, Query()] = None
) -> Filter:
    return replace(common, states=tuple(state or ()))


async def asset_filter(
    common: Common, state: Annotated[list[MediaStateName] | None, Query()] = None
) -> Filter:
    return replace(common, states=tuple(state or ()))


def _moment(text: str, field: Literal["since", "until"]) -> datetime:
    """A day, from its beginning or to its end in UTC, or a moment."""
    try:
        if len(text) == len("2026-01-31"):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day + timedelta(days=1) if field == "until" else day
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{field}: {text!r} is neither a day such as 2026-01-31 nor a moment such as "
            "2026-01-31T12:00:00Z.",
            field=field,
            value=text,
        ) from error

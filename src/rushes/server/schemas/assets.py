"""Assets as they are sent."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field

from rushes.domain.asset import Asset, FrameOf, Generated, Imported, Origin
from rushes.domain.media_reference import (
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
)
from rushes.server.schemas.problems import MediaErrorShape
from rushes.server.schemas.shape import Body, Shape

MediaStateName = Literal["saved", "unsaved", "url_only", "expired", "missing"]


class GeneratedShape(Shape):
    type: Literal["generated"]
    generation_id: str
    model: str
    prompt: str


class ImportedShape(Shape):
    type: Literal["imported"]
    file_name: str


class FrameOfShape(Shape):
    """A picture that was taken out of a video."""

    type: Literal["frame"]
    asset_id: str
    """The video."""
    number: int
    """Which of its frames, counted from 0."""


def origin_shape(origin: Origin) -> GeneratedShape | ImportedShape | FrameOfShape:
    match origin:
        case Generated(generation_id, model, prompt):
            return GeneratedShape(
                type="generated", generation_id=generation_id, model=model, prompt=prompt
            )
        case Imported(file_name):
            return ImportedShape(type="imported", file_name=file_name)
        case FrameOf(asset_id, number):
            return FrameOfShape(type="frame", asset_id=asset_id, number=number)


class MediaShape(Shape):
    state: MediaStateName
    path: str | None
    """Relative to the library folder."""
    held: Literal["spool", "memory"] | None
    """Where the bytes of an unsaved asset wait: on another disk, or in memory until it ends."""
    url: str | None
    size: int | None
    """Bytes. Of one that was let go: what it had, and what has to come back."""
    sha256: str | None
    expires_at: datetime | None
    error: MediaErrorShape | None

    @classmethod
    def of(cls, media: MediaReference) -> Self:
        kept = media if isinstance(media, SavedMedia | MissingMedia) else None
        held = media.held if isinstance(media, UnsavedMedia) else None
        measured = kept or held or getattr(media, "former", None)
        failure = getattr(media, "failure", None)
        return cls(
            state=media.state,  # type: ignore[arg-type]  # a ClassVar of each state; tested equal
            path=kept.path if kept else None,
            held=held.place if held else None,  # type: ignore[arg-type]  # as above
            url=media.url,
            size=measured.size if measured else None,
            sha256=measured.sha256 if measured else None,
            expires_at=getattr(media, "expires_at", None),
            error=None if failure is None else MediaErrorShape.of(failure),
        )


class AssetShape(Shape):
    id: str
    project_id: str
    name: str
    kind: Literal["video", "image", "audio"]
    take_number: int
    origin: GeneratedShape | ImportedShape | FrameOfShape = Field(discriminator="type")
    media: MediaShape
    duration: float | None
    """Seconds, measured."""
    width: int | None
    height: int | None
    fps: str | None
    """An exact fraction, such as ``24000/1001``."""
    frames: int | None
    video_codec: str | None
    audio_codec: str | None
    has_audio: bool | None
    rating: int
    flag: Literal["pick", "reject"] | None
    notes: str
    shot: str | None
    """What the takes of one shot have in common; null for what was imported."""
    created_at: datetime
    trashed_at: datetime | None

    @classmethod
    def of(cls, asset: Asset) -> Self:
        facts = asset.facts
        return cls(
            id=asset.id,
            project_id=asset.project_id,
            name=asset.name,
            kind=asset.kind.value,
            take_number=asset.take_number,
            origin=origin_shape(asset.origin),
            media=MediaShape.of(asset.media),
            duration=_seconds(facts.duration) if facts else None,
            width=facts.width if facts else None,
            height=facts.height if facts else None,
            fps=_rate(facts.fps) if facts else None,
            frames=facts.frames if facts else None,
            video_codec=facts.video_codec if facts else None,
            audio_codec=facts.audio_codec if facts else None,
            has_audio=facts.has_audio if facts else None,
            rating=asset.rating,
            flag=None if asset.flag is None else asset.flag.value,
            notes=asset.notes,
            shot=asset.shot,
            created_at=asset.created_at,
            trashed_at=asset.trashed_at,
        )


def _seconds(duration: Fraction | None) -> float | None:
    return None if duration is None else round(float(duration), 6)


def _rate(fps: Fraction | None) -> str | None:
    return None if fps is None else f"{fps.numerator}/{fps.denominator}"


class Hidden(Shape):
    """How many assets are not in the list, and why."""

    filters: int
    """In this project, left out by the filters."""
    trash: int
    """In this project's trash; over all projects also what lies in trashed projects."""
    other_projects: int
    """Matching the filters in other projects."""
    unsaved: int
    """Left out because they could not be saved and RUSHES_KEEP_UNSAVED is false."""


class AssetList(Shape):
    items: list[AssetShape]
    next_cursor: str | None
    total: int
    hidden: Hidden


class AssetChange(Body):
    """Only the given fields change."""

    name: str | None = None
    rating: int | None = Field(default=None, ge=0, le=5)
    flag: Literal["pick", "reject", "none"] | None = None
    notes: str | None = None
    """At most 10,000 characters."""
    trashed: bool | None = None


class Verdict(Body):
    """What can be said of several assets at once. Only the given fields change."""

    rating: int | None = Field(default=None, ge=0, le=5)
    flag: Literal["pick", "reject", "none"] | None = None
    trashed: bool | None = None


class AssetsChange(Body):
    ids: list[str] = Field(min_length=1, max_length=1000)
    change: Verdict


class AssetsChanged(Shape):
    assets: list[AssetShape]


class FrameOrder(Body):
    at: Literal["first", "last"] | Annotated[int, Field(ge=0, strict=True)]
    """Which frame: the first or last that plays, or its number, counted from 0."""


class FileShape(Shape):
    """Where the bytes of an asset lie on this machine."""

    path: str
    """Absolute."""
    folder: str
    is_there: bool


class ImportResult(Shape):
    assets: list[AssetShape]

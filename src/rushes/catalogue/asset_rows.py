"""An asset as a row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from rushes.catalogue.rows import NO_FAILURE, Values, failure_of, failure_values
from rushes.domain.asset import Asset, Flag, FrameOf, Generated, Imported, Origin
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import (
    ExpiredMedia,
    FormerFile,
    Held,
    InMemory,
    InSpool,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.problem import Failure


def values(asset: Asset) -> Values:
    return {
        "id": asset.id,
        "project_id": asset.project_id,
        "name": asset.name,
        "kind": asset.kind.value,
        "take_number": asset.take_number,
        "rating": asset.rating,
        "flag": None if asset.flag is None else asset.flag.value,
        "notes": asset.notes,
        "created_at": asset.created_at,
        "trashed_at": asset.trashed_at,
        **_origin_values(asset.origin),
        **media_values(asset.media),
        **(facts_values(asset.facts) if asset.facts else {}),
    }


def generation_of(asset: Asset) -> GenerationId | None:
    return asset.origin.generation_id if isinstance(asset.origin, Generated) else None


def _origin_values(origin: Origin) -> Values:
    match origin:
        case Generated(generation_id, model, prompt):
            return {
                "origin": Generated.type,
                "generation_id": generation_id,
                "model": model,
                "prompt": prompt,
            }
        case Imported(file_name):
            return {"origin": Imported.type, "file_name": file_name}
        case FrameOf(asset_id, number, sha256):
            return {
                "origin": FrameOf.type,
                "frame_of": asset_id,
                "frame_number": number,
                "frame_of_sha256": sha256,
            }


def media_values(media: MediaReference) -> Values:
    values: Values = {
        "media_state": media.state,
        "url": media.url,
        "path": None,
        "size": None,
        "sha256": None,
        "held": None,
        "expires_at": None,
        **NO_FAILURE,
    }
    match media:
        case SavedMedia(path, size, sha256):
            return values | {"path": path, "size": size, "sha256": sha256}
        case UrlOnlyMedia(expires_at=expires_at, failure=failure, former=former):
            kept = _former_values(former) | failure_values(failure)
            return values | {"expires_at": expires_at} | kept
        case UnsavedMedia(expires_at=expires_at, failure=failure, held=held, former=former):
            # What is held of a file that was let go is the same file: only its name is left to say.
            kept = {"held": held.place, "size": held.size, "sha256": held.sha256}
            kept |= {"path": None if former is None else former.path}
            return values | {"expires_at": expires_at} | kept | failure_values(failure)
        case ExpiredMedia(failure=failure, former=former):
            return values | _former_values(former) | failure_values(failure)
        case MissingMedia(path, size, sha256, failure=failure):
            kept = {"path": path, "size": size, "sha256": sha256}
            return values | kept | failure_values(failure)


def _former_values(former: FormerFile | None) -> Values:
    if former is None:
        return {}
    return {"path": former.path, "size": former.size, "sha256": former.sha256}


def facts_values(facts: MediaFacts) -> Values:
    return {
        "container": facts.container,
        "content_type": facts.content_type,
        "duration": facts.duration,
        "width": facts.width,
        "height": facts.height,
        "fps": facts.fps,
        "frames": facts.frames,
        "video_codec": facts.video_codec,
        "audio_codec": facts.audio_codec,
    }


def asset(row: Row[Any]) -> Asset:
    return Asset(
        id=AssetId(row.id),
        project_id=ProjectId(row.project_id),
        name=row.name,
        kind=MediaKind(row.kind),
        take_number=row.take_number,
        origin=_origin(row),
        media=_media(row),
        facts=_facts(row),
        created_at=row.created_at,
        rating=row.rating,
        flag=None if row.flag is None else Flag(row.flag),
        trashed_at=row.trashed_at,
        notes=row.notes,
    )


def _origin(row: Row[Any]) -> Origin:
    match row.origin:
        case Imported.type:
            return Imported(row.file_name)
        case FrameOf.type:
            return FrameOf(AssetId(row.frame_of), row.frame_number, row.frame_of_sha256)
        case _:
            return Generated(GenerationId(row.generation_id), ModelId(row.model), row.prompt)


def _media(row: Row[Any]) -> MediaReference:
    match row.media_state:
        case SavedMedia.state:
            return SavedMedia(row.path, row.size, row.sha256, row.url)
        case UrlOnlyMedia.state:
            return UrlOnlyMedia(row.url, row.expires_at, failure_of(row), _former(row))
        case UnsavedMedia.state:
            return UnsavedMedia(
                row.url, _failure(row), row.expires_at, held=_held(row), former=_former(row)
            )
        case ExpiredMedia.state:
            return ExpiredMedia(row.url, _failure(row), _former(row))
        case MissingMedia.state:
            return MissingMedia(row.path, row.size, row.sha256, row.url, _failure(row))
        case unknown:
            raise ValueError(f"no media state is called {unknown!r}")


def _former(row: Row[Any]) -> FormerFile | None:
    return None if row.path is None else FormerFile(row.path, row.size, row.sha256)


def _held(row: Row[Any]) -> Held:
    kind = InSpool if row.held == InSpool.place else InMemory
    return kind(row.size, row.sha256)


def _failure(row: Row[Any]) -> Failure:
    failure = failure_of(row)
    assert failure is not None, "this state always says what went wrong"
    return failure


def _facts(row: Row[Any]) -> MediaFacts | None:
    if row.container is None:
        return None
    return MediaFacts(
        kind=MediaKind(row.kind),
        container=row.container,
        content_type=row.content_type,
        duration=row.duration,
        width=row.width,
        height=row.height,
        fps=row.fps,
        frames=row.frames,
        video_codec=row.video_codec,
        audio_codec=row.audio_codec,
    )

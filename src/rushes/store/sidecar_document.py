"""What a sidecar says, as JSON. Whoever reads one trusts nothing in it: it may come from anywhere.

The key of a provider has no field here. Where the file lies has none either: a sidecar speaks of
the file beside it, so it cannot name one elsewhere.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from rushes.domain.asset import Asset, Flag, FrameOf, Generated, Imported, Origin
from rushes.domain.generation import (
    Delivered,
    Done,
    Generation,
    GenerationRequest,
    Saving,
    Step,
    Ticket,
)
from rushes.domain.ids import AssetId, GenerationId, ModelId, ProjectId
from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import Estimate, Task
from rushes.domain.project import Project
from rushes.domain.provenance import Provenance

SCHEMA = "rushes.provenance/1"


def _visible(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("control characters are not shown to anybody")
    return text


def _notes(text: str) -> str:
    _visible(text.replace("\n", "").replace("\t", ""))
    return text


def _plain_name(name: str) -> str:
    if name.startswith(".") or "/" in name or "\\" in name:
        raise ValueError("it is no plain name of a file or a folder")
    return _visible(name)


Id = Annotated[str, Field(pattern=r"\A[0-9a-f]{32}\z")]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 2, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))
]
Line = Annotated[str, Field(min_length=1, max_length=1_000)]
Word = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_visible)]
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_plain_name)]
Number = Annotated[int, Field(ge=0, le=2**53)]
# As text: a number such as 1e999999999 is short to write and takes all memory to read.
Rational = Annotated[str, Field(pattern=r"\A[0-9]{1,18}/[1-9][0-9]{0,17}\z")]
Amount = Annotated[str, Field(pattern=r"\A[0-9]{1,30}(\.[0-9]{1,30})?\z")]


class Part(BaseModel):
    """A part of a sidecar. Fields that a later version adds are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ProjectPart(Part):
    id: Id
    name: Line
    folder: Name
    created_at: Moment
    trashed_at: Moment | None

    @classmethod
    def of(cls, project: Project) -> Self:
        return cls(
            id=project.id,
            name=project.name,
            folder=project.folder,
            created_at=project.created_at,
            trashed_at=project.trashed_at,
        )

    def value(self) -> Project:
        return Project(ProjectId(self.id), self.name, self.folder, self.created_at, self.trashed_at)


class FilePart(Part):
    name: Name
    size: Number
    sha256: Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]
    url: Annotated[str, Field(max_length=100_000)] | None


class FactsPart(Part):
    """Measured when the file was saved. Read for people and other programs: whoever lists a file
    again measures it again.
    """

    container: Word
    content_type: Word
    duration: Rational | None
    width: Number | None
    height: Number | None
    fps: Rational | None
    frames: Number | None
    video_codec: Word | None
    audio_codec: Word | None

    @classmethod
    def of(cls, facts: MediaFacts) -> Self:
        return cls(
            container=facts.container,
            content_type=facts.content_type,
            duration=_ratio(facts.duration),
            width=facts.width,
            height=facts.height,
            fps=_ratio(facts.fps),
            frames=facts.frames,
            video_codec=facts.video_codec,
            audio_codec=facts.audio_codec,
        )

    def value(self, kind: MediaKind) -> MediaFacts:
        return MediaFacts(
            kind=kind,
            container=self.container,
            content_type=self.content_type,
            duration=None if self.duration is None else Fraction(self.duration),
            width=self.width,
            height=self.height,
            fps=None if self.fps is None else Fraction(self.fps),
            frames=self.frames,
            video_codec=self.video_codec,
            audio_codec=self.audio_codec,
        )


def _ratio(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


class FramePart(Part):
    """Of which video, and which of its frames, counted from 0."""

    asset_id: Id
    number: Number
    sha256: Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]

    @classmethod
    def of(cls, origin: Origin) -> Self | None:
        if not isinstance(origin, FrameOf):
            return None
        return cls(asset_id=origin.asset_id, number=origin.number, sha256=origin.sha256)

    def value(self) -> FrameOf:
        return FrameOf(AssetId(self.asset_id), self.number, self.sha256)


class AssetPart(Part):
    id: Id
    name: Line
    kind: MediaKind
    take_number: Annotated[int, Field(ge=1, le=2**31)]
    imported_as: Line | None
    """The name that an imported file had; none for what was generated."""
    frame_of: FramePart | None = None
    """For a picture that was taken out of a video."""
    rating: Annotated[int, Field(ge=0, le=5)]
    flag: Flag | None
    notes: Annotated[str, Field(max_length=10_000), AfterValidator(_notes)] = ""
    created_at: Moment
    trashed_at: Moment | None

    @classmethod
    def of(cls, asset: Asset) -> Self:
        return cls(
            id=asset.id,
            name=asset.name,
            kind=asset.kind,
            take_number=asset.take_number,
            imported_as=asset.origin.file_name if isinstance(asset.origin, Imported) else None,
            frame_of=FramePart.of(asset.origin),
            rating=asset.rating,
            flag=asset.flag,
            notes=asset.notes,
            created_at=asset.created_at,
            trashed_at=asset.trashed_at,
        )


class EstimatePart(Part):
    low: Amount
    high: Amount


class StepPart(Part):
    name: Word
    at: Moment
    detail: Annotated[str, Field(max_length=10_000)]


class RequestPart(Part):
    """What was asked of a provider."""

    id: Id
    model: Word
    task: Task
    endpoint: Line
    prompt: Annotated[str, Field(max_length=1_000_000)]
    settings: dict[str, bool | int | str]
    image: Id | None
    end_image: Id | None
    estimate_usd: EstimatePart
    take_number: Annotated[int, Field(ge=1, le=2**31)]
    created_at: Moment

    @classmethod
    def of_request(cls, generation: Generation, **more: Any) -> Self:
        request = generation.request
        asked: dict[str, Any] = {
            "id": generation.id,
            "model": request.model,
            "task": request.task,
            "endpoint": generation.endpoint,
            "prompt": request.prompt,
            "settings": dict(request.settings),
            "image": request.image,
            "end_image": request.end_image,
            "estimate_usd": EstimatePart(
                low=_written_out(generation.estimate.low),
                high=_written_out(generation.estimate.high),
            ),
            "take_number": generation.take_number,
            "created_at": generation.created_at,
        }
        return cls(**asked, **more)

    def asked(self) -> GenerationRequest:
        return GenerationRequest(
            model=ModelId(self.model),
            task=self.task,
            prompt=self.prompt,
            settings=self.settings,
            image=None if self.image is None else AssetId(self.image),
            end_image=None if self.end_image is None else AssetId(self.end_image),
        )

    def estimate(self) -> Estimate:
        return Estimate(Decimal(self.estimate_usd.low), Decimal(self.estimate_usd.high))


class GenerationPart(RequestPart):
    billed_units: Amount | None
    unit_price: Amount | None = None
    request_id: Line
    links: dict[str, str]
    document: str
    """The provider's result, word for word."""
    updated_at: Moment
    steps: Annotated[list[StepPart], Field(max_length=10_000)]

    @classmethod
    def of(cls, generation: Generation) -> Self:
        state = generation.state
        assert isinstance(state, Delivered | Saving | Done), "what is saved was delivered"
        return cls.of_request(
            generation,
            billed_units=_written_or_none(generation.billed_units),
            unit_price=_written_or_none(generation.unit_price),
            request_id=state.ticket.request_id,
            links=dict(state.ticket.links),
            document=state.document,
            updated_at=generation.updated_at,
            steps=[
                StepPart(name=step.name, at=step.at, detail=step.detail[:10_000])
                for step in generation.steps
            ],
        )

    def value(self, project_id: ProjectId, asset_id: AssetId) -> Generation:
        return Generation(
            id=GenerationId(self.id),
            project_id=project_id,
            request=self.asked(),
            endpoint=self.endpoint,
            estimate=self.estimate(),
            take_number=self.take_number,
            state=Done(Ticket(self.request_id, self.links), self.document),
            created_at=self.created_at,
            updated_at=self.updated_at,
            steps=tuple(Step(step.name, step.at, step.detail) for step in self.steps),
            billed_units=None if self.billed_units is None else Decimal(self.billed_units),
            unit_price=None if self.unit_price is None else Decimal(self.unit_price),
            asset_id=asset_id,
        )


def _written_out(amount: Decimal) -> str:
    return format(amount, "f")


def _written_or_none(amount: Decimal | None) -> str | None:
    return None if amount is None else _written_out(amount)


class SidecarDocument(Part):
    schema_: Annotated[Literal["rushes.provenance/1"], Field(alias="schema")]
    written_at: Moment
    file: FilePart
    project: ProjectPart
    asset: AssetPart
    facts: FactsPart | None
    generation: GenerationPart | None

    @classmethod
    def of(cls, provenance: Provenance, written_at: datetime) -> Self:
        asset, generation = provenance.asset, provenance.generation
        media = asset.media
        assert isinstance(media, SavedMedia), "only what is saved has a file beside it"
        parts: dict[str, Any] = {
            "schema": SCHEMA,
            "written_at": written_at,
            "file": FilePart(
                name=media.path.rpartition("/")[2],
                size=media.size,
                sha256=media.sha256,
                url=media.url,
            ),
            "project": ProjectPart.of(provenance.project),
            "asset": AssetPart.of(asset),
            "facts": None if asset.facts is None else FactsPart.of(asset.facts),
            "generation": None if generation is None else GenerationPart.of(generation),
        }
        return cls(**parts)

    def value(self, path: str) -> Provenance:
        """All that it says of the file at this path."""
        project = self.project.value()
        asset_id = AssetId(self.asset.id)
        media = SavedMedia(path, self.file.size, self.file.sha256, self.file.url)
        return Provenance(
            project,
            Asset(
                id=asset_id,
                project_id=project.id,
                name=self.asset.name,
                kind=self.asset.kind,
                take_number=self.asset.take_number,
                origin=self._origin(),
                media=media,
                facts=None if self.facts is None else self.facts.value(self.asset.kind),
                created_at=self.asset.created_at,
                rating=self.asset.rating,
                flag=self.asset.flag,
                notes=self.asset.notes,
                trashed_at=self.asset.trashed_at,
            ),
            None if self.generation is None else self.generation.value(project.id, asset_id),
        )

    def _origin(self) -> Origin:
        if self.asset.frame_of is not None:
            return self.asset.frame_of.value()
        if self.generation is None:
            return Imported(self.asset.imported_as or self.file.name)
        return Generated(
            GenerationId(self.generation.id),
            ModelId(self.generation.model),
            self.generation.prompt,
        )

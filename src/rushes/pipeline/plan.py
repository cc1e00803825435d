"""From what a person asks to generations that are written down: checked and priced, unsent.

Everything that can be wrong is said here, before any money and before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rushes.catalogue import assets, generations, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    AssetNotFoundError,
    CostLimitError,
    ImageInputError,
    NothingChosenError,
    RushesError,
)
from rushes.domain.generation import Generation, GenerationRequest, Planned
from rushes.domain.ids import AssetId, GenerationId, ProjectId, new_id
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import (
    FREE,
    Capabilities,
    Estimate,
    SettingValue,
    Task,
    check_request,
    estimate,
    possible_seconds,
)
from rushes.domain.problem import Problem
from rushes.pipeline.tools import Tools
from rushes.providers.registry import OfferedModel

BYTES_PER_SECOND: Mapping[SettingValue, int] = {
    "720p": 1_500_000,
    "1080p": 3_000_000,
    "1440p": 6_000_000,
    "2160p": 12_000_000,
}
"""Generous sizes of a second of output: two to three times what the models deliver."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person asks for, as it came in."""

    prompt: str
    models: tuple[str, ...]
    settings: Mapping[str, object]
    image: AssetId | None = None
    end_image: AssetId | None = None
    max_cost: Decimal | None = None
    ignores_room: bool = False
    """Order even if the disk seems to have too little room: a person has said so."""

    @property
    def task(self) -> Task:
        return Task.TEXT_TO_VIDEO if self.image is None else Task.IMAGE_TO_VIDEO


@dataclass(frozen=True, slots=True)
class Checked:
    """One model's part of an ask: legal, and priced."""

    model: OfferedModel
    capabilities: Capabilities
    settings: Mapping[str, SettingValue]
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Refused:
    model: str
    problem: Problem


def quote(tools: Tools, ask: Ask) -> list[Checked | Refused]:
    """For each model: what it would cost, or why it would be refused. Changes nothing."""
    answers: list[Checked | Refused] = []
    for name in ask.models:
        try:
            answers.append(_check_model(tools, ask, name))
        except RushesError as error:
            answers.append(Refused(name, error.problem))
    return answers


async def plan(tools: Tools, project_id: ProjectId, ask: Ask) -> list[Generation]:
    """Write down one generation for each model, all or none.

    Raises:
        InvalidInputError, NotFoundError, ProviderError, DiskFullError: before any money; nothing
            was written.
    """
    if not ask.models:
        raise NothingChosenError(field="models")
    await tools.catalogue.read(lambda connection: projects.get_open(connection, project_id))
    checked = [_check_model(tools, ask, name) for name in ask.models]
    _check_cost(checked, ask.max_cost)
    await _check_images(tools, ask)
    for one in checked:
        one.model.provider.check_ready()
    if not ask.ignores_room:
        tools.store.check_room(sum(_expected_size(one) for one in checked))

    def write(transaction: Transaction) -> list[Generation]:
        planned = []
        for one in checked:
            generation = _generation(tools, transaction, project_id, ask, one)
            generations.insert(transaction, generation)
            planned.append(generation)
        return planned

    return await tools.catalogue.write(write)


def _check_model(tools: Tools, ask: Ask, name: str) -> Checked:
    model = tools.registry.find(name)
    settings = check_request(
        model.spec, ask.task, ask.prompt, ask.settings, has_end_image=ask.end_image is not None
    )
    capabilities = model.spec.capabilities[ask.task]
    return Checked(model, capabilities, settings, estimate(capabilities, settings))


def _check_cost(checked: list[Checked], limit: Decimal | None) -> None:
    total = sum((one.estimate for one in checked), FREE)
    if limit is not None and total.high > limit:
        raise CostLimitError(
            f"It may cost up to ${total.high}; the limit is ${limit}.",
            field="max_cost",
            value=str(limit),
            cost=str(total.high),
        )


async def _check_images(tools: Tools, ask: Ask) -> None:
    if ask.end_image is not None and ask.image is None:
        raise ImageInputError("An end image needs a first image.", field="end_image")
    for field, asset_id in (("image", ask.image), ("end_image", ask.end_image)):
        if asset_id is not None:
            _check_image(await _find_image(tools, field, asset_id), field)


async def _find_image(tools: Tools, field: str, asset_id: AssetId) -> Asset:
    try:
        return await tools.catalogue.read(lambda connection: assets.get(connection, asset_id))
    except AssetNotFoundError as error:
        raise ImageInputError(
            f"No asset has the id {asset_id!r}.", field=field, value=asset_id
        ) from error


def _check_image(asset: Asset, field: str) -> None:
    if asset.kind is not MediaKind.IMAGE:
        raise ImageInputError(f"{asset.name!r} is of kind {asset.kind}.", field=field)
    if not isinstance(asset.media, SavedMedia):
        raise ImageInputError(
            f"{asset.name!r} is {asset.media.state}, so its bytes cannot be read.", field=field
        )


def _expected_size(checked: Checked) -> int:
    rate = BYTES_PER_SECOND[checked.settings["resolution"]]
    return rate * max(possible_seconds(checked.capabilities, checked.settings))


def _generation(
    tools: Tools, transaction: Transaction, project_id: ProjectId, ask: Ask, checked: Checked
) -> Generation:
    earlier = generations.count_takes(transaction.connection, project_id, ask.prompt)
    settings = dict(checked.settings)
    if "seed" in settings and "seed" not in ask.settings:
        # Another take of the same shot is to be another picture.
        settings["seed"] = earlier
    asked = tools.step("asked")
    return Generation(
        id=GenerationId(new_id()),
        project_id=project_id,
        request=GenerationRequest(
            model=checked.model.spec.id,
            task=ask.task,
            prompt=ask.prompt,
            settings=settings,
            image=ask.image,
            end_image=ask.end_image,
        ),
        endpoint=checked.capabilities.endpoint,
        estimate=checked.estimate,
        unit_price=checked.capabilities.price.per_unit,
        take_number=earlier + 1,
        state=Planned(),
        created_at=asked.at,
        updated_at=asked.at,
        steps=(asked,),
    )

"""From what a person asks to generations that are written down: checked and priced, unsent.

Everything that can be wrong is said here, before any money and before anything is written. An order
that brings an id of its own is written down once, however often it is sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rushes.catalogue import assets, generations, orders, projects
from rushes.catalogue.catalogue import Transaction
from rushes.domain.asset import Asset
from rushes.domain.errors import (
    AssetNotFoundError,
    CostLimitError,
    IllegalSettingError,
    ImageInputError,
    InvalidInputError,
    NothingChosenError,
    RushesError,
)
from rushes.domain.generation import Generation, GenerationRequest, Planned
from rushes.domain.ids import AssetId, GenerationId, OrderId, ProjectId, new_id
from rushes.domain.media_facts import MediaKind
from rushes.domain.media_reference import SavedMedia
from rushes.domain.model_spec import (
    FREE,
    Capabilities,
    Estimate,
    SettingValue,
    Task,
    WholeNumber,
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


MOST_TAKES = 8
SEED = "seed"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person asks for, as it came in."""

    prompt: str
    models: tuple[str, ...]
    settings: Mapping[str, object]
    """For every model."""
    model_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """For one model only, over the others."""
    takes: int = 1
    """So many of each model."""
    image: AssetId | None = None
    end_image: AssetId | None = None
    max_cost: Decimal | None = None
    ignores_room: bool = False
    """Order even if the disk seems to have too little room: a person has said so."""
    order_id: OrderId | None = None
    """The same when the same order is sent again, because its answer was lost."""

    @property
    def task(self) -> Task:
        return Task.TEXT_TO_VIDEO if self.image is None else Task.IMAGE_TO_VIDEO

    def settings_for(self, model: str) -> Mapping[str, object]:
        return {**self.settings, **self.model_settings.get(model, {})}


@dataclass(frozen=True, slots=True)
class Checked:
    """One model's part of an ask: legal, and priced."""

    model: OfferedModel
    capabilities: Capabilities
    settings: Mapping[str, SettingValue]
    takes: int
    has_seed: bool
    """Whether a seed was chosen. A seed that is left alone varies by take."""
    each: Estimate
    """What one take costs."""

    @property
    def estimate(self) -> Estimate:
        """What all its takes cost."""
        return self.each.times(self.takes)


@dataclass(frozen=True, slots=True)
class Refused:
    model: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of an order: all its generations, in the order they were planned."""

    generations: Sequence[Generation]
    is_repeat: bool
    """It had been placed before; nothing was ordered now."""


def quote(tools: Tools, ask: Ask) -> list[Checked | Refused]:
    """For each model: what it would cost, or why it would be refused. Changes nothing."""
    answers: list[Checked | Refused] = []
    for name in ask.models:
        try:
            answers.append(_check_model(tools, ask, name))
        except RushesError as error:
            answers.append(Refused(name, error.problem))
    return answers


async def plan(tools: Tools, project_id: ProjectId, ask: Ask) -> Placed:
    """Write down the takes of each model, all or none.

    Raises:
        InvalidInputError, NotFoundError, ProviderError, DiskFullError: before any money; nothing
            was written.
        OrderTakenError: another order had this id.
    """
    asked = _fingerprint(project_id, ask)
    # What was accepted once stands, though it might be refused now.
    earlier = await tools.catalogue.read(
        lambda connection: orders.find_same(connection, ask.order_id, asked)
    )
    if earlier is not None:
        return Placed(earlier, is_repeat=True)
    if not ask.models:
        raise NothingChosenError(field="models")
    project = await tools.catalogue.read(
        lambda connection: projects.get_open(connection, project_id)
    )
    checked = [_check_model(tools, ask, name) for name in ask.models]
    _check_cost(checked, ask.max_cost)
    await _check_images(tools, ask)
    for one in checked:
        one.model.provider.check_ready()
    if not ask.ignores_room:
        size = sum(_expected_size(one) for one in checked)
        tools.store.check_room(size, project.media_folder)

    def write(transaction: Transaction) -> Placed:
        # Looked up once more: the same order may have come twice at the same time.
        earlier = orders.find_same(transaction.connection, ask.order_id, asked)
        if earlier is not None:
            return Placed(earlier, is_repeat=True)
        planned = []
        for one in checked:
            for number in range(one.takes):
                generation = _generation(tools, transaction, project_id, ask, one, number)
                generations.insert(transaction, generation)
                planned.append(generation)
        if ask.order_id is not None:
            now = tools.clock.now()
            orders.insert(transaction, ask.order_id, project_id, asked, planned, now)
        return Placed(planned, is_repeat=False)

    return await tools.catalogue.write(write)


def _fingerprint(project_id: ProjectId, ask: Ask) -> str:
    """Tells what is ordered; not what was allowed for it, such as a limit of its cost."""
    content = {
        "project": project_id,
        "prompt": ask.prompt,
        "models": ask.models,
        "settings": dict(ask.settings),
        "model_settings": {model: dict(own) for model, own in ask.model_settings.items()},
        "takes": ask.takes,
        "images": (ask.image, ask.end_image),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=repr).encode()).hexdigest()


def _check_model(tools: Tools, ask: Ask, name: str) -> Checked:
    if not 1 <= ask.takes <= MOST_TAKES:
        raise InvalidInputError(
            f"{ask.takes} takes are asked for; there may be 1 to {MOST_TAKES}.",
            field="takes",
            value=ask.takes,
        )
    if strangers := ask.model_settings.keys() - set(ask.models):
        raise InvalidInputError(
            f"Settings are given for {' and '.join(sorted(strangers))}, which is not asked.",
            field="model_settings",
        )
    model = tools.registry.find(name)
    given = ask.settings_for(name)
    settings = check_request(
        model.spec, ask.task, ask.prompt, given, has_end_image=ask.end_image is not None
    )
    capabilities = model.spec.capabilities[ask.task]
    has_seed = SEED in settings and SEED in given
    if has_seed:
        _check_last_seed(model, capabilities, settings[SEED], ask.takes)
    cost = estimate(capabilities, settings)
    return Checked(model, capabilities, settings, ask.takes, has_seed, cost)


def _check_last_seed(
    model: OfferedModel, capabilities: Capabilities, first: SettingValue, takes: int
) -> None:
    """The seeds of several takes count up from the one that was chosen."""
    setting = capabilities.setting(SEED)
    assert isinstance(setting, WholeNumber), "a seed is a whole number"
    assert isinstance(first, int), "it was checked against its setting"
    if first + takes - 1 > setting.maximum:
        raise IllegalSettingError(
            f"{takes} takes count up from {SEED} {first}; {model.spec.id} takes at most "
            f"{setting.maximum}.",
            field=f"settings.{SEED}",
            value=first,
            allowed=[setting.minimum, setting.maximum - takes + 1],
            model=model.spec.id,
        )


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
    for place, asset_id in (("image", ask.image), ("end_image", ask.end_image)):
        if asset_id is not None:
            _check_image(await _find_image(tools, place, asset_id), place)


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
    return rate * checked.takes * max(possible_seconds(checked.capabilities, checked.settings))


def _generation(
    tools: Tools,
    transaction: Transaction,
    project_id: ProjectId,
    ask: Ask,
    checked: Checked,
    number: int,
) -> Generation:
    """The take of this number, from 0, among those that are ordered of this model."""
    earlier = generations.count_takes(transaction.connection, project_id, ask.prompt)
    settings = dict(checked.settings)
    if SEED in settings:
        # Another take of the same shot is to be another picture.
        chosen = checked.settings[SEED]
        settings[SEED] = int(chosen) + number if checked.has_seed else earlier
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
        estimate=checked.each,
        unit_price=checked.capabilities.price.per_unit,
        take_number=earlier + 1,
        state=Planned(),
        created_at=asked.at,
        updated_at=asked.at,
        steps=(asked,),
    )

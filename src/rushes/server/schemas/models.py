"""The model table as it is sent: everything that the form, its rules and its price are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field

from rushes.domain.model_spec import (
    Capabilities,
    Choice,
    Estimate,
    ModelSpec,
    Price,
    Rule,
    Setting,
    SettingValue,
    Toggle,
    WholeNumber,
)
from rushes.domain.problem import Problem
from rushes.server.schemas.problems import ProblemShape
from rushes.server.schemas.shape import Shape

TaskName = Literal["text-to-video", "image-to-video"]


class ChoiceShape(Shape):
    kind: Literal["choice"]
    name: str
    label: str
    values: list[SettingValue]
    default: SettingValue
    unit: str


class ToggleShape(Shape):
    kind: Literal["toggle"]
    name: str
    label: str
    default: bool


class NumberShape(Shape):
    kind: Literal["number"]
    name: str
    label: str
    minimum: int
    maximum: int
    default: int


SettingShape = Annotated[ChoiceShape | ToggleShape | NumberShape, Field(discriminator="kind")]


def setting_shape(setting: Setting) -> ChoiceShape | ToggleShape | NumberShape:
    match setting:
        case Choice(name, label, values, default, unit):
            return ChoiceShape(
                kind="choice",
                name=name,
                label=label,
                values=list(values),
                default=default,
                unit=unit,
            )
        case Toggle(name, label, on):
            return ToggleShape(kind="toggle", name=name, label=label, default=on)
        case WholeNumber(name, label, minimum, maximum, number):
            return NumberShape(
                kind="number",
                name=name,
                label=label,
                minimum=minimum,
                maximum=maximum,
                default=number,
            )


class RuleShape(Shape):
    """Where ``when`` has one of the values ``among``, each setting in ``then`` has one of those."""

    when: str
    among: list[SettingValue]
    then: Mapping[str, list[SettingValue]]
    because: str

    @classmethod
    def of(cls, rule: Rule) -> Self:
        return cls(
            when=rule.when,
            among=sorted(rule.among, key=_order),
            then={name: sorted(legal, key=_order) for name, legal in rule.then.items()},
            because=rule.because,
        )


def _order(value: SettingValue) -> tuple[bool, int, str]:
    return (isinstance(value, str), 0 if isinstance(value, str) else value, str(value))


class PriceShape(Shape):
    """US dollars for one second of output, by resolution; empty means free."""

    per_second: Mapping[str, str]
    as_of: date
    source: str
    note: str

    @classmethod
    def of(cls, price: Price) -> Self:
        return cls(
            per_second={name: str(rate) for name, rate in price.per_second.items()},
            as_of=price.as_of,
            source=price.source,
            note=price.note,
        )


class CapabilitiesShape(Shape):
    endpoint: str
    settings: list[SettingShape]
    rules: list[RuleShape]
    price: PriceShape
    takes_end_image: bool

    @classmethod
    def of(cls, capabilities: Capabilities) -> Self:
        return cls(
            endpoint=capabilities.endpoint,
            settings=[setting_shape(setting) for setting in capabilities.settings],
            rules=[RuleShape.of(rule) for rule in capabilities.rules],
            price=PriceShape.of(capabilities.price),
            takes_end_image=capabilities.takes_end_image,
        )


class ModelShape(Shape):
    id: str
    provider: str
    title: str
    summary: str
    prompt_limit: int
    tasks: Mapping[TaskName, CapabilitiesShape]
    aliases: list[str]
    notes: list[str]
    unavailable: ProblemShape | None
    """Why it cannot be used now, such as a missing key; null when it can."""

    @classmethod
    def of(cls, spec: ModelSpec, *, unavailable: Problem | None) -> Self:
        return cls(
            id=spec.id,
            provider=spec.provider,
            title=spec.title,
            summary=spec.summary,
            prompt_limit=spec.prompt_limit,
            tasks={
                task.value: CapabilitiesShape.of(capabilities)
                for task, capabilities in spec.capabilities.items()
            },
            aliases=list(spec.aliases),
            notes=list(spec.notes),
            unavailable=None if unavailable is None else ProblemShape.of(unavailable),
        )


class ModelList(Shape):
    items: list[ModelShape]
    default: str
    """The model that is used when none is chosen."""


class ProviderLook(Shape):
    problem: ProblemShape | None
    """Why the provider cannot be used now, such as a missing key; null when it can."""


class EstimateShape(Shape):
    """US dollars as decimal text; ``low`` and ``high`` differ when the price is not fixed."""

    low: str
    high: str
    currency: Literal["USD"] = "USD"

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        return cls(low=str(estimate.low), high=str(estimate.high))

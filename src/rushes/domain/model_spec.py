"""What a model may be asked, and what it costs: one table for form, validation, payload and price.

A ``ModelSpec`` has one ``Capabilities`` for each task it can do. ``check_request`` turns what a
person asked into settings that are all legal, or raises before any money is spent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from rushes.domain.errors import (
    EmptyPromptError,
    IllegalCombinationError,
    IllegalSettingError,
    ImageInputError,
    InvalidInputError,
    PromptTooLongError,
    UnknownSettingError,
)
from rushes.domain.ids import ModelId, ProviderId

SettingValue: TypeAlias = str | int | bool

SURROGATE = re.compile("[\ud800-\udfff]")
"""JSON lets half a character through; no file and no request can hold it."""


class Task(StrEnum):
    TEXT_TO_VIDEO = "text-to-video"
    IMAGE_TO_VIDEO = "image-to-video"


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting that takes one of some values."""

    name: str
    label: str
    values: tuple[SettingValue, ...]
    default: SettingValue
    unit: str = ""

    def accepts(self, value: SettingValue) -> bool:
        return any(value == legal and type(value) is type(legal) for legal in self.values)


@dataclass(frozen=True, slots=True)
class Toggle:
    """A setting that is on or off."""

    name: str
    label: str
    default: bool

    def accepts(self, value: SettingValue) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A setting that takes a whole number between two bounds, both included."""

    name: str
    label: str
    minimum: int
    maximum: int
    default: int

    def accepts(self, value: SettingValue) -> bool:
        return type(value) is int and self.minimum <= value <= self.maximum


Setting: TypeAlias = Choice | Toggle | WholeNumber


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one setting has one of these values, the others may only have those."""

    when: str
    among: frozenset[SettingValue]
    then: Mapping[str, frozenset[SettingValue]]
    because: str
    """The rule in words, as the model's maker states it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request is expected to cost, in US dollars; a range where the price is not fixed."""

    low: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, amount: Decimal) -> Estimate:
        return cls(amount, amount)

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.low + other.low, self.high + other.high)

    def times(self, number: int) -> Estimate:
        return Estimate(self.low * number, self.high * number)


FREE = Estimate(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one second of output, by resolution; empty means free."""

    per_second: Mapping[str, Decimal]
    as_of: date
    source: str
    note: str = ""
    per_unit: Decimal | None = None
    """US dollars for one of the units in which the provider counts what it charges; None where
    its pages do not let it be known."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one endpoint may be asked."""

    endpoint: str
    settings: tuple[Setting, ...]
    rules: tuple[Rule, ...]
    price: Price
    takes_end_image: bool = False

    def setting(self, name: str) -> Setting | None:
        return next((s for s in self.settings if s.name == name), None)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    id: ModelId
    provider: ProviderId
    title: str
    summary: str
    prompt_limit: int
    """Longest prompt, in characters."""
    capabilities: Mapping[Task, Capabilities]
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """Facts a person should know, such as that the provider no longer lists it."""


def check_request(
    spec: ModelSpec,
    task: Task,
    prompt: str,
    settings: Mapping[str, object],
    *,
    has_end_image: bool = False,
) -> dict[str, SettingValue]:
    """All settings of the request, the given ones checked and the others at their defaults.

    Raises:
        EmptyPromptError, PromptTooLongError, InvalidInputError: the prompt.
        UnknownSettingError, IllegalSettingError: a setting by itself.
        IllegalCombinationError: settings that cannot go together.
        ImageInputError: the model has no such task, or takes no end image.
    """
    capabilities = _capabilities(spec, task, has_end_image=has_end_image)
    _check_prompt(spec, prompt)
    chosen = {s.name: s.default for s in capabilities.settings}
    for name, value in settings.items():
        chosen[name] = _check_setting(spec, capabilities, name, value)
    for rule in capabilities.rules:
        _check_rule(rule, chosen, given=settings.keys())
    return chosen


def _capabilities(spec: ModelSpec, task: Task, *, has_end_image: bool) -> Capabilities:
    capabilities = spec.capabilities.get(task)
    if capabilities is None:
        raise ImageInputError(f"{spec.id} cannot do {task.value}.", field="image", model=spec.id)
    if has_end_image and not capabilities.takes_end_image:
        raise ImageInputError(
            f"{spec.id} takes no end image for {task.value}.", field="end_image", model=spec.id
        )
    return capabilities


def _check_prompt(spec: ModelSpec, prompt: str) -> None:
    if not prompt.strip():
        raise EmptyPromptError("Nothing but white space was given.", field="prompt")
    if SURROGATE.search(prompt):
        raise InvalidInputError(
            "It holds one half of a character that is written as two.", field="prompt"
        )
    if len(prompt) > spec.prompt_limit:
        raise PromptTooLongError(
            f"It has {len(prompt):,} characters; {spec.id} takes at most {spec.prompt_limit:,}.",
            field="prompt",
            length=len(prompt),
            limit=spec.prompt_limit,
            model=spec.id,
        )


def _check_setting(
    spec: ModelSpec, capabilities: Capabilities, name: str, value: object
) -> SettingValue:
    setting = capabilities.setting(name)
    if setting is None:
        known = [s.name for s in capabilities.settings]
        raise UnknownSettingError(
            f"{spec.id} has no setting {name!r}; it has {', '.join(known)}.",
            field=f"settings.{name}",
            allowed=[*known],
            model=spec.id,
        )
    if not isinstance(value, str | int | bool) or not setting.accepts(value):
        raise IllegalSettingError(
            f"{name} is {value!r}; {spec.id} takes {allowed_in_words(setting)}.",
            field=f"settings.{name}",
            value=_shown(value),
            allowed=[*allowed_values(setting)],
            model=spec.id,
        )
    return value


def _shown(value: object) -> SettingValue | float:
    """The value as it was given where JSON can hold that, and in words where it cannot."""
    match value:
        case bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case str() if not SURROGATE.search(value):
            return value
        case _:
            return repr(value)


def _check_rule(rule: Rule, chosen: Mapping[str, SettingValue], *, given: Collection[str]) -> None:
    if chosen.get(rule.when) not in rule.among:
        return
    for name, legal in rule.then.items():
        value = chosen.get(name)
        if value is None or value in legal:
            continue
        blamed = name if name in given or rule.when not in given else rule.when
        raise IllegalCombinationError(
            f"{rule.when} {chosen[rule.when]} does not go with {name} {value}: {rule.because}",
            field=f"settings.{blamed}",
            value=value,
            allowed=sorted(legal, key=str),
            remedy=(
                f"Set {name} to {' or '.join(map(str, sorted(legal, key=str)))}, "
                f"or choose another {rule.when}."
            ),
        )


def allowed_values(setting: Setting) -> list[SettingValue]:
    """The legal values; for a whole number its two bounds."""
    match setting:
        case Choice(values=values):
            return list(values)
        case Toggle():
            return [True, False]
        case WholeNumber(minimum=minimum, maximum=maximum):
            return [minimum, maximum]


def allowed_in_words(setting: Setting) -> str:
    match setting:
        case WholeNumber(minimum=minimum, maximum=maximum):
            return f"a whole number from {minimum} to {maximum}"
        case _:
            return " or ".join(repr(value) for value in allowed_values(setting))


def estimate(capabilities: Capabilities, settings: Mapping[str, SettingValue]) -> Estimate:
    """The expected cost of one take; a range when the model itself chooses the duration."""
    if not capabilities.price.per_second:
        return FREE
    rate = capabilities.price.per_second[str(settings["resolution"])]
    seconds = possible_seconds(capabilities, settings)
    return Estimate(rate * min(seconds), rate * max(seconds))


def possible_seconds(capabilities: Capabilities, settings: Mapping[str, SettingValue]) -> list[int]:
    """How long the clip may become: one length, or all that the model may choose from."""
    duration = settings["duration"]
    if isinstance(duration, int):
        return [duration]
    setting = capabilities.setting("duration")
    if not isinstance(setting, Choice):
        raise TypeError("a model that chooses its duration lists the durations it may choose")
    lengths = [value for value in setting.values if isinstance(value, int)]
    return [length for length in lengths if _is_reachable(length, capabilities, settings)]


def _is_reachable(
    length: int, capabilities: Capabilities, settings: Mapping[str, SettingValue]
) -> bool:
    trial = {**settings, "duration": length}
    return all(
        trial[rule.when] not in rule.among
        or all(trial.get(name) in legal for name, legal in rule.then.items())
        for rule in capabilities.rules
    )

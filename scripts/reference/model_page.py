"""docs/reference/models.md, from the tables of the providers."""

from __future__ import annotations

from collections.abc import Iterator

from rushes.domain.model_spec import (
    Capabilities,
    Choice,
    ModelSpec,
    Price,
    Rule,
    Setting,
    Toggle,
    WholeNumber,
)
from rushes.providers.animatic.models import MODELS as ANIMATICS
from rushes.providers.fal.models import MODELS as FAL_MODELS
from scripts.reference.markdown import bullets, code, codes, table, whole_page

INTRODUCTION = """\
These tables are the ones that make the form, check a request and price it: there is no second
list. Durations are in seconds. Prices are US dollars for one second of output. They were read on
the day that is named, from the page that is named; what counts in the end is the price in your
account with the provider.

A request that breaks a rule is refused before anything is sent."""


def page() -> str:
    models = (*ANIMATICS, *FAL_MODELS)
    return whole_page("Models", INTRODUCTION, *(part for model in models for part in _model(model)))


def _model(model: ModelSpec) -> Iterator[str]:
    yield f"## {model.title}"
    yield model.summary
    facts = [f"id: {code(model.id)}", f"provider: {code(model.provider)}"]
    if model.aliases:
        facts.append(f"also known as: {codes(model.aliases)}")
    facts.append(f"longest prompt: {model.prompt_limit:,} characters")
    yield bullets([*facts, *model.notes])
    for task, capabilities in model.capabilities.items():
        yield f"### {model.title}: {task.value}"
        yield from _task(capabilities)


def _task(capabilities: Capabilities) -> Iterator[str]:
    end_image = "takes an end image" if capabilities.takes_end_image else "takes no end image"
    yield f"Endpoint {code(capabilities.endpoint)}; {end_image}."
    yield table(
        ("setting", "label", "values", "default"),
        [
            (code(setting.name), setting.label, _values(setting), code(_written(setting.default)))
            for setting in capabilities.settings
        ],
    )
    yield bullets(_rule(rule) for rule in capabilities.rules)
    yield _price(capabilities.price)


def _values(setting: Setting) -> str:
    match setting:
        case Choice(values=values, unit=unit):
            return codes(values) + (f" ({unit})" if unit else "")
        case Toggle():
            return codes(("true", "false"))
        case WholeNumber(minimum=minimum, maximum=maximum):
            return f"a whole number from {minimum:,} to {maximum:,}"


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rule(rule: Rule) -> str:
    then = " and ".join(
        f"{code(name)} is {_any_of(legal)}" for name, legal in sorted(rule.then.items())
    )
    return f"Where {code(rule.when)} is {_any_of(rule.among)}: {then}, because {rule.because}"


def _any_of(values: frozenset[str | int | bool]) -> str:
    numbers = sorted(value for value in values if isinstance(value, int))
    words = sorted(value for value in values if isinstance(value, str))
    return " or ".join(code(value) for value in (*numbers, *words))


def _price(price: Price) -> str:
    if not price.per_second:
        return f"Free: {price.source}."
    rates = table(
        ("resolution", "a second"),
        [(code(name), f"${rate}") for name, rate in price.per_second.items()],
    )
    note = f" {price.note}" if price.note else ""
    return f"{rates}\n\nRead on {price.as_of.isoformat()} at <{price.source}>.{note}"

"""What fal's LTX models may be asked and what they cost: data, taken from fal's own pages.

``ltx-2`` and ``ltx-2.3`` after fal's published types of 2026-04-07 and 2026-08-02 and the
``llms.txt`` page of each model, ``ltx-2.5`` after its pages since its launch on 2026-08-11.
Durations are whole numbers: fal refuses ``"6"`` where it expects ``6``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from rushes.domain.ids import ModelId, ProviderId
from rushes.domain.model_spec import (
    Capabilities,
    Choice,
    ModelSpec,
    Price,
    Rule,
    SettingValue,
    Task,
    Toggle,
)

FAL = ProviderId("fal")

PRICES_READ = date(2026, 11, 20)
"""When the pages were read that the prices come from."""

# Stated for LTX-2.5 only (1 to 5000 characters). The older pages name no limit; the same figure
# is used for them, because a longer prompt is refused only after it has been queued.
PROMPT_LIMIT = 5000

NO_CAMERA_MOTION = "none"
"""Our word for not asking for a camera motion: the field is then left out of the payload."""

_UP_TO_10 = (6, 8, 10)
_OVER_10 = (12, 14, 16, 18, 20)


def _duration(*values: SettingValue) -> Choice:
    # LTX-2.5 chooses the duration itself unless told ("auto"). Our default stays 6, because the
    # price must be known before anything is bought.
    return Choice("duration", "Duration", values, default=6, unit="s")


def _resolution(*values: str) -> Choice:
    return Choice("resolution", "Resolution", values, default="1080p")


def _fps(*values: int) -> Choice:
    return Choice("fps", "Frame rate", values, default=25, unit="fps")


_SOUND = Toggle("generate_audio", "Sound", default=True)

_CAMERA_MOTION = Choice(
    "camera_motion",
    "Camera motion",
    (
        NO_CAMERA_MOTION,
        "dolly_in",
        "dolly_out",
        "dolly_left",
        "dolly_right",
        "jib_up",
        "jib_down",
        "static",
        "focus_shift",
    ),
    default=NO_CAMERA_MOTION,
)

_LONG_AT_25_FPS_AND_1080P = Rule(
    when="duration",
    among=frozenset(_OVER_10),
    then={"fps": frozenset({25}), "resolution": frozenset({"1080p"})},
    because="clips over 10 s are made at 25 fps and 1080p only.",
)

_LONG_UP_TO_1080P = Rule(
    when="duration",
    among=frozenset(_OVER_10),
    then={"fps": frozenset({24, 25}), "resolution": frozenset({"720p", "1080p"})},
    because="clips over 10 s are made at 24 or 25 fps and at most 1080p.",
)


def _price(endpoint: str, per_second: Mapping[str, str], note: str = "") -> Price:
    rates = {resolution: Decimal(amount) for resolution, amount in per_second.items()}
    return Price(
        per_second=rates,
        as_of=PRICES_READ,
        source=f"https://fal.ai/models/{endpoint}/llms.txt",
        note=note,
        # Where the pages disagree about the rates, they say nothing about the unit either.
        per_unit=None if note else _per_unit(list(rates.values())),
    )


def _per_unit(rates: list[Decimal]) -> Decimal | None:
    """An endpoint of fal has one unit price, which counts a dearer second as more than one unit.

    So a unit is known where every rate is a whole multiple of the lowest.
    """
    lowest = min(rates)
    return lowest if all(rate % lowest == 0 for rate in rates) else None


def _ltx_2(endpoint: str, durations: Choice, per_second: Mapping[str, str]) -> Capabilities:
    # An aspect_ratio of 16:9 only was a field until 2025-12 and was gone by 2026-04: not sent.
    return Capabilities(
        endpoint=endpoint,
        settings=(durations, _resolution("1080p", "1440p", "2160p"), _fps(25, 50), _SOUND),
        rules=_rules_for(durations, _LONG_AT_25_FPS_AND_1080P),
        price=_price(endpoint, per_second),
    )


def _ltx_2_3(
    endpoint: str, durations: Choice, per_second: Mapping[str, str], note: str = ""
) -> Capabilities:
    resolution = _resolution("1080p", "1440p", "2160p")
    fps = _fps(24, 25, 48, 50)
    return Capabilities(
        endpoint=endpoint,
        settings=(durations, resolution, _aspect_ratio_for(endpoint), fps, _SOUND),
        rules=_rules_for(durations, _LONG_AT_25_FPS_AND_1080P),
        price=_price(endpoint, per_second, note),
        takes_end_image=_is_from_image(endpoint),
    )


def _ltx_2_5_fast(endpoint: str) -> Capabilities:
    resolution = _resolution("720p", "1080p", "1440p", "2160p")
    return _ltx_2_5(endpoint, _ALL_OR_AUTO, resolution, _fps(24, 25, 48, 50), price=_FAST_2_5_PRICE)


def _ltx_2_5_pro(endpoint: str) -> Capabilities:
    resolution = _resolution("720p", "1080p")
    return _ltx_2_5(endpoint, _SHORT_OR_AUTO, resolution, _fps(24, 25, 50), price=_PRO_2_5_PRICE)


def _ltx_2_5(
    endpoint: str, durations: Choice, resolution: Choice, fps: Choice, *, price: Mapping[str, str]
) -> Capabilities:
    ratio = _aspect_ratio_for(endpoint)
    return Capabilities(
        endpoint=endpoint,
        settings=(durations, resolution, ratio, fps, _SOUND, _CAMERA_MOTION),
        rules=_rules_for(durations, _LONG_UP_TO_1080P),
        price=_price(endpoint, price),
        takes_end_image=_is_from_image(endpoint),
    )


def _is_from_image(endpoint: str) -> bool:
    return "/image-to-video" in endpoint


def _aspect_ratio_for(endpoint: str) -> Choice:
    shapes = ("16:9", "9:16")
    values = ("auto", *shapes) if _is_from_image(endpoint) else shapes
    return Choice("aspect_ratio", "Aspect ratio", values, default=values[0])


def _rules_for(durations: Choice, rule: Rule) -> tuple[Rule, ...]:
    """The rule about long clips, for the models that make long clips."""
    return (rule,) if rule.among & set(durations.values) else ()


def _model(
    name: str,
    title: str,
    summary: str,
    *,
    text: Capabilities,
    image: Capabilities,
    aliases: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> ModelSpec:
    return ModelSpec(
        id=ModelId(name),
        provider=FAL,
        title=title,
        summary=summary,
        prompt_limit=PROMPT_LIMIT,
        capabilities={Task.TEXT_TO_VIDEO: text, Task.IMAGE_TO_VIDEO: image},
        aliases=aliases,
        notes=notes,
    )


_ALL = _duration(*_UP_TO_10, *_OVER_10)
_SHORT = _duration(*_UP_TO_10)
_ALL_OR_AUTO = _duration("auto", *_UP_TO_10, *_OVER_10)
_SHORT_OR_AUTO = _duration("auto", *_UP_TO_10)

_DELISTED = (
    "fal listed this model on 2026-04-07 and no longer on 2026-08-02; it may answer that it does "
    "not know it."
)
_AUTO = "With the duration `auto` the model chooses the length, and so the price."
_PRICES_DISAGREE = (
    "fal's pages disagree: 0.08 / 0.16 / 0.32 for text, 0.06 / 0.12 / 0.24 for an image, at "
    "1080p / 1440p / 2160p. Compare with the price in your fal dashboard."
)

_FAST_PRICE = {"1080p": "0.04", "1440p": "0.08", "2160p": "0.16"}
_PRO_PRICE = {"1080p": "0.06", "1440p": "0.12", "2160p": "0.24"}
_PRO_2_3_TEXT_PRICE = {"1080p": "0.08", "1440p": "0.16", "2160p": "0.32"}
_FAST_2_5_PRICE = {"720p": "0.09", "1080p": "0.13", "1440p": "0.19", "2160p": "0.30"}
_PRO_2_5_PRICE = {"720p": "0.12", "1080p": "0.17"}

MODELS: tuple[ModelSpec, ...] = (
    _model(
        "ltx-2.5-fast",
        "LTX-2.5 Fast",
        "6 to 20 seconds with sound, up to 2160p, with camera motions.",
        text=_ltx_2_5_fast("lightricks/ltx-2.5/text-to-video/fast"),
        image=_ltx_2_5_fast("lightricks/ltx-2.5/image-to-video/fast"),
        notes=(_AUTO,),
    ),
    _model(
        "ltx-2.5-pro",
        "LTX-2.5 Pro",
        "6 to 10 seconds with sound, up to 1080p, with camera motions.",
        text=_ltx_2_5_pro("lightricks/ltx-2.5/text-to-video/pro"),
        image=_ltx_2_5_pro("lightricks/ltx-2.5/image-to-video/pro"),
        notes=(_AUTO,),
    ),
    _model(
        "ltx-2.3-fast",
        "LTX-2.3 Fast",
        "6 to 20 seconds with sound, up to 2160p.",
        text=_ltx_2_3("fal-ai/ltx-2.3/text-to-video/fast", _ALL, _FAST_PRICE),
        image=_ltx_2_3("fal-ai/ltx-2.3/image-to-video/fast", _ALL, _FAST_PRICE),
    ),
    _model(
        "ltx-2.3-pro",
        "LTX-2.3 Pro",
        "6 to 10 seconds with sound, up to 2160p.",
        text=_ltx_2_3(
            "fal-ai/ltx-2.3/text-to-video", _SHORT, _PRO_2_3_TEXT_PRICE, _PRICES_DISAGREE
        ),
        image=_ltx_2_3("fal-ai/ltx-2.3/image-to-video", _SHORT, _PRO_PRICE, _PRICES_DISAGREE),
    ),
    _model(
        "ltx-2-fast",
        "LTX-2 Fast",
        "6 to 20 seconds with sound, up to 2160p.",
        text=_ltx_2("fal-ai/ltx-2/text-to-video/fast", _ALL, _FAST_PRICE),
        image=_ltx_2("fal-ai/ltx-2/image-to-video/fast", _ALL, _FAST_PRICE),
        aliases=("ltxv2_fast_t2v", "ltxv2_fast_i2v"),
        notes=(_DELISTED,),
    ),
    _model(
        "ltx-2-pro",
        "LTX-2 Pro",
        "6 to 10 seconds with sound, up to 2160p.",
        text=_ltx_2("fal-ai/ltx-2/text-to-video", _SHORT, _PRO_PRICE),
        image=_ltx_2("fal-ai/ltx-2/image-to-video", _SHORT, _PRO_PRICE),
        aliases=("ltxv2_pro_t2v", "ltxv2_i2v"),
        notes=(_DELISTED,),
    ),
)

"""What the free offline model may be asked: every form that the LTX family takes, at no price."""

from __future__ import annotations

from datetime import date

from rushes.domain.ids import ModelId, ProviderId
from rushes.domain.model_spec import (
    Capabilities,
    Choice,
    ModelSpec,
    Price,
    Setting,
    Task,
    Toggle,
    WholeNumber,
)

PROVIDER_ID = ProviderId("animatic")

SIZES = {
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
    "2160p": (3840, 2160),
}
"""Width and height of a landscape picture."""

HIGHEST_SEED = 2**31 - 1

SETTINGS: tuple[Setting, ...] = (
    Choice("duration", "Duration", (6, 8, 10, 12, 14, 16, 18, 20), 6, unit="s"),
    Choice("resolution", "Resolution", tuple(SIZES), "1080p"),
    Choice("aspect_ratio", "Aspect ratio", ("16:9", "9:16"), "16:9"),
    Choice("fps", "Frame rate", (24, 25, 48, 50), 25, unit="fps"),
    Toggle("generate_audio", "Sound", default=True),
    WholeNumber("seed", "Seed", 0, HIGHEST_SEED, 0),
)

FREE_OF_CHARGE = Price({}, as_of=date(2026, 8, 1), source="made on this machine")

ANIMATIC = ModelSpec(
    id=ModelId("animatic"),
    provider=PROVIDER_ID,
    title="Animatic",
    summary="A free stand-in made on this machine: your words, set in type over moving light.",
    prompt_limit=5000,
    capabilities={
        Task.TEXT_TO_VIDEO: Capabilities("animatic/text-to-video", SETTINGS, (), FREE_OF_CHARGE),
        Task.IMAGE_TO_VIDEO: Capabilities(
            "animatic/image-to-video", SETTINGS, (), FREE_OF_CHARGE, takes_end_image=True
        ),
    },
    notes=(
        "Needs no key and no network.",
        "The same prompt, settings and images always make the same clip; another seed another one.",
    ),
)

MODELS = (ANIMATIC,)

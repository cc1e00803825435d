"""The table of fal's models says what fal's pages say, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest
from pydantic import BaseModel

from rushes.domain.errors import (
    EmptyPromptError,
    IllegalCombinationError,
    IllegalSettingError,
    ImageInputError,
    PromptTooLongError,
    UnknownSettingError,
)
from rushes.domain.model_spec import (
    Capabilities,
    Choice,
    ModelSpec,
    SettingValue,
    Task,
    allowed_values,
    check_request,
    estimate,
)
from rushes.providers.fal.models import MODELS, PROMPT_LIMIT
from rushes.providers.fal.payload import payload_of
from rushes.providers.provider import InputImage, Order
from tests.emulator.endpoints import ENDPOINTS, checked

BY_ID = {spec.id: spec for spec in MODELS}
TEXT, IMAGE = Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO
TASKS = [(spec, task) for spec in MODELS for task in spec.capabilities]
TASK_NAMES = [f"{spec.id} {task.value}" for spec, task in TASKS]

UP_TO_10 = (6, 8, 10)
UP_TO_20 = (6, 8, 10, 12, 14, 16, 18, 20)
FROM_1080P = ("1080p", "1440p", "2160p")
WIDE_OR_TALL = ("16:9", "9:16")
WIDE_TALL_OR_AUTO = ("auto", "16:9", "9:16")
MOTIONS = (
    "none",
    "dolly_in",
    "dolly_out",
    "dolly_left",
    "dolly_right",
    "jib_up",
    "jib_down",
    "static",
    "focus_shift",
)


def capabilities_of(model: str, task: Task) -> Capabilities:
    return next(spec for spec in MODELS if spec.id == model).capabilities[task]


@pytest.mark.parametrize(
    ("model", "task", "endpoint"),
    [
        ("ltx-2-fast", TEXT, "fal-ai/ltx-2/text-to-video/fast"),
        ("ltx-2-fast", IMAGE, "fal-ai/ltx-2/image-to-video/fast"),
        ("ltx-2-pro", TEXT, "fal-ai/ltx-2/text-to-video"),
        ("ltx-2-pro", IMAGE, "fal-ai/ltx-2/image-to-video"),
        ("ltx-2.3-fast", TEXT, "fal-ai/ltx-2.3/text-to-video/fast"),
        ("ltx-2.3-fast", IMAGE, "fal-ai/ltx-2.3/image-to-video/fast"),
        ("ltx-2.3-pro", TEXT, "fal-ai/ltx-2.3/text-to-video"),
        ("ltx-2.3-pro", IMAGE, "fal-ai/ltx-2.3/image-to-video"),
        ("ltx-2.5-fast", TEXT, "lightricks/ltx-2.5/text-to-video/fast"),
        ("ltx-2.5-fast", IMAGE, "lightricks/ltx-2.5/image-to-video/fast"),
        ("ltx-2.5-pro", TEXT, "lightricks/ltx-2.5/text-to-video/pro"),
        ("ltx-2.5-pro", IMAGE, "lightricks/ltx-2.5/image-to-video/pro"),
    ],
)
def test_each_task_goes_to_its_endpoint(model: str, task: Task, endpoint: str) -> None:
    assert capabilities_of(model, task).endpoint == endpoint


def test_there_are_these_models_and_no_others() -> None:
    assert set(BY_ID) == {
        "ltx-2-fast",
        "ltx-2-pro",
        "ltx-2.3-fast",
        "ltx-2.3-pro",
        "ltx-2.5-fast",
        "ltx-2.5-pro",
    }


@pytest.mark.parametrize(
    ("model", "task", "values"),
    [
        ("ltx-2-fast", TEXT, {"duration": UP_TO_20, "resolution": FROM_1080P, "fps": (25, 50)}),
        ("ltx-2-fast", IMAGE, {"duration": UP_TO_20, "resolution": FROM_1080P, "fps": (25, 50)}),
        ("ltx-2-pro", TEXT, {"duration": UP_TO_10, "resolution": FROM_1080P, "fps": (25, 50)}),
        ("ltx-2-pro", IMAGE, {"duration": UP_TO_10, "resolution": FROM_1080P, "fps": (25, 50)}),
        (
            "ltx-2.3-fast",
            TEXT,
            {
                "duration": UP_TO_20,
                "resolution": FROM_1080P,
                "aspect_ratio": WIDE_OR_TALL,
                "fps": (24, 25, 48, 50),
            },
        ),
        (
            "ltx-2.3-fast",
            IMAGE,
            {
                "duration": UP_TO_20,
                "resolution": FROM_1080P,
                "aspect_ratio": WIDE_TALL_OR_AUTO,
                "fps": (24, 25, 48, 50),
            },
        ),
        (
            "ltx-2.3-pro",
            TEXT,
            {
                "duration": UP_TO_10,
                "resolution": FROM_1080P,
                "aspect_ratio": WIDE_OR_TALL,
                "fps": (24, 25, 48, 50),
            },
        ),
        (
            "ltx-2.3-pro",
            IMAGE,
            {
                "duration": UP_TO_10,
                "resolution": FROM_1080P,
                "aspect_ratio": WIDE_TALL_OR_AUTO,
                "fps": (24, 25, 48, 50),
            },
        ),
        (
            "ltx-2.5-fast",
            TEXT,
            {
                "duration": ("auto", *UP_TO_20),
                "resolution": ("720p", *FROM_1080P),
                "aspect_ratio": WIDE_OR_TALL,
                "fps": (24, 25, 48, 50),
                "camera_motion": MOTIONS,
            },
        ),
        (
            "ltx-2.5-pro",
            IMAGE,
            {
                "duration": ("auto", *UP_TO_10),
                "resolution": ("720p", "1080p"),
                "aspect_ratio": WIDE_TALL_OR_AUTO,
                "fps": (24, 25, 50),
                "camera_motion": MOTIONS,
            },
        ),
    ],
)
def test_each_setting_takes_what_the_page_lists(
    model: str, task: Task, values: dict[str, tuple[SettingValue, ...]]
) -> None:
    settings = capabilities_of(model, task).settings
    listed = {s.name: tuple(allowed_values(s)) for s in settings if isinstance(s, Choice)}
    assert listed == values
    assert [s.name for s in settings if not isinstance(s, Choice)] == ["generate_audio"]


@pytest.mark.parametrize(("spec", "task"), TASKS, ids=TASK_NAMES)
def test_the_defaults_are_six_seconds_of_1080p_at_25_fps_with_sound(
    spec: ModelSpec, task: Task
) -> None:
    chosen = check_request(spec, task, "A boat", {})
    expected = {"duration": 6, "resolution": "1080p", "fps": 25, "generate_audio": True}
    assert expected.items() <= chosen.items()
    assert chosen.get("aspect_ratio") == _default_ratio(spec, task)
    assert chosen.get("camera_motion") in (None, "none")


def _default_ratio(spec: ModelSpec, task: Task) -> str | None:
    if spec.id.startswith("ltx-2-"):
        return None
    return "auto" if task is IMAGE else "16:9"


# --- prices ---------------------------------------------------------------------------------------

FAST = {"1080p": "0.04", "1440p": "0.08", "2160p": "0.16"}
PRO = {"1080p": "0.06", "1440p": "0.12", "2160p": "0.24"}


@pytest.mark.parametrize(
    ("model", "task", "per_second"),
    [
        ("ltx-2-fast", TEXT, FAST),
        ("ltx-2-fast", IMAGE, FAST),
        ("ltx-2-pro", TEXT, PRO),
        ("ltx-2-pro", IMAGE, PRO),
        ("ltx-2.3-fast", TEXT, FAST),
        ("ltx-2.3-fast", IMAGE, FAST),
        ("ltx-2.3-pro", TEXT, {"1080p": "0.08", "1440p": "0.16", "2160p": "0.32"}),
        ("ltx-2.3-pro", IMAGE, PRO),
        (
            "ltx-2.5-fast",
            TEXT,
            {"720p": "0.09", "1080p": "0.13", "1440p": "0.19", "2160p": "0.30"},
        ),
        (
            "ltx-2.5-fast",
            IMAGE,
            {"720p": "0.09", "1080p": "0.13", "1440p": "0.19", "2160p": "0.30"},
        ),
        ("ltx-2.5-pro", TEXT, {"720p": "0.12", "1080p": "0.17"}),
        ("ltx-2.5-pro", IMAGE, {"720p": "0.12", "1080p": "0.17"}),
    ],
)
def test_a_second_costs_what_the_page_says(
    model: str, task: Task, per_second: dict[str, str]
) -> None:
    price = capabilities_of(model, task).price
    assert price.per_second == {name: Decimal(amount) for name, amount in per_second.items()}
    assert price.source.endswith("/llms.txt")


def test_every_resolution_has_a_price() -> None:
    for spec, task in TASKS:
        capabilities = spec.capabilities[task]
        setting = capabilities.setting("resolution")
        assert isinstance(setting, Choice)
        assert set(setting.values) == set(capabilities.price.per_second)


def test_only_the_price_that_fals_pages_disagree_on_has_a_note() -> None:
    noted = {spec.id for spec, task in TASKS if spec.capabilities[task].price.note}
    assert noted == {"ltx-2.3-pro"}


@pytest.mark.parametrize(
    ("model", "settings", "low", "high"),
    [
        ("ltx-2.3-fast", {}, "0.24", "0.24"),
        ("ltx-2.3-fast", {"duration": 20}, "0.80", "0.80"),
        ("ltx-2.5-fast", {"duration": "auto"}, "0.78", "2.60"),
        ("ltx-2.5-fast", {"duration": "auto", "resolution": "2160p"}, "1.80", "3.00"),
        ("ltx-2.5-fast", {"duration": "auto", "fps": 48}, "0.78", "1.30"),
        ("ltx-2.5-pro", {"duration": "auto", "resolution": "720p"}, "0.72", "1.20"),
    ],
)
def test_the_estimate_is_a_range_only_where_the_model_chooses_the_duration(
    model: str, settings: dict[str, SettingValue], low: str, high: str
) -> None:
    spec = next(spec for spec in MODELS if spec.id == model)
    chosen = check_request(spec, TEXT, "A boat", settings)
    cost = estimate(spec.capabilities[TEXT], chosen)
    assert (cost.low, cost.high) == (Decimal(low), Decimal(high))


# --- legal and illegal ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "settings", "field"),
    [
        ("ltx-2-fast", {"duration": 12, "fps": 50}, "settings.fps"),
        ("ltx-2-fast", {"duration": 20, "resolution": "1440p"}, "settings.resolution"),
        ("ltx-2.3-fast", {"duration": 12, "fps": 24}, "settings.fps"),
        ("ltx-2.3-fast", {"duration": 14, "resolution": "2160p"}, "settings.resolution"),
        ("ltx-2.5-fast", {"duration": 12, "fps": 48}, "settings.fps"),
        ("ltx-2.5-fast", {"duration": 20, "resolution": "1440p"}, "settings.resolution"),
    ],
)
def test_a_long_clip_in_a_form_it_does_not_come_in_is_refused(
    model: str, settings: dict[str, SettingValue], field: str
) -> None:
    spec = next(spec for spec in MODELS if spec.id == model)
    for task in spec.capabilities:
        with pytest.raises(IllegalCombinationError) as caught:
            check_request(spec, task, "A boat", settings)
        assert caught.value.problem.facts["field"] == field


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        ("ltx-2.3-fast", {"duration": "6"}),
        ("ltx-2.3-fast", {"duration": 7}),
        ("ltx-2.3-fast", {"duration": 6.0}),
        ("ltx-2.3-fast", {"duration": "auto"}),
        ("ltx-2.3-pro", {"duration": 12}),
        ("ltx-2-fast", {"fps": 24}),
        ("ltx-2.3-fast", {"resolution": "720p"}),
        ("ltx-2.3-fast", {"aspect_ratio": "auto"}),
        ("ltx-2.5-pro", {"resolution": "1440p"}),
        ("ltx-2.5-pro", {"fps": 48}),
        ("ltx-2.5-fast", {"camera_motion": "zoom"}),
        ("ltx-2.3-fast", {"generate_audio": 1}),
    ],
)
def test_a_value_that_the_page_does_not_list_is_refused(
    model: str, settings: dict[str, object]
) -> None:
    spec = next(spec for spec in MODELS if spec.id == model)
    with pytest.raises(IllegalSettingError):
        check_request(spec, TEXT, "A boat", settings)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("ltx-2-fast", "aspect_ratio"),
        ("ltx-2.3-fast", "camera_motion"),
        ("ltx-2.5-fast", "seed"),
        ("ltx-2.3-fast", "negative_prompt"),
    ],
)
def test_a_setting_that_the_model_does_not_have_is_refused(model: str, name: str) -> None:
    spec = next(spec for spec in MODELS if spec.id == model)
    with pytest.raises(UnknownSettingError):
        check_request(spec, TEXT, "A boat", {name: "16:9"})


@pytest.mark.parametrize(("spec", "task"), TASKS, ids=TASK_NAMES)
def test_an_end_image_is_taken_only_from_ltx_2_3_on_and_with_a_first_image(
    spec: ModelSpec, task: Task
) -> None:
    if task is IMAGE and not spec.id.startswith("ltx-2-"):
        check_request(spec, task, "A boat", {}, has_end_image=True)
        return
    with pytest.raises(ImageInputError):
        check_request(spec, task, "A boat", {}, has_end_image=True)


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.id)
def test_a_prompt_has_from_1_to_5000_characters(spec: ModelSpec) -> None:
    check_request(spec, TEXT, "x" * PROMPT_LIMIT, {})
    assert PROMPT_LIMIT == 5000
    with pytest.raises(PromptTooLongError):
        check_request(spec, TEXT, "x" * (PROMPT_LIMIT + 1), {})
    with pytest.raises(EmptyPromptError):
        check_request(spec, TEXT, " ", {})


@pytest.mark.parametrize(
    ("alias", "model"),
    [
        ("ltxv2_fast_t2v", "ltx-2-fast"),
        ("ltxv2_pro_t2v", "ltx-2-pro"),
        ("ltxv2_i2v", "ltx-2-pro"),
        ("ltxv2_fast_i2v", "ltx-2-fast"),
    ],
)
def test_the_old_names_lead_to_the_models_they_meant(alias: str, model: str) -> None:
    assert [spec.id for spec in MODELS if alias in spec.aliases] == [model]


def test_what_fal_no_longer_lists_says_so() -> None:
    delisted = {spec.id for spec in MODELS if any("no longer" in note for note in spec.notes)}
    assert delisted == {"ltx-2-fast", "ltx-2-pro"}


# --- against an independent table -----------------------------------------------------------------

CROSSED = ("duration", "resolution", "fps")


def test_the_independent_table_has_the_same_endpoints() -> None:
    ours = {spec.capabilities[task].endpoint for spec, task in TASKS}
    assert ours == set(ENDPOINTS)


@pytest.mark.parametrize(("spec", "task"), TASKS, ids=TASK_NAMES)
def test_we_allow_exactly_what_the_independent_table_of_the_model_takes(
    spec: ModelSpec, task: Task
) -> None:
    verdicts = set()
    for settings in _combinations(spec.capabilities[task]):
        payload = _payload(spec, task, settings)
        is_taken = isinstance(checked(spec.capabilities[task].endpoint, payload), BaseModel)
        assert _is_allowed(spec, task, settings) == is_taken, settings
        verdicts.add(is_taken)
    has_rules = bool(spec.capabilities[task].rules)
    assert verdicts == ({True, False} if has_rules else {True})


def _combinations(capabilities: Capabilities) -> Iterator[dict[str, SettingValue]]:
    """All of duration, resolution and rate; every value of each other setting once."""
    defaults = {s.name: s.default for s in capabilities.settings}
    crossed = [allowed_values(s) for s in capabilities.settings if s.name in CROSSED]
    names = [s.name for s in capabilities.settings if s.name in CROSSED]
    for values in product(*crossed):
        yield defaults | dict(zip(names, values, strict=True))
    for setting in capabilities.settings:
        for value in allowed_values(setting):
            yield defaults | {setting.name: value}


def _is_allowed(spec: ModelSpec, task: Task, settings: dict[str, SettingValue]) -> bool:
    try:
        check_request(spec, task, "A boat", settings)
    except IllegalCombinationError:
        return False
    return True


def _payload(spec: ModelSpec, task: Task, settings: dict[str, SettingValue]) -> object:
    image = InputImage("image/png", b"") if task is IMAGE else None
    endpoint = spec.capabilities[task].endpoint
    payload = payload_of(Order("k", endpoint, task, "A boat", settings, image))
    if image is not None:
        payload["image_url"] = "https://example.org/a.png"
    return payload


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("ltx-2-fast", "0.04"),
        ("ltx-2-pro", "0.06"),
        ("ltx-2.3-fast", "0.04"),
        ("ltx-2.3-pro", None),
        ("ltx-2.5-fast", None),
        ("ltx-2.5-pro", None),
    ],
)
def test_a_unit_has_a_price_only_where_the_rates_let_it_be_known(
    name: str, unit: str | None
) -> None:
    spec = next(spec for spec in MODELS if spec.id == name)
    known = spec.capabilities[Task.TEXT_TO_VIDEO].price.per_unit
    assert known == (None if unit is None else Decimal(unit))

"""What is typed behind --set is read as the model's table says, or refused by its name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.cli.typed_settings import read_value
from rushes.domain.errors import IllegalSettingError
from rushes.domain.model_spec import (
    Choice,
    Setting,
    SettingValue,
    Task,
    Toggle,
    WholeNumber,
    check_request,
)
from rushes.providers.animatic.models import MODELS
from rushes.server.schemas.models import setting_shape

DURATION = Choice("duration", "Duration", (6, 8, "auto"), 6, unit="s")
RESOLUTION = Choice("resolution", "Resolution", ("1080p", "2160p"), "1080p")
AUDIO = Toggle("generate_audio", "Sound", default=True)
SEED = WholeNumber("seed", "Seed", 0, 100, 0)
ANIMATIC = MODELS[0]


def read(setting: Setting, text: str) -> SettingValue:
    return read_value(text, setting_shape(setting).model_dump(mode="json"))


def refused(name: str, value: SettingValue) -> object:
    with pytest.raises(IllegalSettingError) as caught:
        check_request(ANIMATIC, Task.TEXT_TO_VIDEO, "a heron", {name: value})
    return caught.value.problem.facts["field"]


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (DURATION, "6", 6),
        (DURATION, "auto", "auto"),
        (DURATION, "7", "7"),
        (RESOLUTION, "1080p", "1080p"),
        (AUDIO, "ON", True),
        (AUDIO, "false", False),
        (AUDIO, "yes", "yes"),
        (SEED, "17", 17),
        (SEED, "-3", -3),
        (SEED, "--3", "--3"),
        (SEED, "1e3", "1e3"),
        (SEED, "²", "²"),
        (SEED, "", ""),
    ],
)
def test_what_is_typed_is_read_the_way_the_setting_writes_its_values(setting, text, value):
    parsed = read(setting, text)
    assert parsed == value
    assert type(parsed) is type(value)


@given(st.sampled_from(ANIMATIC.capabilities[Task.TEXT_TO_VIDEO].settings), st.text())
@settings(max_examples=100)
def test_whatever_is_typed_is_read_or_refused_by_name(setting, text):
    parsed = read(setting, text)
    if setting.accepts(parsed):
        assert read(setting, str(parsed)) == parsed
        return
    assert refused(setting.name, parsed) == f"settings.{setting.name}"


def test_a_number_of_thousands_of_digits_is_refused_and_not_computed():
    assert refused("seed", read(SEED, "9" * 5000)) == "settings.seed"

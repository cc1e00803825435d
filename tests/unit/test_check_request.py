"""What a model may be asked is decided before any money is spent, and refusals name the cure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from rushes.domain.model_spec import (
    FREE,
    Capabilities,
    Choice,
    Estimate,
    ModelSpec,
    Price,
    Rule,
    Task,
    Toggle,
    WholeNumber,
    allowed_in_words,
    allowed_values,
    check_request,
    estimate,
    possible_seconds,
)

DURATION = Choice("duration", "Duration", (6, 8, 10, 20, "auto"), 6, unit="s")
RESOLUTION = Choice("resolution", "Resolution", ("1080p", "2160p"), "1080p")
FPS = Choice("fps", "Frame rate", (25, 50), 25)
AUDIO = Toggle("generate_audio", "Sound", default=True)
SEED = WholeNumber("seed", "Seed", 0, 100, 0)
LONG = Rule(
    "duration",
    frozenset({20}),
    {"resolution": frozenset({"1080p"}), "fps": frozenset({25})},
    "over 10 s only at 25 fps and 1080p.",
)
PRICE = Price({"1080p": Decimal("0.04"), "2160p": Decimal("0.16")}, date(2026, 1, 1), "a page")
TEXT = Capabilities("lab/model", (DURATION, RESOLUTION, FPS, AUDIO, SEED), (LONG,), PRICE)
IMAGE = Capabilities("lab/model/image", (DURATION,), (), PRICE, takes_end_image=True)
SPEC = ModelSpec(
    ModelId("model"),
    ProviderId("lab"),
    "Model",
    "A small one.",
    50,
    {Task.TEXT_TO_VIDEO: TEXT, Task.IMAGE_TO_VIDEO: IMAGE},
)
DEFAULTS = {
    "duration": 6,
    "resolution": "1080p",
    "fps": 25,
    "generate_audio": True,
    "seed": 0,
}


def check(given: dict[str, object], prompt: str = "a lighthouse") -> dict[str, object]:
    return dict(check_request(SPEC, Task.TEXT_TO_VIDEO, prompt, given))


def refused(given: dict[str, object], kind: type[InvalidInputError]) -> dict[str, object]:
    with pytest.raises(kind) as caught:
        check(given)
    return {"remedy": caught.value.problem.remedy, **caught.value.problem.facts}


def test_what_is_not_given_is_at_its_default():
    assert check({}) == DEFAULTS
    assert check({"fps": 50}) == DEFAULTS | {"fps": 50}


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t\u3000"])
def test_a_prompt_of_nothing_but_white_space_is_refused(prompt):
    with pytest.raises(EmptyPromptError) as caught:
        check({}, prompt)
    assert caught.value.problem.facts["field"] == "prompt"


def test_a_prompt_may_be_as_long_as_the_limit_and_no_longer():
    assert check({}, "a" * 50)
    with pytest.raises(PromptTooLongError) as caught:
        check({}, "a" * 51)
    assert caught.value.problem.facts["length"] == 51
    assert caught.value.problem.facts["limit"] == 50


def test_a_prompt_with_half_a_character_is_refused_because_no_file_can_hold_it():
    with pytest.raises(InvalidInputError) as caught:
        check({}, "a \ud83d lighthouse")
    assert caught.value.problem.facts["field"] == "prompt"


def test_an_unknown_setting_is_refused_with_the_ones_that_there_are():
    facts = refused({"frames": 3}, UnknownSettingError)
    assert facts["field"] == "settings.frames"
    assert facts["allowed"] == ["duration", "resolution", "fps", "generate_audio", "seed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duration", "6"),
        ("duration", 7),
        ("duration", 6.0),
        ("duration", True),
        ("duration", None),
        ("duration", [6]),
        ("duration", "AUTO"),
        ("resolution", 1080),
        ("generate_audio", 1),
        ("generate_audio", "true"),
        ("generate_audio", None),
        ("seed", True),
        ("seed", -1),
        ("seed", 101),
        ("seed", 1.0),
        ("seed", "5"),
        ("seed", {"value": 5}),
    ],
)
def test_a_value_of_another_kind_or_out_of_bounds_is_refused(name, value):
    facts = refused({name: value}, IllegalSettingError)
    setting = TEXT.setting(name)
    assert facts["field"] == f"settings.{name}"
    assert facts["allowed"] == allowed_values(setting)
    assert facts["model"] == "model"
    assert facts["remedy"]


def test_a_refused_value_is_told_as_it_was_given_so_that_text_and_number_can_be_told_apart():
    with pytest.raises(IllegalSettingError) as caught:
        check({"duration": "6"})
    assert caught.value.problem.facts["value"] == "6"
    assert "duration is '6'; model takes 6 or 8 or 10 or 20 or 'auto'." in str(caught.value)


@pytest.mark.parametrize(
    ("value", "told"), [({6}, "{6}"), (float("nan"), "nan"), ("\ud800", r"'\ud800'"), (6.5, 6.5)]
)
def test_a_value_that_json_cannot_hold_is_told_in_words(value, told):
    assert refused({"duration": value}, IllegalSettingError)["value"] == told


@pytest.mark.parametrize("bounds", [0, 100])
def test_both_bounds_of_a_whole_number_are_legal(bounds):
    assert check({"seed": bounds})["seed"] == bounds


def test_true_and_one_are_told_apart_in_a_choice_of_numbers():
    takes = Choice("takes", "Takes", (1, 2), 1)
    assert takes.accepts(1)
    assert not takes.accepts(True)


def test_a_rule_names_the_field_its_value_what_is_allowed_and_the_cure():
    facts = refused({"duration": 20, "resolution": "2160p"}, IllegalCombinationError)
    assert facts == {
        "field": "settings.resolution",
        "value": "2160p",
        "allowed": ["1080p"],
        "remedy": "Set resolution to 1080p, or choose another duration.",
    }


def test_the_message_of_a_rule_is_the_makers_own_words():
    with pytest.raises(IllegalCombinationError, match="over 10 s only at 25 fps and 1080p"):
        check({"duration": 20, "fps": 50})


def test_a_rule_blames_the_setting_that_was_given_when_the_other_is_a_default():
    rule = Rule("duration", frozenset({20}), {"fps": frozenset({50})}, "long ones are smooth.")
    spec = ModelSpec(
        ModelId("m"),
        ProviderId("lab"),
        "M",
        "",
        50,
        {Task.TEXT_TO_VIDEO: Capabilities("m", (DURATION, FPS), (rule,), PRICE)},
    )
    with pytest.raises(IllegalCombinationError) as caught:
        check_request(spec, Task.TEXT_TO_VIDEO, "x", {"duration": 20})
    assert caught.value.problem.facts["field"] == "settings.duration"


def test_a_rule_does_not_speak_where_it_does_not_apply():
    assert check({"duration": 10, "resolution": "2160p", "fps": 50})["fps"] == 50


def test_a_task_that_the_model_cannot_do_is_refused_at_the_image():
    spec = ModelSpec(ModelId("m"), ProviderId("lab"), "M", "", 50, {Task.TEXT_TO_VIDEO: TEXT})
    with pytest.raises(ImageInputError) as caught:
        check_request(spec, Task.IMAGE_TO_VIDEO, "x", {})
    assert caught.value.problem.facts["field"] == "image"


def test_an_end_image_is_taken_only_where_the_endpoint_takes_one():
    assert check_request(SPEC, Task.IMAGE_TO_VIDEO, "x", {}, has_end_image=True)
    with pytest.raises(ImageInputError) as caught:
        check_request(SPEC, Task.TEXT_TO_VIDEO, "x", {}, has_end_image=True)
    assert caught.value.problem.facts["field"] == "end_image"


def test_a_fixed_duration_has_one_price():
    assert estimate(TEXT, check({"duration": 8})) == Estimate.exactly(Decimal("0.32"))


def test_the_price_is_that_of_the_resolution():
    chosen = check({"duration": 8, "resolution": "2160p"})
    assert estimate(TEXT, chosen) == Estimate.exactly(Decimal("1.28"))


def test_a_duration_that_the_model_chooses_is_priced_from_the_shortest_to_the_longest():
    chosen = check({"duration": "auto"})
    assert estimate(TEXT, chosen) == Estimate(Decimal("0.24"), Decimal("0.80"))


def test_a_length_that_the_other_settings_rule_out_is_not_in_the_price():
    chosen = check({"duration": "auto", "resolution": "2160p"})
    assert possible_seconds(TEXT, chosen) == [6, 8, 10]
    assert estimate(TEXT, chosen) == Estimate(Decimal("0.96"), Decimal("1.60"))


def test_what_has_no_price_is_free():
    free = Capabilities("x", (DURATION,), (), Price({}, date(2026, 1, 1), "nobody"))
    assert estimate(free, {"duration": 6}) == FREE


def test_estimates_add_up_at_both_ends():
    total = Estimate(Decimal(1), Decimal(2)) + Estimate(Decimal("0.5"), Decimal("0.5"))
    assert total == Estimate(Decimal("1.5"), Decimal("2.5"))


@given(
    st.dictionaries(
        st.sampled_from([s.name for s in TEXT.settings]),
        st.sampled_from([6, 20, "auto", "1080p", "2160p", 25, 50, True, False, 0, 7]),
    )
)
@settings(max_examples=150)
def test_what_passes_the_check_has_every_setting_at_a_legal_value_and_a_price(given_settings):
    try:
        chosen = check(given_settings)
    except InvalidInputError:
        return
    assert list(chosen) == [s.name for s in TEXT.settings]
    assert all(setting.accepts(chosen[setting.name]) for setting in TEXT.settings)
    expected = estimate(TEXT, chosen)
    assert Decimal(0) < expected.low <= expected.high


def test_a_setting_says_in_words_what_it_takes():
    assert allowed_in_words(SEED) == "a whole number from 0 to 100"
    assert allowed_in_words(AUDIO) == "True or False"
    assert allowed_in_words(RESOLUTION) == "'1080p' or '2160p'"

"""`rushes generate` with several takes, and with an answer that does not come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.answer_thief import answer_thief
from tests.emulator import FalEmulator
from tests.programs import environment_for, open_studio, rushes
from tests.sample_media import make_image

FAST = ("-m", "ltx-2.3-fast")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def environment(home: Path, fal: FalEmulator) -> dict[str, str]:
    return environment_for(home, fal)


def lead_to(home: Path, url: str) -> None:
    """Have commands take another way to the studio that is open."""
    lock = home / "rushes.lock"
    lock.write_text(json.dumps(json.loads(lock.read_text()) | {"url": url}))


def test_takes_of_several_models_with_settings_of_one(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    done = rushes(
        *("generate", "A heron", *FAST, "-m", "ltx-2.5-pro", "--takes", "2", "--json"),
        *("--set", "duration=8", "--set", "ltx-2.5-pro:camera_motion=dolly_in"),
        environment=environment,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)["generations"]
    assert sorted(one["take_number"] for one in made) == [1, 2, 3, 4]
    assert {one["settings"]["duration"] for one in made} == {8}
    assert sum(one["settings"].get("camera_motion") == "dolly_in" for one in made) == 2
    assert len(fal.ledger) == 4


@pytest.mark.parametrize("takes", ["0", "9", "two"])
def test_another_number_of_takes_is_wrong_use(environment: dict[str, str], takes: str) -> None:
    assert rushes("generate", "x", "--takes", takes, environment=environment).returncode == 2


def test_the_limit_is_for_all_takes(environment: dict[str, str], fal: FalEmulator) -> None:
    wanted = ("generate", "x", *FAST, "--takes", "2", "--max-cost", "0.47")
    assert rushes(*wanted, environment=environment).returncode == 2
    assert not fal.seen


def test_an_order_whose_answer_is_lost_is_asked_for_again_and_bought_once(
    environment: dict[str, str], home: Path, fal: FalEmulator
) -> None:
    with open_studio(environment) as studio, answer_thief(studio.url, 1) as thief:
        lead_to(home, thief.url)
        done = rushes("generate", "A heron", *FAST, "--json", environment=environment)
        lead_to(home, studio.url)
    assert done.returncode == 0, done.stderr
    [made] = json.loads(done.stdout)["generations"]
    [[kept]] = [answer["generations"] for answer in thief.kept]
    assert made["id"] == kept["id"]
    assert "nothing is ordered again" in done.stderr
    assert len(fal.ledger) == 1


def test_an_order_whose_answers_are_all_lost_exits_5_and_names_the_way_to_ask_again(
    environment: dict[str, str], home: Path, fal: FalEmulator, tmp_path: Path
) -> None:
    image = make_image(tmp_path / "lake.png", width=320, height=180)
    wanted = ("generate", "A heron", *FAST, "--image", image, "--json")
    with open_studio(environment) as studio, answer_thief(studio.url, 3) as thief:
        lead_to(home, thief.url)
        lost = rushes(*wanted, environment=environment)
        lead_to(home, studio.url)
    assert lost.returncode == 5, lost.stderr
    problem = json.loads(lost.stdout)["problem"]
    assert problem["code"] == "answer_lost"
    order_id = problem["facts"]["order_id"]
    assert f"--order-id {order_id}" in problem["remedy"]
    done = rushes(*wanted, "--order-id", order_id, environment=environment)
    assert done.returncode == 0, done.stderr
    [made] = json.loads(done.stdout)["generations"]
    assert made["id"] == thief.kept[0]["generations"][0]["id"]
    assert len(fal.ledger) == 1
    images = json.loads(rushes("assets", "--json", environment=environment).stdout)["items"]
    assert sum(asset["kind"] == "image" for asset in images) == 1


def test_the_same_name_for_another_order_is_refused(
    environment: dict[str, str], fal: FalEmulator
) -> None:
    named = ("--order-id", "the-order-of-monday")
    assert rushes("generate", "A heron", *FAST, *named, environment=environment).returncode == 0
    refused = rushes("generate", "A boat", *FAST, *named, environment=environment)
    assert "order_taken" in refused.stderr
    assert len(fal.ledger) == 1

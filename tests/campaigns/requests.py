"""Requests made up from the interface's own description, sent to a real studio.

``times`` is how many are made up for each operation. No answer may be a fault of the server, and
the studio must be as alive after them as before.
"""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable

from tests.campaigns.outcome import Outcome
from tests.emulator import FalEmulator
from tests.programs import OpenStudio, environment_for, open_studio
from tests.sample_media import make_clip

ENDLESS = "/api/events"
"""An answer that does not end by itself."""
PATIENCE = 60


def run(times: int, random_seed: int) -> Outcome:
    outcome = Outcome("requests")
    with tempfile.TemporaryDirectory(prefix="rushes-requests-") as folder, FalEmulator() as fal:
        fal.settings.clip_seconds = 1
        environment = environment_for(Path(folder) / "library", fal)
        with open_studio(environment) as studio:
            _send_all(studio, times, random_seed, outcome, Path(folder))
    return outcome


def _send_all(
    studio: OpenStudio, times: int, random_seed: int, outcome: Outcome, folder: Path
) -> None:
    answers: Counter[int] = Counter()
    with httpx.Client(
        base_url=studio.url,
        headers={"Authorization": f"Bearer {studio.token}"},
        timeout=PATIENCE,
    ) as client:
        description = client.get("/api/openapi.json").json()
        known = _fill(client, folder)
        operations = 0
        for operation in _operations(description):
            operations += 1
            _send(operation, client, known, times, random_seed, answers, outcome)
        if not client.get("/api/health").is_success or studio.process.poll() is not None:
            outcome.violations.append("the studio did not live through it")
    outcome.figures["operations"] = operations
    outcome.figures["answers"] = dict(sorted(answers.items()))


def _fill(client: httpx.Client, folder: Path) -> dict[str, str]:
    """Something to ask for: the ids of things that exist, by the name of the parameter."""
    [project, *_] = client.get("/api/projects").json()["items"]
    clip = make_clip(folder / "a.mp4").read_bytes()
    imported = client.post(
        f"/api/projects/{project['id']}/imports", files={"files": ("a.mp4", clip)}
    ).json()
    ordered = client.post(
        f"/api/projects/{project['id']}/generations",
        json={"prompt": "A heron", "models": ["ltx-2.3-fast"]},
    ).json()
    asset, generation = imported["assets"][0]["id"], ordered["generations"][0]["id"]
    return {
        "project_id": project["id"],
        "asset_id": asset,
        "generation_id": generation,
        "thing": asset,
    }


def _operations(description: dict[str, Any]) -> list[Any]:
    schema = schemathesis.openapi.from_dict(description)
    found = [one.ok() for one in schema.get_all_operations()]
    return [one for one in found if one.path != ENDLESS]


def _send(
    operation: Any,
    client: httpx.Client,
    known: dict[str, str],
    times: int,
    random_seed: int,
    answers: Counter[int],
    outcome: Outcome,
) -> None:
    turns = 0
    bearer = {"Authorization": client.headers["authorization"]}

    def check(case: Any) -> None:
        nonlocal turns
        turns += 1
        # Every other time it is about something that exists.
        if turns % 2 and case.path_parameters:
            case.path_parameters = {
                name: known.get(name, value) for name, value in case.path_parameters.items()
            }
        try:
            answer = case.call(base_url=str(client.base_url), headers=bearer, timeout=PATIENCE)
        except (ValueError, TypeError, AttributeError, UnicodeError):
            answers[0] += 1  # nothing that can be sent at all
            return
        answers[answer.status_code] += 1
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR and not _is_named(answer):
            outcome.violations.append(
                f"{operation.method.upper()} {answer.url}: {answer.status_code} {answer.text[:300]}"
                f" for {case.body!r:.300}"
            )

    for strategy in (operation.as_strategy(), _negative(operation)):
        if strategy is None:
            continue
        case_settings = settings(
            max_examples=times,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        with warnings.catch_warnings(), contextlib.suppress(Unsatisfiable):
            # Nothing can break the description of an operation that takes everything.
            warnings.simplefilter("ignore")
            seed(random_seed)(case_settings(given(case=strategy)(check)))()


def _negative(operation: Any) -> Any:
    """Requests that break the description, where that can be done."""
    if not (operation.body or operation.query):
        return None
    return operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)


def _is_named(answer: Any) -> bool:
    """Whether it is the state of the world that is told: a full disk, a provider out of reach."""
    try:
        return answer.json()["code"] != "unexpected"
    except (ValueError, KeyError, TypeError):
        return False

"""A clip of another origin, no CORP header, an embedder policy on the page: does it play?

It is served by a real host to a real Chromium, and must play in each mode in which it can, and say
the true reason in each in which it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.linked import ANYONE, EMBEDDERS, NONE, case, until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("headers", [NONE, ANYONE, EMBEDDERS], ids=["nothing", "cors", "corp"])
def test_through_the_relay_the_clip_plays_whatever_its_host_says(
    tmp_path: Path, browser: Browser, headers: Mapping[str, str]
) -> None:
    with case(tmp_path, browser, "relay", headers) as one:
        told = one.told()
        assert (told["source"], told["crossorigin"]) == ("relay", None)
        assert told["playable_in_browser"] is True
        seen = one.load(told["address"])
        assert seen == {"plays": True, "error": None, "violations": [], "embedder": []}


def test_under_the_strict_policy_the_hosts_own_address_is_refused_and_reported(
    tmp_path: Path, browser: Browser
) -> None:
    """What the seeds believed had happened to them."""
    with case(tmp_path, browser, "relay") as one:
        before = len(one.host.asked)
        seen = one.load(one.url)
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (False, ["media-src"], [])
        assert "URL safety check" in seen["error"]
        assert len(one.host.asked) == before
        assert until(lambda: f"csp: media-src enforce {one.url}" in one.doctor())


@pytest.mark.parametrize(
    ("headers", "crossorigin"), [(ANYONE, "anonymous"), (EMBEDDERS, None)], ids=["cors", "corp"]
)
def test_directly_the_clip_plays_in_the_mode_that_its_host_allows(
    tmp_path: Path, browser: Browser, headers: Mapping[str, str], crossorigin: str | None
) -> None:
    with case(tmp_path, browser, "direct", headers) as one:
        told = one.told()
        assert (told["source"], told["address"]) == ("direct", one.url)
        assert told["crossorigin"] == crossorigin
        seen = one.load(told["address"], told["crossorigin"])
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (True, [], [])


def test_directly_without_any_header_the_embedder_policy_refuses_it_and_the_reason_is_that(
    tmp_path: Path, browser: Browser
) -> None:
    """What had really happened: no CORP, COEP on, and no word of the content policy."""
    with case(tmp_path, browser, "direct") as one:
        seen = one.load(one.url)
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (False, [], [one.url])
        # Asked as a page that reads, the host does not let it either.
        again = one.load(one.url, "anonymous")
        assert (again["plays"], again["violations"], again["embedder"]) == (False, [], [])
        told = one.told()
        assert told["source"] == "relay"
        assert told["reason"]["code"] == "direct_playback_refused"
        assert "no Cross-Origin-Resource-Policy" in told["reason"]["detail"]
        assert "require-corp" in told["reason"]["detail"]
        # So it is taken the other way, and plays.
        assert one.load(told["address"], told["crossorigin"])["plays"]
        assert until(lambda: f"embedder: video enforce {one.url}" in one.doctor())


def test_where_remote_playback_is_off_nothing_plays_and_the_reason_is_that(
    tmp_path: Path, browser: Browser
) -> None:
    with case(tmp_path, browser, "local") as one:
        told = one.told()
        assert (told["source"], told["reason"]["code"]) == ("none", "remote_playback_off")
        assert not one.load(f"/media/{one.asset}")["plays"]
        assert one.host.asked == []

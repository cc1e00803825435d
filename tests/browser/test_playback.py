"""A clip of another origin, no CORP header, an embedder policy on the page: does it play?

It is served by a real host to a real Chromium, and must play in each mode in which it can, and say
the true reason in each in which it cannot. What the viewer makes of it is in ``test_trouble``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.linked import ANYONE, EMBEDDERS, NONE, Afar, Case, clips_afar, until

pytestmark = pytest.mark.browser

SENT = {"nothing": NONE, "cors": ANYONE, "corp": EMBEDDERS}


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Afar]:
    with clips_afar(tmp_path_factory.mktemp("relay"), "relay") as afar:
        yield afar


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Afar]:
    with clips_afar(tmp_path_factory.mktemp("direct"), "direct") as afar:
        yield afar


def test_through_the_relay_the_clip_plays_whatever_its_host_says(
    relayed: Afar, browser: Browser, subtests: pytest.Subtests
) -> None:
    clips = {name: relayed.put(headers=sent) for name, sent in SENT.items()}
    with relayed.page(browser) as page:
        for name, linked in clips.items():
            with subtests.test(sends=name):
                one = Case(linked, page)
                told = one.told()
                assert (told["source"], told["crossorigin"]) == ("relay", None)
                assert told["playable_in_browser"] is True
                seen = one.load(told["address"])
                assert seen == {"plays": True, "error": None, "violations": [], "embedder": []}


def test_under_the_strict_policy_the_hosts_own_address_is_refused_and_reported(
    relayed: Afar, browser: Browser
) -> None:
    """What the seeds believed had happened to them."""
    with relayed.case(browser) as one:
        url = one.linked.url
        before = one.linked.asked()
        seen = one.load(url)
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (False, ["media-src"], [])
        assert "URL safety check" in seen["error"]
        assert one.linked.asked() == before
        assert until(lambda: f"csp: media-src enforce {url}" in relayed.doctor())


def test_directly_the_clip_plays_in_the_mode_that_its_host_allows(
    direct: Afar, browser: Browser, subtests: pytest.Subtests
) -> None:
    modes = {"cors": "anonymous", "corp": None}
    clips = {name: direct.put(headers=SENT[name]) for name in modes}
    with direct.page(browser) as page:
        for name, crossorigin in modes.items():
            with subtests.test(sends=name):
                one = Case(clips[name], page)
                told = one.told()
                assert (told["source"], told["address"]) == ("direct", one.linked.url)
                assert told["crossorigin"] == crossorigin
                seen = one.load(told["address"], told["crossorigin"])
                assert (seen["plays"], seen["violations"], seen["embedder"]) == (True, [], [])


def test_directly_without_any_header_the_embedder_policy_refuses_it_and_the_reason_is_that(
    direct: Afar, browser: Browser
) -> None:
    """What had really happened: no CORP, COEP on, and no word of the content policy."""
    with direct.case(browser) as one:
        url = one.linked.url
        seen = one.load(url)
        assert (seen["plays"], seen["violations"], seen["embedder"]) == (False, [], [url])
        # Asked as a page that reads, the host does not let it either.
        again = one.load(url, "anonymous")
        assert (again["plays"], again["violations"], again["embedder"]) == (False, [], [])
        told = one.told()
        assert told["source"] == "relay"
        assert told["reason"]["code"] == "direct_playback_refused"
        assert "no Cross-Origin-Resource-Policy" in told["reason"]["detail"]
        assert "require-corp" in told["reason"]["detail"]
        # So it is taken the other way, and plays.
        assert one.load(told["address"], told["crossorigin"])["plays"]
        assert until(lambda: f"embedder: video enforce {url}" in direct.doctor())

"""The headers of every face: what they allow, word by word."""

from __future__ import annotations

import pytest

from rushes.playback.policy import (
    STRICT,
    Face,
    SecurityPolicy,
    face_of,
    is_named,
    media_sources,
)
from rushes.playback.source import RemotePlayback
from rushes.store.media_hosts import MediaHosts

HOSTS = MediaHosts.parse("fal.media,*.fal.media,cdn.test:8443,127.0.0.1:8802,10.0.0.7:9000,[::1]:9")


def directives(policy: SecurityPolicy, face: Face = Face.PAGE) -> dict[str, list[str]]:
    lines = policy.headers(face)["Content-Security-Policy"].split("; ")
    return {words[0]: words[1:] for words in map(str.split, lines)}


@pytest.mark.parametrize("face", Face)
def test_every_face_begins_with_nothing_and_is_never_unsafe(face):
    policy = STRICT.headers(face)["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "//" not in policy
    assert directives(STRICT, face)["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_every_face_has_the_rest(face, header, value):
    assert STRICT.headers(face)[header] == value
    assert STRICT.headers(face)["Cross-Origin-Embedder-Policy"].startswith("require-corp")


def test_what_is_no_page_may_do_nothing():
    assert directives(STRICT, Face.API) == {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    assert directives(STRICT, Face.MEDIA)["media-src"] == ["'self'"]


def test_the_page_reports_to_its_own_origin():
    headers = STRICT.headers(Face.PAGE)
    assert headers["Reporting-Endpoints"] == 'reports="/api/reports"'
    assert directives(STRICT)["report-to"] == ["reports"]
    assert headers["Cross-Origin-Embedder-Policy"] == 'require-corp; report-to="reports"'


@pytest.mark.parametrize("preference", [RemotePlayback.LOCAL, RemotePlayback.RELAY])
def test_only_direct_playback_names_another_host(preference):
    assert SecurityPolicy.of(preference, HOSTS) == STRICT


def test_direct_playback_names_exactly_the_listed_hosts_and_only_for_media():
    policy = SecurityPolicy.of(RemotePlayback.DIRECT, HOSTS)
    assert directives(policy)["media-src"] == [
        "'self'",
        "https://fal.media",
        "https://*.fal.media",
        "https://cdn.test:8443",
        # Somebody chose exactly this server of this machine.
        "http://127.0.0.1:8802",
        "https://10.0.0.7:9000",
    ]
    without = {name: words for name, words in directives(policy).items() if name != "media-src"}
    strict = {name: words for name, words in directives(STRICT).items() if name != "media-src"}
    assert without == strict
    for face in (Face.API, Face.MEDIA):
        assert policy.headers(face) == STRICT.headers(face)


def test_a_host_that_is_listed_twice_is_named_once():
    assert media_sources(MediaHosts.parse("a.test,a.test")) == ("https://a.test",)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://fal.media/a.mp4", True),
        ("https://v3b.fal.media/a.mp4", True),
        ("https://cdn.test:8443/a.mp4", True),
        ("http://127.0.0.1:8802/a.mp4", True),
        ("https://127.0.0.1:8802/a.mp4", False),
        ("http://10.0.0.7:9000/a.mp4", False),
        ("http://[::1]:9/a.mp4", False),
    ],
)
def test_whether_the_page_may_load_an_address_is_what_its_policy_says(url, named):
    assert is_named(SecurityPolicy.of(RemotePlayback.DIRECT, HOSTS), HOSTS, url) is named
    assert not is_named(STRICT, HOSTS, url)


@pytest.mark.parametrize(
    ("path", "face"),
    [
        ("/", Face.PAGE),
        ("/assets/index.js", Face.PAGE),
        ("/nope", Face.PAGE),
        ("/apis", Face.PAGE),
        ("/mediation", Face.PAGE),
        ("/api", Face.API),
        ("/api/health", Face.API),
        ("/media/x", Face.MEDIA),
        ("/media/x/poster", Face.MEDIA),
    ],
)
def test_the_address_says_which_face_is_shown(path, face):
    assert face_of(path) is face

"""From where a clip is played: every state, every preference, everything that can be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.media_facts import MediaFacts, MediaKind
from rushes.domain.media_reference import (
    ExpiredMedia,
    InMemory,
    InSpool,
    MediaReference,
    MissingMedia,
    SavedMedia,
    UnsavedMedia,
    UrlOnlyMedia,
)
from rushes.domain.playable import is_playable
from rushes.domain.playing import Direct, Heard, LocalFile, NoSource, Relay, SpoolFile
from rushes.domain.problem import Failure, Problem
from rushes.playback.source import (
    ANONYMOUS,
    Reach,
    RemotePlayback,
    choose_source,
    remote_url,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://v3.fal.media/a.mp4"
GONE = Problem("media_gone", "The media host no longer has this clip.")
FAILURE = Failure(GONE, NOW)
REFUSED = Problem("media_host_refused", "This media host is not one.")
ANSWERS = Heard("v3.fal.media", NOW, 206)
IS_GONE = Heard("v3.fal.media", NOW, 404, GONE)

SAVED = SavedMedia("media/P/a.mp4", 7, "1" * 64, URL)
SAVED_IMPORT = SavedMedia("media/P/a.mp4", 7, "1" * 64)
URL_ONLY = UrlOnlyMedia(URL)
ANIMATIC = UrlOnlyMedia("animatic:abc")
IN_SPOOL = UnsavedMedia(URL, FAILURE, held=InSpool(7, "2" * 64))
IN_MEMORY = UnsavedMedia(URL, FAILURE, held=InMemory(7, "2" * 64))
EXPIRED = ExpiredMedia(URL, FAILURE)
MISSING = MissingMedia("media/P/a.mp4", 7, "1" * 64, URL, FAILURE)
MISSING_IMPORT = MissingMedia("media/P/a.mp4", 7, "1" * 64, None, FAILURE)
EVERY = [
    SAVED,
    SAVED_IMPORT,
    URL_ONLY,
    ANIMATIC,
    IN_SPOOL,
    IN_MEMORY,
    EXPIRED,
    MISSING,
    MISSING_IMPORT,
]


def chosen(media: MediaReference, preference: str, **reach: object) -> object:
    source = choose_source(media, RemotePlayback(preference), Reach(**reach))  # type: ignore[arg-type]  # a table
    return source.reason.code if isinstance(source, NoSource) else source


@pytest.mark.parametrize("preference", RemotePlayback)
@pytest.mark.parametrize("heard", [None, ANSWERS, IS_GONE])
@pytest.mark.parametrize("refused", [None, REFUSED])
def test_bytes_that_are_here_are_played_whatever_else_is_wanted_or_out_of_reach(
    preference, heard, refused
):
    reach = {"file": True, "heard": heard, "refused": refused}
    assert chosen(SAVED, preference, **reach) == LocalFile(SAVED.path)
    assert chosen(IN_SPOOL, preference, **reach) == SpoolFile("2" * 64)


@pytest.mark.parametrize("media", [SAVED, URL_ONLY, IN_SPOOL, IN_MEMORY, MISSING])
def test_what_is_not_here_is_relayed(media):
    assert chosen(media, "relay") == Relay(URL)
    assert chosen(media, "relay", heard=ANSWERS) == Relay(URL)


@pytest.mark.parametrize(
    ("media", "preference", "reach", "reason"),
    [
        # There is no address to play it from.
        (SAVED_IMPORT, "relay", {}, "media_not_here"),
        (MISSING_IMPORT, "relay", {}, "media_not_here"),
        (ANIMATIC, "relay", {}, "media_not_here"),
        (ANIMATIC, "direct", {"listed": True}, "media_not_here"),
        # It is not wanted.
        (URL_ONLY, "local", {}, "remote_playback_off"),
        (MISSING, "local", {"heard": ANSWERS}, "remote_playback_off"),
        (EXPIRED, "local", {}, "remote_playback_off"),
        # It may not be called.
        (URL_ONLY, "relay", {"refused": REFUSED}, "media_host_refused"),
        (URL_ONLY, "direct", {"refused": REFUSED}, "media_host_refused"),
        # It was called, and has nothing.
        (URL_ONLY, "relay", {"heard": IS_GONE}, "media_gone"),
        (URL_ONLY, "direct", {"heard": IS_GONE, "listed": True}, "media_gone"),
        # It was found to be gone before, and nobody has looked again.
        (EXPIRED, "relay", {}, "media_gone"),
        (EXPIRED, "direct", {"listed": True}, "media_gone"),
    ],
)
def test_where_nothing_can_be_played_the_reason_is_what_was_observed(
    media, preference, reach, reason
):
    assert chosen(media, preference, **reach) == reason


def test_what_was_expired_and_is_there_again_is_played():
    assert chosen(EXPIRED, "relay", heard=ANSWERS) == Relay(URL)


@pytest.mark.parametrize(
    ("cors", "policy", "crossorigin"),
    [
        (None, None, ANONYMOUS),
        (True, None, ANONYMOUS),
        (True, "same-origin", ANONYMOUS),
        (True, "cross-origin", ANONYMOUS),
        (False, "cross-origin", None),
    ],
)
def test_a_direct_clip_is_loaded_in_the_mode_that_its_host_allows(cors, policy, crossorigin):
    heard = replace(ANSWERS, cors=cors, resource_policy=policy)
    assert chosen(URL_ONLY, "direct", heard=heard, listed=True) == Direct(URL, crossorigin)


def test_a_host_that_nobody_has_asked_yet_is_tried_as_providers_usually_allow():
    assert chosen(URL_ONLY, "direct", listed=True) == Direct(URL, ANONYMOUS)


@pytest.mark.parametrize("policy", [None, "same-origin", "same-site"])
def test_what_the_embedder_policy_would_refuse_is_relayed_and_says_why(policy):
    heard = replace(ANSWERS, cors=False, resource_policy=policy)
    source = chosen(URL_ONLY, "direct", heard=heard, listed=True)
    assert isinstance(source, Relay)
    assert source.instead is not None
    assert source.instead.code == "direct_playback_refused"
    assert "Access-Control-Allow-Origin" in source.instead.detail
    assert "require-corp" in source.instead.detail


def test_a_host_that_the_content_policy_does_not_name_is_relayed_and_says_why():
    source = chosen(URL_ONLY, "direct")
    assert isinstance(source, Relay)
    assert source.instead is not None
    assert "does not name" in source.instead.detail


@given(
    st.sampled_from(EVERY),
    st.sampled_from(RemotePlayback),
    st.builds(
        Reach,
        file=st.booleans(),
        heard=st.none()
        | st.builds(
            Heard,
            host=st.just("v3.fal.media"),
            checked_at=st.just(NOW),
            status=st.sampled_from([None, 200, 206, 404]),
            problem=st.sampled_from([None, GONE]),
            cors=st.sampled_from([None, True, False]),
            resource_policy=st.sampled_from([None, "same-origin", "cross-origin"]),
        ),
        refused=st.sampled_from([None, REFUSED]),
        listed=st.booleans(),
    ),
)
def test_in_every_situation_there_is_a_source_or_a_reason_and_no_more_than_is_allowed(
    media, preference, reach
):
    match choose_source(media, preference, reach):
        case LocalFile() | SpoolFile():
            assert reach.file
        case Relay(url):
            assert preference is not RemotePlayback.LOCAL
            assert reach.refused is None
            assert url == remote_url(media)
        case Direct(url):
            assert preference is RemotePlayback.DIRECT
            assert reach.listed
            assert reach.refused is None
            assert url == remote_url(media)
        case NoSource(reason):
            assert reason.code
            assert reason.title
            assert not (reach.file and isinstance(media, SavedMedia))


# --- codecs ---------------------------------------------------------------------------------------


def facts(video: str | None, audio: str | None, kind: MediaKind = MediaKind.VIDEO) -> MediaFacts:
    return MediaFacts(kind, "mp4", "video/mp4", video_codec=video, audio_codec=audio)


@pytest.mark.parametrize(
    ("measured", "playable"),
    [
        (None, None),
        (facts("h264", "aac"), True),
        (facts("vp9", "opus"), True),
        (facts("av1", None), True),
        (facts("hevc", "aac"), False),
        (facts("hevc", None), False),
        (facts("prores", "pcm_s16le"), False),
        (facts("h264", "ac3"), False),
        (facts("strange", "aac"), None),
        (facts(None, "mp3", MediaKind.AUDIO), True),
        (facts(None, None, MediaKind.IMAGE), True),
    ],
)
def test_what_a_browser_plays_is_known_by_the_measured_codecs(measured, playable):
    assert is_playable(measured) is playable

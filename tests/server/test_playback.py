"""What the page is told about playing, what it may report, and the headers of every address."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from rushes.domain.media_reference import UrlOnlyMedia
from rushes.playback.policy import STRICT, SecurityPolicy, face_of
from rushes.server.app import create_app
from rushes.server.gate import Door
from rushes.settings import Settings
from rushes.studio import open_studio
from tests.media_host import Answer, media_host, whole
from tests.sample_media import make_clip
from tests.server.conftest import client_of
from tests.server.test_media import import_clip
from tests.server.test_relay import add

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = b"x" * 1000
ANYONE = {"Access-Control-Allow-Origin": "*"}
EMBEDDERS = {"Cross-Origin-Resource-Policy": "cross-origin"}


# --- from where -----------------------------------------------------------------------------------


async def test_a_saved_clip_is_local_and_can_be_played(studio, client, tmp_path):
    content = make_clip(tmp_path / "a.mp4").read_bytes()
    clip = await import_clip(client, content)
    shown = (await client.get(f"/api/assets/{clip.id}/playback")).json()
    assert shown == {
        "source": "local",
        "address": clip.address,
        "crossorigin": None,
        "reason": None,
        "preference": "relay",
        "embedder_policy": "require-corp",
        "remote": None,
        "playable_in_browser": True,
        "proxy": {
            "state": "none",
            "needed": False,
            "progress": None,
            "address": None,
            "problem": None,
        },
    }


async def test_what_there_is_not_is_told(client):
    answer = await client.get("/api/assets/nothing/playback")
    assert (answer.status_code, answer.json()["code"]) == (404, "asset_not_found")


async def test_a_saved_file_that_is_gone_has_no_source_and_a_reason(studio, client, tmp_path):
    clip = await import_clip(client, make_clip(tmp_path / "a.mp4").read_bytes())
    (studio.settings.home / clip.path).unlink()
    shown = (await client.get(f"/api/assets/{clip.id}/playback")).json()
    assert (shown["source"], shown["reason"]["code"]) == ("none", "media_not_here")


async def looked_at(home: Path, preference: str, answer: Answer, *, check: bool) -> dict[str, Any]:
    async with media_host() as host:
        settings = Settings.model_validate(
            {"home": home, "media_hosts": host.authority, "remote_playback": preference}
        )
        async with open_studio(settings) as studio, client_of(studio) as client:
            clip = await add(studio, UrlOnlyMedia(host.put("/a.mp4", answer)))
            path = f"/api/assets/{clip.removeprefix('/media/')}/playback"
            shown = (await client.get(path, params={"check": check})).json()
            origins = [asked.headers.get("origin") for asked in host.asked]
            assert origins == (["http://127.0.0.1"] if preference == "direct" else [None]) * check
            return dict(shown)


@pytest.mark.parametrize(
    ("preference", "headers", "source", "crossorigin", "reason"),
    [
        ("relay", {}, "relay", None, None),
        ("relay", ANYONE, "relay", None, None),
        ("direct", ANYONE, "direct", "anonymous", None),
        ("direct", EMBEDDERS, "direct", None, None),
        ("direct", {}, "relay", None, "direct_playback_refused"),
        (
            "direct",
            {"Cross-Origin-Resource-Policy": "same-site"},
            "relay",
            None,
            "direct_playback_refused",
        ),
        (
            "direct",
            {"Access-Control-Allow-Origin": "http://127.0.0.1"},
            "direct",
            "anonymous",
            None,
        ),
        (
            "direct",
            {"Access-Control-Allow-Origin": "http://evil.test"},
            "relay",
            None,
            "direct_playback_refused",
        ),
    ],
)
async def test_the_source_follows_the_preference_and_what_the_host_allows(
    tmp_path, preference, headers, source, crossorigin, reason
):
    shown = await looked_at(tmp_path, preference, whole(BODY, headers=headers), check=True)
    assert (shown["source"], shown["crossorigin"]) == (source, crossorigin)
    assert (shown["reason"] or {}).get("code") == reason
    assert shown["remote"]["reachable"] is True
    assert shown["remote"]["status"] == 200
    assert shown["address"].startswith("http://" if source == "direct" else "/media/")


async def test_nobody_is_asked_unless_that_is_wanted(tmp_path):
    shown = await looked_at(tmp_path, "relay", whole(BODY), check=False)
    assert (shown["source"], shown["remote"]) == ("relay", None)


async def test_a_host_that_fails_is_told_as_it_was_seen(tmp_path):
    shown = await looked_at(tmp_path, "relay", whole(b"", status=503), check=True)
    assert (shown["source"], shown["reason"]["code"]) == ("none", "download_status")
    assert shown["remote"]["reachable"] is False
    assert shown["remote"]["status"] == 503


# --- what the doctor says of it -------------------------------------------------------------------


async def asked_of_doctor(
    home: Path, preference: str, answer: Answer, *reports: dict[str, str], check: bool = True
) -> dict[str, tuple[str, str, str]]:
    """The status, code and message of each thing that was looked at."""
    async with media_host() as host:
        settings = Settings.model_validate(
            {"home": home, "media_hosts": host.authority, "remote_playback": preference}
        )
        async with open_studio(settings) as studio, client_of(studio) as client:
            clip = await add(studio, UrlOnlyMedia(host.put("/a.mp4", answer)))
            one = clip.removeprefix("/media/")
            if check:
                await client.get(f"/api/assets/{one}/playback", params={"check": True})
            about = [{"kind": "playback", "asset_id": one, **report} for report in reports]
            other = {"kind": "playback", "asset_id": "another", "code": "4"}
            await send(client, {"reports": [*about, other]})
            before = len(host.asked)
            told = (await client.get(f"/api/doctor/assets/{one}")).json()["findings"]
            assert len(host.asked) == before  # it only looks
            assert all(finding["ids"] in ([one], []) for finding in told)
            return {f["check"]: (f["status"], f["code"], f["message"]) for f in told}


async def test_the_doctor_says_from_where_a_clip_is_played_and_what_its_host_said(tmp_path):
    told = await asked_of_doctor(tmp_path, "relay", whole(BODY))
    assert told["source"][:2] == ("ok", "source_relay")
    assert told["media host"][:2] == ("ok", "host_answered")
    assert "answered 206" in told["media host"][2] or "answered 200" in told["media host"][2]
    assert told["codecs"][:2] == ("unknown", "codecs_unknown")
    assert "playback" not in told


async def test_the_doctor_says_why_nothing_plays_and_what_the_page_reported_of_it(tmp_path):
    report = {"code": "media_unreachable", "message": "nothing came"}
    told = await asked_of_doctor(tmp_path, "relay", whole(b"", status=503), report)
    assert told["source"][:2] == ("problem", "source_none")
    assert "503" in told["source"][2]
    assert told["media host"][:2] == ("warning", "download_status")
    assert told["playback"][:2] == ("warning", "reported_playback")
    assert "media_unreachable nothing came" in told["playback"][2]


@pytest.mark.parametrize(
    ("preference", "status", "code", "says"),
    [
        ("local", "problem", "source_none", "switched off"),
        ("direct", "warning", "source_relay", "require-corp"),
    ],
)
async def test_the_doctor_says_why_a_preference_counts(tmp_path, preference, status, code, says):
    told = await asked_of_doctor(tmp_path, preference, whole(BODY))
    assert told["source"][:2] == (status, code)
    assert says in told["source"][2]


async def test_the_doctor_says_that_the_page_plays_a_clip_from_its_host(tmp_path):
    told = await asked_of_doctor(tmp_path, "direct", whole(BODY), check=False)
    assert told["source"][:2] == ("ok", "source_direct")
    assert "media host" not in told


# --- reports --------------------------------------------------------------------------------------

VIOLATION = {
    "type": "csp-violation",
    "age": 10,
    "url": "http://127.0.0.1/?token=secret",
    "user_agent": "x",
    "body": {
        "blockedURL": "https://me:word@evil.test/a.mp4?token=secret#part",
        "effectiveDirective": "media-src",
        "disposition": "enforce",
        "sample": "secret",
    },
}


async def send(client: httpx.AsyncClient, body: object, kind: str = "json") -> httpx.Response:
    headers = {"Content-Type": f"application/{kind}"}
    return await client.post("/api/reports", content=json.dumps(body), headers=headers)


async def found(client: httpx.AsyncClient) -> dict[str, Any]:
    findings = (await client.get("/api/doctor")).json()["findings"]
    [finding] = [one for one in findings if one["check"] == "playback"]
    return dict(finding)


async def test_what_the_page_has_seen_is_listed_by_the_doctor(client):
    assert (await found(client))["status"] == "ok"
    report = {"kind": "playback", "asset_id": "abc", "code": "3", "message": "decode error"}
    for _ in range(2):
        answer = await send(client, {"reports": [report]})
        assert (answer.status_code, answer.content) == (204, b"")
    finding = await found(client)
    assert finding["status"] == "warning"
    assert "playback asset abc: 3 decode error (2 times)" in finding["message"]


async def test_the_doctor_asks_for_a_clip_without_reading_it(studio, client, tmp_path):
    clip = await import_clip(client, make_clip(tmp_path / "a.mp4").read_bytes())
    [file] = (studio.settings.home / "media").rglob("*.mp4")
    os.truncate(file, 256 * 2**20)
    tracemalloc.start()
    try:
        findings = (await client.get("/api/doctor")).json()["findings"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    [policy] = [one for one in findings if one["check"] == "policy"]
    assert (policy["code"], clip.address in policy["message"]) == ("policy_right", True)
    assert peak < 64 * 2**20


async def test_what_the_browser_sends_by_itself_is_taken_without_the_rest_of_its_addresses(client):
    coep = {"type": "coep", "body": {"blockedURL": "https://h.test/b", "destination": "video"}}
    answer = await send(client, [VIOLATION, coep, {"type": "deprecation"}], "reports+json")
    assert answer.status_code == 204
    message = (await found(client))["message"]
    assert "csp: media-src enforce https://evil.test/a.mp4" in message
    assert "embedder: video https://h.test/b" in message
    assert "2 times" in message
    for hidden in ("secret", "word", "token", "part"):
        assert hidden not in message


async def test_more_than_a_minutes_worth_is_refused(client):
    reports = {"reports": [{"kind": "csp"}] * 20}
    answers = [(await send(client, reports)).status_code for _ in range(4)]
    assert answers == [204, 204, 204, 429]
    refused = await send(client, reports)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("reports_too_many", "60")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"[" + b" " * 20_000 + b"]", 413),
        (b"nonsense", 422),
        (b'{"reports": 1}', 422),
        (b'{"reports": [{"kind": "other"}]}', 422),
        (b'{"reports": [{"kind": "csp", "more": 1}]}', 422),
        (b'[{"type": 1}]', 422),
        (json.dumps({"reports": [{"kind": "csp"}] * 21}).encode(), 422),
        (json.dumps({"reports": [{"kind": "csp", "message": "x" * 501}]}).encode(), 422),
    ],
)
async def test_what_is_no_report_is_refused(client, content, status):
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/api/reports", content=content, headers=headers)
    assert answer.status_code == status
    assert (await found(client))["status"] == "ok"


async def test_a_report_that_does_not_say_how_long_it_is_is_not_read(client):
    async def pieces():
        yield b"[]"

    kind = {"Content-Type": "application/json"}
    answer = await client.post("/api/reports", content=pieces(), headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (413, "report_too_long")


@pytest.mark.parametrize("length", [b"9" * 5000, b"\xb2", b"-1"])
async def test_a_report_whose_length_is_no_number_is_not_read(client, length):
    headers = {"Content-Type": "application/json", "Content-Length": length}
    answer = await client.post("/api/reports", content=b"[]", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "report_too_long")


async def test_nobody_reports_without_the_token_or_from_another_page(anyone, client):
    assert (await send(anyone, [])).status_code == 401
    answer = await client.post("/api/reports", json=[], headers={"Origin": "http://evil.test"})
    assert answer.status_code == 403


# --- the headers of every address -----------------------------------------------------------------

DOCUMENT = create_app(None, Door("token", 80)).openapi()
ADDRESSES = [
    (method.upper(), path.replace("{", "").replace("}", ""))
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if not path.endswith("/events")
]
BESIDES = [
    ("GET", "/"),
    ("GET", "/index.html"),
    ("GET", "/assets/none.js"),
    ("GET", "/nope"),
    ("PUT", "/"),
    ("GET", "/api"),
    ("GET", "/api/nope"),
    ("PUT", "/api/health"),
    ("OPTIONS", "/api/projects"),
    ("HEAD", "/media/none"),
    ("POST", "/media/none"),
    ("GET", "/media/"),
    ("GET", "/media/a/b/c"),
]


async def test_there_are_addresses():
    assert len(ADDRESSES) > 30


@pytest.mark.parametrize("preference", ["relay", "direct"])
async def test_every_address_and_every_error_has_the_headers_of_its_face(tmp_path, preference):
    settings = Settings.model_validate({"home": tmp_path, "remote_playback": preference})
    async with open_studio(settings) as studio:
        policy = studio.playback.policy
        assert (policy == STRICT) is (preference == "relay")
        for has_token in (True, False):
            async with client_of(studio, has_token=has_token) as client:
                for method, path in [*ADDRESSES, *BESIDES]:
                    answer = await client.request(method, path)
                    assert_headers(answer, policy)


def assert_headers(answer: httpx.Response, policy: SecurityPolicy) -> None:
    where = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
    wanted = policy.headers(face_of(answer.request.url.path))
    assert {name: answer.headers.get_list(name) for name in wanted} == {
        name: [value] for name, value in wanted.items()
    }, where
    assert "cache-control" in answer.headers, where
    assert "access-control-allow-origin" not in answer.headers, where
    assert "server" not in answer.headers, where

"""Who may come in: by which name, from which page, with which token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx
import pytest
import pytest_asyncio

from rushes.playback.policy import STRICT, Face, face_of
from rushes.server.app import create_app
from rushes.server.gate import Door, Gate
from rushes.settings import Settings
from rushes.studio import Studio, open_studio
from tests.server.conftest import ADDRESS

pytestmark = pytest.mark.asyncio(loop_scope="module")

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HOSTILE_HOSTS = [
    "evil.test",
    "evil.test:80",
    "127.0.0.1.evil.test",
    "localhost.evil.test",
    "evil.test.localhost",
    "localhost.",
    "localhost.:80",
    "0.0.0.0",
    "0",
    "127.1",
    "2130706433",
    "0x7f000001",
    "127.0.0.2",
    "[::]",
    "::1",
    "",
    " ",
    "user@127.0.0.1",
    "user:password@localhost",
    "127.0.0.1@evil.test",
    "127.0.0.1:8765",
    "localhost:81",
    "127.0.0.1:",
    "127.0.0.1:080",
    "127.0.0.1:80:80",
    "127.0.0.1,evil.test",
    "127.0.0.1 evil.test",
    "127.0.0.1/",
    "localhost\x00",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """One for all: what is tested here stands before everything that a studio holds."""
    async with open_studio(Settings(home=tmp_path_factory.mktemp("library"))) as opened:
        yield opened


def problem(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["code"])


# --- the token ------------------------------------------------------------------------------------


async def test_without_a_token_nobody_comes_in(anyone):
    answer = await anyone.get("/api/projects")
    assert (answer.status_code, problem(answer)) == (401, "token_required")


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        "Basic {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer x{token}",
        "Bearer {token} {token}",
        "Bearer \u00e9",
    ],
)
async def test_a_wrong_token_is_refused(anyone, door, authorization):
    header = authorization.format(token=door.token).encode("latin-1")
    answer = await anyone.get("/api/projects", headers={"Authorization": header})
    assert (answer.status_code, problem(answer)) == (401, "token_required")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_token_as_a_bearer_comes_in(anyone, door, scheme):
    header = {"Authorization": f"{scheme} {door.token}"}
    assert (await anyone.get("/api/projects", headers=header)).status_code == 200


async def test_the_token_of_another_library_is_refused(anyone):
    header = {"Authorization": f"Bearer {'x' * 43}"}
    assert (await anyone.get("/api/projects", headers=header)).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/assets/index.js", "/media/x", "/media/x/poster", "/api/openapi.json", "/nope"]
)
async def test_nothing_but_health_is_served_without_a_token(anyone, path):
    assert (await anyone.get(path)).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/api/health/", "/api//health", "/api/health/../projects", "//api/health", "/API/HEALTH"],
)
async def test_an_address_like_that_of_health_is_not_open(anyone, path):
    assert (await anyone.get(path)).status_code == 401


async def test_the_page_without_a_token_says_how_to_get_in(anyone):
    answer = await anyone.get("/")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert "rushes studio" in answer.text


async def test_health_needs_no_token_and_tells_no_secret(anyone, door):
    answer = await anyone.get("/api/health")
    assert answer.json().keys() == {"status", "version"}
    assert door.token not in answer.text


# --- the cookie -----------------------------------------------------------------------------------


async def test_the_printed_address_is_exchanged_for_a_cookie_and_leaves_no_token_behind(
    anyone, door
):
    answer = await anyone.get("/", params={"token": door.token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert door.token not in cookie
    morsel = SimpleCookie(cookie)[door.cookie]
    assert (morsel["httponly"], morsel["samesite"].lower(), morsel["path"]) == (True, "strict", "/")
    assert morsel["domain"] == ""
    assert morsel["max-age"] == str(30 * 24 * 60 * 60)


async def test_the_door_tells_what_to_do_and_nothing_of_what_is_behind_it(anyone):
    page = await anyone.get("/", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert "rushes studio" in page.text
    style = await anyone.get("/way-in.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    for path in ("/index.html", "/manifest.webmanifest", "/icons/icon.svg"):
        assert (await anyone.get(path)).status_code == 401


async def test_the_cookie_comes_in(anyone, door):
    await anyone.get("/", params={"token": door.token})
    assert dict(anyone.cookies) == {door.cookie: door.session}
    assert (await anyone.get("/api/projects")).status_code == 200


@pytest.mark.parametrize("path", ["/?token=wrong", "/?token=", "/?token", "/?tokens=x"])
async def test_an_address_with_a_wrong_token_sets_no_cookie(anyone, path):
    answer = await anyone.get(path)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


async def test_the_token_in_an_address_opens_the_page_only(anyone, door):
    answer = await anyone.get("/api/projects", params={"token": door.token})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "cookie",
    [
        "rushes-80=wrong",
        "rushes-80=",
        "rushes-80",
        "rushes-81={session}",
        "rushes={session}",
        "rushes-80={token}",
        'rushes-80="{session}x"',
    ],
)
async def test_a_cookie_of_another_port_or_value_is_refused(anyone, door, cookie):
    header = {"Cookie": cookie.format(session=door.session, token=door.token)}
    assert (await anyone.get("/api/projects", headers=header)).status_code == 401


@pytest.mark.parametrize(
    "cookie",
    [
        "{ours}",
        "theme=dark; {ours}",
        "{ours}; theme=dark",
        'other={{"a": "b, c"}}; {ours}',
        "other=a b c;{ours}",
        "strange@name=1; {ours}",
        "=; ;; {ours}",
        "rushes-80=stale; {ours}",
        "name with space=x; {ours}",
        "ünïcode=é; {ours}",
    ],
)
async def test_the_cookie_is_found_beside_whatever_other_programs_of_this_host_have_set(
    anyone, door, cookie
):
    header = cookie.format(ours=f"{door.cookie}={door.session}").encode("latin-1")
    assert (await anyone.get("/api/projects", headers={"Cookie": header})).status_code == 200


async def test_a_wrong_bearer_is_not_saved_by_a_right_cookie(anyone, door):
    headers = {"Authorization": "Bearer wrong", "Cookie": f"{door.cookie}={door.session}"}
    assert (await anyone.get("/api/projects", headers=headers)).status_code == 401


async def test_the_cookie_of_one_library_does_not_open_another():
    assert Door("a" * 43, 80).session != Door("b" * 43, 80).session


async def test_the_token_cannot_be_read_from_the_cookie(door):
    assert door.token not in door.session
    assert len(door.session) == 64


# --- the host -------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
async def test_another_name_that_leads_here_is_refused(client, host):
    answer = await client.get("/api/projects", headers={"Host": host})
    assert (answer.status_code, problem(answer)) == (421, "host_refused")


@pytest.mark.parametrize("host", ["evil.test", "localhost:81"])
@pytest.mark.parametrize("path", ["/api/health", "/", "/media/x", "/nope"])
async def test_the_host_is_checked_at_every_address_open_ones_too(client, host, path):
    assert problem(await client.get(path, headers={"Host": host})) == "host_refused"


async def test_a_token_in_the_address_does_not_help_a_wrong_host(anyone, door):
    answer = await anyone.get("/", params={"token": door.token}, headers={"Host": "evil.test"})
    assert problem(answer) == "host_refused"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST", "127.0.0.1:80"])
async def test_the_names_of_the_studio_itself_are_let_in(client, host):
    assert (await client.get("/api/projects", headers={"Host": host})).status_code == 200


async def test_a_studio_on_another_port_is_named_with_its_port(studio):
    door = Door(studio.token, 8765)
    transport = httpx.ASGITransport(create_app(studio, door))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        for host, status in {
            "127.0.0.1:8765": 200,
            "localhost:8765": 200,
            "localhost": 421,
            "localhost:80": 421,
        }.items():
            answer = await client.get("/api/health", headers={"Host": host})
            assert answer.status_code == status, host


# --- the origin -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.test",
        "http://127.0.0.1:8766",
        "http://localhost:81",
        "https://127.0.0.1",
        "http://127.0.0.1.evil.test",
        "http://127.0.0.1/",
        "file://",
        "chrome-extension://abc",
    ],
)
async def test_another_page_may_do_nothing_with_any_method(client, method, origin):
    answer = await client.request(method, "/api/projects", headers={"Origin": origin})
    assert answer.status_code == 403
    assert method == "HEAD" or problem(answer) == "origin_refused"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origin", ["http://127.0.0.1", "http://localhost:80", "http://[::1]"])
async def test_the_studios_own_page_may_change_things(client, origin):
    answer = await client.post("/api/projects", json={"name": "A"}, headers={"Origin": origin})
    assert answer.status_code == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site", "CROSS-SITE", "strange"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_what_the_browser_calls_another_site_changes_nothing(client, method, site):
    answer = await client.request(method, "/api/projects", headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, problem(answer)) == (403, "origin_refused")


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_what_the_browser_calls_the_same_origin_may_change_things(client, site):
    headers = {"Sec-Fetch-Site": site}
    answer = await client.post("/api/projects", json={"name": "A"}, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_link_from_another_site_opens_the_page(client, site):
    """It may, because only the studio's own page gets to read what is there."""
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert (await client.get("/api/projects", headers=headers)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "strange"])
@pytest.mark.parametrize(
    ("mode", "target"),
    [
        ("no-cors", "image"),
        ("no-cors", "video"),
        ("no-cors", "script"),
        ("cors", "empty"),
        ("navigate", "iframe"),
        ("navigate", "object"),
        ("websocket", "websocket"),
        ("", ""),
    ],
)
async def test_another_page_cannot_even_have_something_loaded_with_the_cookie(
    anyone, door, site, mode, target
):
    """A page on another port is the same site to a browser, which then sends the cookie along."""
    headers = {
        "Cookie": f"{door.cookie}={door.session}",
        "Sec-Fetch-Site": site,
        "Sec-Fetch-Mode": mode,
        "Sec-Fetch-Dest": target,
    }
    for path in ("/media/x", "/api/projects", "/api/events"):
        answer = await anyone.get(path, headers=headers)
        assert (answer.status_code, problem(answer)) == (403, "origin_refused")


async def test_a_websocket_is_closed_before_anything_hears_of_it(studio, door):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/api/events", "headers": [(b"host", b"127.0.0.1")]}
    await Gate(create_app(studio, door), door)(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


async def test_refused_requests_change_nothing(client):
    before = (await client.get("/api/projects")).json()
    await client.post("/api/projects", json={"name": "A"}, headers={"Origin": "null"})
    assert (await client.get("/api/projects")).json() == before


# --- the headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", None),
        ("GET", "/api/health", 200),
        ("GET", "/api/projects", 200),
        ("POST", "/api/projects", 422),
        ("DELETE", "/api/projects", 405),
        ("GET", "/api/nope", 404),
        ("GET", "/nope", 404),
        ("GET", "/assets/nope.js", 404),
        ("GET", "/media/nope", 404),
        ("GET", "/media/nope/poster", 404),
        ("HEAD", "/media/nope", 404),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/api/models", 200),
        ("GET", "/api/doctor", 200),
        ("GET", "/api/assets?limit=0", 422),
    ],
)
async def test_every_answer_has_every_header_of_the_policy(client, method, path, status):
    answer = await client.request(method, path)
    assert status is None or answer.status_code == status
    assert_policy(answer)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.test"}, {"Origin": "null"}, {"Authorization": "Bearer wrong"}],
    ids=["host", "origin", "token"],
)
@pytest.mark.parametrize("path", ["/", "/api/projects", "/media/x"])
async def test_every_refusal_has_every_header_of_the_policy(client, headers, path):
    answer = await client.get(path, headers=headers)
    assert answer.status_code in {401, 403, 421}
    assert_policy(answer)


async def test_the_exchange_for_a_cookie_has_every_header_of_the_policy(anyone, door):
    assert_policy(await anyone.get("/", params={"token": door.token}))


async def test_an_answer_to_what_nobody_expected_has_every_header_too_and_tells_no_insides():
    """An application without a studio fails at whatever needs one."""
    door = Door("t", 80)
    transport = httpx.ASGITransport(create_app(None, door), raise_app_exceptions=False)
    bearer = {"Authorization": "Bearer t"}
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=bearer) as client:
        answer = await client.get("/api/projects")
    assert (answer.status_code, problem(answer)) == (500, "unexpected")
    assert "Traceback" not in answer.text
    assert "assert" not in answer.text.lower()
    assert_policy(answer)


@pytest.mark.parametrize("path", ["/api/health", "/api/projects", "/api/nope"])
async def test_what_the_api_says_is_kept_by_no_cache(client, path):
    assert (await client.get(path)).headers["cache-control"] == "no-store"


def assert_policy(answer: httpx.Response) -> None:
    policy = STRICT.headers(face_of(answer.request.url.path))
    assert {name: answer.headers.get(name) for name in policy} == dict(policy)
    assert "cache-control" in answer.headers


async def test_the_policy_names_no_other_host_and_allows_nothing_unsafe():
    policy = STRICT.headers(Face.PAGE)["Content-Security-Policy"]
    sources = {word for line in policy.split("; ") for word in line.split()[1:]}
    assert sources <= {"'self'", "'none'", "'script'", "reports"}
    assert policy.startswith("default-src 'none'")

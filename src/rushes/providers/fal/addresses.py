"""Where a request lies at fal: the links that it returned, or the same ones built by us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import quote

import httpx

from rushes.domain.errors import ResultGoneError, SettingsError
from rushes.domain.generation import Ticket
from rushes.domain.problem import Json
from rushes.providers.fal.key import is_same_origin

Link: TypeAlias = Literal["status_url", "response_url", "cancel_url"]

_PATHS: Mapping[Link, str] = {
    "status_url": "/status",
    "response_url": "",
    "cancel_url": "/cancel",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]+")
"""fal gives UUIDs. What could lead to another path is no request id."""

_NAMESPACES = frozenset({"workflows", "comfy"})


def checked_url(url: str, *, setting: str) -> httpx.URL:
    """The address of a host of fal.

    Raises:
        SettingsError: it is no http(s) address.
    """
    try:
        parsed = httpx.URL(url.rstrip("/"))
    except httpx.InvalidURL as exc:
        raise SettingsError(f"{url!r} is not an address.", setting=setting) from exc
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise SettingsError(f"{url!r} is not an http or https address.", setting=setting)
    return parsed


def app_of(endpoint: str) -> str:
    """The first two parts of an endpoint: fal keeps requests under these, not under the whole."""
    parts = endpoint.split("/")
    return "/".join(parts[: 3 if parts[0] in _NAMESPACES else 2])


def ticket_for(endpoint: str, request_id: str, answer: Mapping[str, Json] | None = None) -> Ticket:
    """The ticket of a request, with fal's own links where its answer has them."""
    links = {"app": app_of(endpoint)}
    for name in _PATHS:
        link = (answer or {}).get(name)
        if isinstance(link, str):
            links[name] = link
    return Ticket(request_id, links)


def address(queue: httpx.URL, ticket: Ticket, link: Link) -> httpx.URL:
    """Where to ask about this ticket: always on the queue host, since the key goes along.

    fal asks to use the links it returned. A link to any other host, be it from a changed answer
    or from before the queue address was changed in the settings, is not followed.

    Raises:
        ResultGoneError: the ticket leads nowhere on this host.
    """
    returned = _parsed(ticket.links.get(link))
    if returned is not None and is_same_origin(returned, queue):
        return returned
    app = ticket.links.get("app")
    if not app or not _REQUEST_ID.fullmatch(ticket.request_id):
        raise ResultGoneError(f"The ticket has no address on {queue.host}.")
    return httpx.URL(f"{queue}/{quote(app)}/requests/{ticket.request_id}{_PATHS[link]}")


def _parsed(link: str | None) -> httpx.URL | None:
    if link is None:
        return None
    try:
        return httpx.URL(link)
    except httpx.InvalidURL:
        return None

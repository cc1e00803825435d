"""The wire to fal: a POST that is one try, and questions that may be asked again."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from rushes import __version__
from rushes.domain.errors import (
    OutcomeUnknownError,
    ProviderUnavailableError,
    ProviderUnreachableError,
)
from rushes.domain.problem import Json
from rushes.providers.fal.answers import Answer
from rushes.providers.fal.key import FalKey

# Raised before a single byte of the request has left: no connection, no name, no TLS, no place.
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class FalTimeouts:
    """Seconds."""

    connect: float = 10
    submit: float = 120
    """The whole submit, with the upload of its images."""
    read: float = 30
    """Any other answer."""
    margin: float = 10
    """What the submit window allows beyond the submit itself."""


DEFAULT_TIMEOUTS = FalTimeouts()


class FalConnection:
    """Two pools of connections.

    Neither reads proxies, certificates or passwords from the environment: what a paid request
    goes through is a matter of the settings.
    """

    def __init__(self, key: FalKey, timeouts: FalTimeouts, tls: ssl.SSLContext | None) -> None:
        self._key = key
        self._timeouts = timeouts
        tls = tls or httpx.create_ssl_context(trust_env=False)
        # A pooled connection may have been closed by the other side in the meantime. A POST sent
        # into it fails with a reset that looks the same as one after the request was accepted.
        # So a submit never meets a used connection: none is kept.
        self._submits = _http_client(tls, timeouts.connect, timeouts.submit, kept_connections=0)
        self._questions = _http_client(tls, timeouts.connect, timeouts.read, kept_connections=10)

    async def close(self) -> None:
        await self._submits.aclose()
        await self._questions.aclose()

    async def post(self, url: str, payload: Mapping[str, Json]) -> Answer:
        """Send it once. Never repeated here, not even when nothing was sent: the caller decides.

        X-Fal-No-Retry is not sent: fal's own repeats of a request that its machines dropped keep
        the request id and are not charged, and without them a passing fault would be final.

        Raises:
            ProviderUnreachableError: nothing was sent.
            OutcomeUnknownError: something was sent and no answer came.
        """
        request = self._submits.build_request(
            "POST",
            url,
            content=json.dumps(payload, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            async with asyncio.timeout(self._timeouts.submit):
                return await self._sent(request)
        except _NOTHING_SENT as exc:
            raise _unreachable(request.url, exc) from exc
        except TimeoutError as exc:
            raise OutcomeUnknownError(
                f"No answer came within {self._timeouts.submit:g} s."
            ) from exc
        except httpx.HTTPError as exc:
            raise OutcomeUnknownError(
                f"The connection ended before an answer came ({type(exc).__name__})."
            ) from exc

    async def _sent(self, request: httpx.Request) -> Answer:
        response = await self._submits.send(request, auth=self._key, stream=True)
        try:
            await response.aread()
        except httpx.HTTPError:
            # The head of the answer may already have told what matters: the request's id.
            if not (response.is_success and response.headers.get("x-fal-request-id")):
                raise
            return Answer(response.status_code, response.headers, "", None, "")
        finally:
            await response.aclose()
        return Answer.read(response, self._key.redacted)

    async def ask(self, method: str, url: httpx.URL) -> Answer:
        """A question that costs nothing and may be asked again.

        Raises:
            KeyMissingError, KeyRefusedError: there is no key that could be sent.
            ProviderUnreachableError, ProviderUnavailableError: no answer.
        """
        self._key.check()
        try:
            async with asyncio.timeout(self._timeouts.connect + self._timeouts.read):
                response = await self._questions.request(method, url, auth=self._key)
        except _NOTHING_SENT as exc:
            raise _unreachable(url, exc) from exc
        except (httpx.HTTPError, TimeoutError) as exc:
            raise ProviderUnavailableError(
                f"No whole answer came from {url.host} ({type(exc).__name__})."
            ) from exc
        return Answer.read(response, self._key.redacted)


def _unreachable(url: httpx.URL, exc: httpx.HTTPError) -> ProviderUnreachableError:
    return ProviderUnreachableError(f"No connection to {url.host} was made ({type(exc).__name__}).")


def _http_client(
    tls: ssl.SSLContext, connect: float, answer: float, *, kept_connections: int
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(
            verify=tls,
            retries=0,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=kept_connections),
        ),
        timeout=httpx.Timeout(answer, connect=connect, pool=connect),
        headers={"User-Agent": f"rushes/{__version__}"},
        follow_redirects=False,
        trust_env=False,
    )

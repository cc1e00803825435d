"""The faults that the emulator can be told to have, and how a request asks for them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

ALWAYS = 10**9


@dataclass(frozen=True)
class Fault:
    name: str
    times: int
    """How often it strikes for one request (a submit fault: for one prompt) unless told."""
    what: str


def _table(*rows: tuple[str, int, str]) -> dict[str, Fault]:
    return {name: Fault(name, times, what) for name, times, what in rows}


FAULTS = _table(
    # submit ---------------------------------------------------------------------------------
    ("submit-reply-lost", ALWAYS, "accepted and billed; the connection is reset, no answer"),
    ("submit-reply-cut", ALWAYS, "accepted and billed; the answer ends after its headers"),
    ("submit-reply-garbage", ALWAYS, "accepted and billed; 200 with a page, no request id"),
    ("submit-reply-bare", ALWAYS, "accepted and billed; 200 with a page, id in the header only"),
    ("submit-lost", ALWAYS, "NOT accepted; the connection is reset, no answer"),
    (
        "submit-slow",
        ALWAYS,
        "accepted and billed; the answer comes after slow_seconds or release()",
    ),
    ("submit-429", 1, "not accepted; 429 with Retry-After"),
    ("submit-429-now", 1, "not accepted; 429 with a Retry-After of 0 seconds"),
    ("submit-502-html", ALWAYS, "accepted and billed; a gateway's page comes back"),
    ("submit-502-unbought", ALWAYS, "NOT accepted; a gateway's page comes back"),
    ("submit-500-json", 1, "not accepted; 500 in fal's own form"),
    ("submit-503-json", 1, "not accepted; 503 in fal's own form, with Retry-After"),
    ("submit-401", ALWAYS, "not accepted; the key is refused"),
    ("submit-403-locked", ALWAYS, "not accepted; exhausted balance"),
    ("submit-404", ALWAYS, "not accepted; application not found"),
    ("submit-422", ALWAYS, "not accepted; refused at once with a list of reasons"),
    ("submit-redirect", ALWAYS, "not accepted; 307 to elsewhere"),
    ("direct-answer", ALWAYS, "accepted; the finished result comes as the answer to the submit"),
    ("foreign-links", ALWAYS, "accepted; status, result and cancel links point elsewhere"),
    # queue and status -----------------------------------------------------------------------
    ("stuck-in-queue", ALWAYS, "never leaves IN_QUEUE"),
    ("stuck-running", ALWAYS, "never leaves IN_PROGRESS"),
    ("back-to-queue", ALWAYS, "IN_QUEUE, IN_PROGRESS, and the same once more"),
    ("status-500", 1, "the status call answers 500 in fal's form"),
    ("status-502-html", 1, "the status call answers with a gateway's page"),
    ("status-429", 1, "the status call answers 429 with Retry-After"),
    ("status-429-now", 1, "the status call answers 429 with a Retry-After of 0 seconds"),
    ("status-401", 1, "the status call refuses the key"),
    ("status-cut", 1, "the status call is cut off"),
    ("status-gone", ALWAYS, "the status call answers 404"),
    ("status-strange", 1, "the status call answers a word that is not documented"),
    # result ---------------------------------------------------------------------------------
    ("result-422-content", ALWAYS, "content_policy_violation, billed 0 units"),
    ("result-422-content-billed", ALWAYS, "content_policy_violation, billed"),
    ("result-422-validation", ALWAYS, "a field refused after queuing"),
    ("result-500-model", ALWAYS, "internal_server_error, as a list"),
    ("result-500-crash", ALWAYS, "the model crashed: 500, flat, without a machine word"),
    ("result-500-passing", 1, "500, flat, without a machine word; the result is there after it"),
    ("result-502-html", 1, "a gateway's page; the result is there after it"),
    ("result-504", ALWAYS, "request_timeout, flat"),
    ("result-404-path", ALWAYS, "the app has no such path; 0 units"),
    ("result-gone", ALWAYS, "completed, but 404 for the result"),
    ("result-early-400", 1, "'Request is still in progress', though the status says COMPLETED"),
    ("result-early-202", 1, "202 with a status, though the status says COMPLETED"),
    ("result-garbage", ALWAYS, "200 with JSON that names no clip"),
    ("result-html", 1, "200 with a page"),
    ("result-cut", 1, "cut off in the middle"),
    ("file-size-null", ALWAYS, "the result does not say how large the file is"),
    # list -----------------------------------------------------------------------------------
    ("list-late", ALWAYS, "in the list of requests only after list_late_calls calls of it"),
    ("list-empty", ALWAYS, "never in the list of requests"),
    ("list-500", ALWAYS, "the list answers 500 as long as it would hold this request"),
    ("list-500-once", 1, "the same, once"),
    # media ----------------------------------------------------------------------------------
    ("media-404", ALWAYS, "404"),
    ("media-403", ALWAYS, "403"),
    ("media-410", ALWAYS, "410"),
    ("media-500-once", 1, "500, then the file"),
    ("media-429-once", 1, "429 with Retry-After, then the file"),
    ("media-429-now", 1, "429 with a Retry-After of 0 seconds, then the file"),
    ("media-once", ALWAYS, "410 once the file has been sent to its end; the result stays as it is"),
    ("media-moved", 1, "410; from then on the result names another address, and the file is there"),
    ("media-html", ALWAYS, "200 with a page"),
    ("media-short", ALWAYS, "the last 1000 announced bytes never come; the connection is cut"),
    ("media-cut-once", 1, "cut in the middle; after that Range works"),
    ("media-cut-no-range", 1, "cut in the middle; Range is not supported, then the whole file"),
    ("media-changed", ALWAYS, "whole answers of another file of the same length (other ETag)"),
    ("media-cut-changed", 1, "cut in the middle; after that another file lies there (other ETag)"),
    ("media-wrong-length", ALWAYS, "whole file; `file_size` of the result is 1000 bytes too many"),
    ("media-long", ALWAYS, "Content-Length is 1000 bytes less than what is sent"),
    ("media-no-length", ALWAYS, "whole file, chunked: no Content-Length, no Range, no file_size"),
    ("media-truncated", ALWAYS, "a whole answer of two thirds of the file, sizes to match"),
    ("media-random", ALWAYS, "random bytes as video/mp4"),
    ("media-zip", ALWAYS, "a zip archive as video/mp4"),
    ("media-empty", ALWAYS, "200 with no bytes"),
    ("media-redirect-elsewhere", ALWAYS, "302 to a host that is not the media host"),
    ("media-redirect-ok", ALWAYS, "302 to another path of the media host"),
    ("media-redirect-loop", ALWAYS, "302 to itself"),
    ("media-slow", ALWAYS, "in 20 pieces with slow_piece_seconds between them"),
    ("media-big", ALWAYS, "the clip and a free box up to big_bytes; costs no memory"),
)

_MARKER = re.compile(r"\[fault:([a-z0-9-]+)(?:\*(\d+|always))?\]")


class UnknownFaultError(LookupError):
    """There is no fault of this name in the table."""


@dataclass
class Cues:
    """The faults that one request has asked for, and how often each may still strike."""

    left: dict[str, int] = field(default_factory=dict)
    more: Cues | None = None

    def has(self, name: str) -> bool:
        return name in self.left or (self.more is not None and self.more.has(name))

    def strikes(self, name: str) -> bool:
        """Whether it strikes now. Counts it."""
        if self.left.get(name, 0) == 0:
            return self.more is not None and self.more.strikes(name)
        self.left[name] -= 1
        return True

    def first(self, *names: str) -> str | None:
        return next((name for name in names if self.strikes(name)), None)


def cues_in(text: str) -> Cues:
    cues = Cues()
    for name, times in _MARKER.findall(text):
        if name not in FAULTS:
            raise UnknownFaultError(name)
        cues.left[name] = {"": FAULTS[name].times, "always": ALWAYS}.get(times) or int(times)
    return cues


class Faults:
    """Faults by prompt, and faults lined up for the submits to come."""

    def __init__(self) -> None:
        self._script: deque[str | None] = deque()
        self._of_prompts: dict[tuple[str, str], Cues] = {}

    def script(self, *entries: str | None) -> None:
        """One entry for each coming submit: ``"submit-429"``, ``"list-late media-404*2"``, None."""
        self._script.extend(entries)

    def of_submit(self, endpoint: str, prompt: str) -> tuple[Cues, Cues]:
        """The faults of a submit as such, which count by prompt, and those of its request."""
        lined_up = self._script.popleft() if self._script else None
        marked = "".join(f"[fault:{entry}]" for entry in (lined_up or "").split())
        of_prompt = self._of_prompts.setdefault((endpoint, prompt), cues_in(prompt))
        of_submit = Cues(cues_in(marked).left, of_prompt)
        of_request = Cues(cues_in(marked).left, cues_in(prompt))
        return of_submit, of_request


def _times(fault: Fault) -> str:
    return "always" if fault.times == ALWAYS else str(fault.times)


def table() -> str:
    """All faults, as ``python -m tests.emulator --faults`` prints them."""
    width = max(map(len, FAULTS))
    return "\n".join(
        f"{fault.name:{width}}  {_times(fault):>6}  {fault.what}" for fault in FAULTS.values()
    )

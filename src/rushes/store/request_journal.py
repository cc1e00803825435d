"""A second record of what was sent to a paid service, outside the catalogue and independent of it.

``requests.jsonl`` in the library: one line when a request is about to be sent, one when the
provider has named it, and one when it turns out not to be bought or is deleted by the person. Lines
are only added. What no catalogue knows any more is listed again from here by `rushes repair`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from rushes.domain.generation import Generation, Step, Submitted, Submitting, Ticket
from rushes.domain.ids import GenerationId
from rushes.domain.project import Project
from rushes.store import durable_files
from rushes.store.sidecar_document import Id, Line, Moment, Part, ProjectPart, RequestPart
from rushes.store.storage_errors import storage_errors

log = logging.getLogger(__name__)

NAME = "requests.jsonl"
NEW_LINE = b"\n"


@dataclass(frozen=True, slots=True)
class Journalled:
    """A request that was sent, or may have been, with the project that it was asked in."""

    project: Project
    generation: Generation


class _Entry(Part):
    event: Literal["asked", "accepted", "not_bought", "deleted"]
    at: Moment
    generation_id: Id
    project: ProjectPart | None = None
    request: RequestPart | None = None
    request_id: Line | None = None
    links: Annotated[dict[str, str], Field(default_factory=dict)]


class RequestJournal:
    """Adding to it never fails: it is the second record, and the first one is the catalogue's."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME
        self._turn = threading.Lock()

    async def note_asked(self, project: Project, generation: Generation, at: datetime) -> None:
        """The request is about to be sent."""
        await self._add(
            lambda: _Entry(
                event="asked",
                at=at,
                generation_id=generation.id,
                project=ProjectPart.of(project),
                request=RequestPart.of_request(generation),
                links={},
            )
        )

    async def note_accepted(self, generation_id: str, ticket: Ticket, at: datetime) -> None:
        """The provider has it under this id."""
        await self._add(
            lambda: _Entry(
                event="accepted",
                at=at,
                generation_id=generation_id,
                request_id=ticket.request_id,
                links=dict(ticket.links),
            )
        )

    async def note_not_bought(self, generation_id: str, at: datetime) -> None:
        """It was certainly not bought."""
        await self._add(
            lambda: _Entry(event="not_bought", at=at, generation_id=generation_id, links={})
        )

    async def note_deleted(self, generation_id: str, at: datetime) -> None:
        """A person has deleted what came of it."""
        await self._add(
            lambda: _Entry(event="deleted", at=at, generation_id=generation_id, links={})
        )

    def read(self) -> list[Journalled]:
        """What was bought, or may have been, and was not deleted; oldest first.

        A line that cannot be read is passed over. Raises StorageError.
        """
        asked: dict[str, _Entry] = {}
        accepted: dict[str, _Entry] = {}
        for entry in self._entries():
            match entry.event:
                case "asked":
                    asked[entry.generation_id] = entry
                case "accepted":
                    accepted[entry.generation_id] = entry
                case _:
                    asked.pop(entry.generation_id, None)
        found = (_journalled(entry, accepted.get(known)) for known, entry in asked.items())
        return [one for one in found if one is not None]

    def _entries(self) -> list[_Entry]:
        with storage_errors(self._path.parent):
            if not self._path.exists():
                return []
            lines = self._path.read_bytes().split(NEW_LINE)
        entries = []
        for line in lines:
            try:
                entries.append(_Entry.model_validate_json(line))
            except ValidationError:
                # Torn by a power cut, or not ours: the other lines stand by themselves.
                continue
        return entries

    async def _add(self, make: Callable[[], _Entry]) -> None:
        try:
            line = make().model_dump_json(exclude_unset=True).encode()
            await asyncio.to_thread(self._append, line)
        # ValueError: what is known does not fit into a line, as a name of a thousand letters.
        except (OSError, ValueError) as error:
            log.warning("%s does not take it: %s", self._path, error)

    def _append(self, line: bytes) -> None:
        with self._turn:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | durable_files.OPEN_FLAGS
            is_new = not self._path.exists()
            descriptor = os.open(self._path, flags, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != NEW_LINE
                durable_files.write_all(
                    descriptor, (NEW_LINE if is_torn else b"") + line + NEW_LINE
                )
                durable_files.sync_file(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                durable_files.sync_folders(self._path.parent, self._path.parent)


def _journalled(asked: _Entry, accepted: _Entry | None) -> Journalled | None:
    if asked.project is None or asked.request is None:
        return None
    project, request = asked.project.value(), asked.request
    steps = [Step("asked", request.created_at)]
    state: Submitted | Submitting = Submitting(asked.at)
    if accepted is not None and accepted.request_id is not None:
        state = Submitted(Ticket(accepted.request_id, accepted.links))
        steps.append(Step("sent", accepted.at, f"request {accepted.request_id}"))
    generation = Generation(
        id=GenerationId(request.id),
        project_id=project.id,
        request=request.asked(),
        endpoint=request.endpoint,
        estimate=request.estimate(),
        take_number=request.take_number,
        state=state,
        created_at=request.created_at,
        updated_at=asked.at,
        steps=tuple(steps),
    )
    return Journalled(project, generation)

"""Uploaded files, each handed on while it comes: it is written once, into the library itself."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from rushes.domain.errors import FileInputError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class UploadedFile:
    name: str
    pieces: AsyncIterator[bytes]
    """Raises FileInputError when the form ends before the file does."""


@contextlib.asynccontextmanager
async def uploads(request: Request, field: str) -> AsyncIterator[AsyncIterator[UploadedFile]]:
    """The files that are sent under this name, one after the other.

    Each step raises FileInputError when what comes is no such file.
    """
    chunks = request.stream()
    try:
        yield _files(_Parts(chunks, request.headers.get("content-type", ""), field), field)
    finally:
        # Whoever is still sending would not hear the answer.
        with contextlib.suppress(ClientDisconnect):
            async for _ in chunks:
                pass


def body_with(field: str, *, is_list: bool) -> dict[str, Any]:
    """What the API's document says of such a body."""
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    files = {"type": "array", "items": file, "minItems": 1}
    schema = {
        "type": "object",
        "required": [field],
        "properties": {field: files if is_list else file},
    }
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }


async def _files(parts: _Parts, field: str) -> AsyncIterator[UploadedFile]:
    is_empty = True
    while (head := await parts.next_head()) is not None:
        is_empty = False
        if head.field != field:
            raise FileInputError(
                f"{head.field!r} is not a name under which files come.",
                field=head.field,
                remedy=_alone(field),
            )
        if head.file_name is None:
            raise FileInputError(f"{field!r} holds no file.", field=field, remedy=_alone(field))
        yield UploadedFile(head.file_name or "file", parts.pieces())
    if is_empty:
        raise FileInputError("No file was sent.", field=field, remedy=_alone(field))


def _alone(field: str) -> str:
    return f"Send files as {field!r}, and nothing else."


@dataclass(frozen=True, slots=True)
class _Head:
    field: str
    file_name: str | None


class _End:
    """The end of a part."""


END: Final = _End()


class _Parts:
    """A form, part by part. What has come and is not read yet is one chunk at most."""

    def __init__(self, chunks: AsyncIterator[bytes], content_type: str, field: str) -> None:
        self._chunks = chunks
        self._field = field
        self._events: deque[_Head | bytes | _End] = deque()
        self._is_inside = False
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        with self._readable():
            self._parser = MultipartParser(boundary or b"none", self._callbacks())

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_part,
            "on_part_data": lambda data, start, end: self._events.append(data[start:end]),
            "on_part_end": lambda: self._events.append(END),
        }

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        """What the parser does not take is refused as everything else that is no such form."""
        try:
            yield
        except FormParserError as error:
            raise FileInputError(
                f"{error}", field=self._field, remedy=_alone(self._field)
            ) from error

    async def next_head(self) -> _Head | None:
        """The next part; what has not been read of the one before is passed over."""
        async for _ in self.pieces():
            pass
        event = await self._next()
        if event is None:
            return None
        assert isinstance(event, _Head), "nothing lies between two parts"
        self._is_inside = True
        return event

    async def pieces(self) -> AsyncIterator[bytes]:
        piece = bytearray()
        while self._is_inside:
            event = await self._next()
            if event is None:
                raise FileInputError("It ends in the middle of a file.", field=self._field)
            if isinstance(event, bytes):
                piece += event
            else:
                self._is_inside = False
            if len(piece) >= PIECE or (piece and not self._is_inside):
                yield bytes(piece)
                piece.clear()

    async def _next(self) -> _Head | bytes | _End | None:
        while not self._events:
            try:
                chunk = await anext(self._chunks, None)
            except ClientDisconnect as error:
                raise FileInputError("The sender is gone.", field=self._field) from error
            if chunk is None:
                return None
            with self._readable():
                self._parser.write(chunk)
        return self._events.popleft()

    def _end_header(self) -> None:
        name, value = map(bytes, self._header)
        self._header = (bytearray(), bytearray())
        if name.lower() == b"content-disposition":
            self._disposition = value

    def _begin_part(self) -> None:
        options = parse_options_header(self._disposition)[1]
        self._disposition = b""
        name = options.get(b"filename")
        self._events.append(
            _Head(_text(options.get(b"name", b"")), None if name is None else _text(name))
        )


def _text(sent: bytes) -> str:
    """Every byte means something in the second: what is not UTF-8 comes from an old system."""
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return sent.decode("latin-1")

"""docs/reference/http-api.md, from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator

from rushes.server.schemas.shape import Shape
from scripts.reference.attribute_docs import attribute_docs
from scripts.reference.markdown import anchor, code, prose, table, whole_page
from scripts.reference.openapi import Document

INTRODUCTION = """\
The application serves this description as OpenAPI at `/api/openapi.json`. Every address but
`/api/health` needs the library's token: as `Authorization: Bearer …`, or as the cookie that the
printed address sets. A request under a host name that is not the studio's own, or from another
web page, is refused. The token is in the file `access-token` of the library folder.

Every failure is answered as [`ProblemDocument`](#problemdocument) with the media type
`application/problem+json`; its codes are in [Errors](errors.md). An address that answers to GET
with media answers to HEAD too."""

SHAPES = """\
## Shapes

A shape that is sent in refuses fields that it does not name. Moments are ISO 8601 in UTC."""

Schema = Document


def page(document: Document) -> str:
    tags = dict.fromkeys(
        operation["tags"][0]
        for operations in document["paths"].values()
        for operation in operations.values()
    )
    return whole_page(
        "HTTP interface",
        INTRODUCTION,
        _overview(document),
        *(part for tag in tags for part in _tag(document, tag)),
        SHAPES,
        *(part for part in _shapes(document)),
    )


def _overview(document: Document) -> str:
    return table(
        ("method", "address", "does"),
        [
            (
                method.upper(),
                f"[{code(path)}](#{anchor(_heading(method, path))})",
                _first_line(operation),
            )
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ],
    )


def _first_line(operation: Document) -> str:
    words = prose(operation.get("description")).partition("\n")[0]
    return words or f"{operation['summary'].capitalize()}."


def _tag(document: Document, tag: str) -> Iterator[str]:
    yield f"## {tag.capitalize()}"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if operation["tags"][0] == tag:
                yield from _operation(method, path, operation)


def _heading(method: str, path: str) -> str:
    return f"{method.upper()} {path}"


def _operation(method: str, path: str, operation: Document) -> Iterator[str]:
    yield f"### {_heading(method, path)}"
    yield prose(operation.get("description"))
    yield table(
        ("parameter", "in", "type", "default"),
        [
            (
                code(one["name"]),
                one["in"],
                _type(one["schema"]),
                _default(one["schema"]) or ("" if one["required"] else "none"),
            )
            for one in operation.get("parameters", [])
        ],
    )
    if "requestBody" in operation:
        yield f"Body: {_content(operation['requestBody']['content'])}."
    answers = [
        f"{status} {_content(answer.get('content', {}))}"
        for status, answer in operation["responses"].items()
        if status != "default"
    ]
    yield f"Answer: {', or '.join(answers)}."


def _content(content: Document) -> str:
    media_type = next(iter(content), "")
    schema: Schema = content.get(media_type, {}).get("schema", {})
    if media_type == "text/event-stream":
        return "a stream of server-sent events"
    if not schema:
        return "with the bytes"
    as_what = "" if media_type == "application/json" else f" as {code(media_type)}"
    return _type(schema) + as_what


def _shapes(document: Document) -> Iterator[str]:
    docs = {kind.__name__: attribute_docs(kind) for kind in _below(Shape)}
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f"### {name}"
        yield prose(schema.get("description"))
        if "properties" not in schema:
            yield f"{_type(schema)}."
            continue
        required = set(schema.get("required", []))
        yield table(
            ("field", "type", "default", "meaning"),
            [
                (
                    code(field),
                    _type(one),
                    "" if field in required else _default(one) or "none",
                    prose(docs.get(name, {}).get(field)),
                )
                for field, one in schema["properties"].items()
            ],
        )


def _below(root: type[Shape]) -> Iterator[type[Shape]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _below(kind)


def _default(schema: Schema) -> str:
    if "default" not in schema or schema["default"] in ("", None):
        return ""
    return code(str(schema["default"]).lower())


def _type(schema: Schema) -> str:
    match schema:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            return f"[{name}](#{anchor(name)})"
        case {"anyOf": list(parts)} | {"oneOf": list(parts)}:
            return " or ".join(dict.fromkeys(_type(part) for part in parts))
        case {"enum": list(values)}:
            return " or ".join(code(value) for value in values)
        case {"const": value}:
            return code(value)
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"object of {_type(values)}"
        case {"type": "string", "format": str(form)}:
            return {"date-time": "moment", "date": "date"}.get(form, form)
        case {"type": "string", "contentMediaType": str(_)}:
            return "file"
        case {"type": str(name)}:
            return name
        case _:
            return "any JSON"

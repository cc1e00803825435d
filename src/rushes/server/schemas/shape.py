"""What all shapes have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from rushes.domain.errors import InvalidInputError


class Shape(BaseModel):
    """A body that goes out or comes in. Unknown fields are refused, so a typing error is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Body(Shape):
    """A body that comes in. Text that no file and no database can hold is refused by its field."""

    @model_validator(mode="before")
    @classmethod
    def check_text(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            for name, value in given.items():
                if not all(map(_is_whole, _texts(value))):
                    raise InvalidInputError(
                        "It holds half of a character (a lone surrogate).", field=_plain(name)
                    )
        return given


def _plain(name: Any) -> str:
    return str(name).encode(errors="replace").decode()


def _texts(value: Any) -> Iterable[str]:
    """Every text in a JSON value, names included."""
    match value:
        case str():
            yield value
        case Mapping():
            for name, held in value.items():
                yield from _texts(name)
                yield from _texts(held)
        case list():
            for held in value:
                yield from _texts(held)


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)

"""All that is needed to make one animatic, as a value and as JSON: the same text, the same clip."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rushes.domain.errors import ResultUnreadableError
from rushes.providers.animatic.plate import make_plate
from rushes.providers.provider import Order


@dataclass(frozen=True, slots=True)
class RenderRequest:
    prompt: str
    seed: int
    width: int
    height: int
    fps: int
    frames: int
    has_sound: bool
    plate: bytes | None = None
    """The image to start from, as ``plate.make_plate`` made it."""
    end_plate: bytes | None = None

    @property
    def seconds(self) -> Fraction:
        return Fraction(self.frames, self.fps)

    def to_document(self) -> dict[str, Any]:
        return {
            "prompt": self.prompt,
            "seed": self.seed,
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "frames": self.frames,
            "has_sound": self.has_sound,
            "plate": _to_text(self.plate),
            "end_plate": _to_text(self.end_plate),
        }

    def to_json(self) -> str:
        return json.dumps(self.to_document())

    @classmethod
    def from_json(cls, text: str) -> RenderRequest:
        """Read what ``to_json`` wrote.

        Raises:
            ResultUnreadableError: the text is something else.
        """
        try:
            return cls.from_document(json.loads(text))
        except json.JSONDecodeError as error:
            raise ResultUnreadableError(f"It is not JSON: {error}") from error

    @classmethod
    def from_document(cls, document: Any) -> RenderRequest:
        """Read what ``to_document`` made.

        Raises:
            ResultUnreadableError: a field is missing, or is of another kind.
        """
        if not isinstance(document, dict):
            raise ResultUnreadableError("The request in it is not a JSON object.")
        try:
            return cls(
                prompt=_take(document, "prompt", str),
                seed=_take(document, "seed", int),
                width=_take(document, "width", int),
                height=_take(document, "height", int),
                fps=_take(document, "fps", int),
                frames=_take(document, "frames", int),
                has_sound=_take(document, "has_sound", bool),
                plate=_from_text(document.get("plate")),
                end_plate=_from_text(document.get("end_plate")),
            )
        except (KeyError, TypeError, binascii.Error) as error:
            raise ResultUnreadableError(f"The request in it cannot be read: {error!r}") from error


def request_for(order: Order, sizes: Mapping[str, tuple[int, int]]) -> RenderRequest:
    """What to render for an order; its images are opened here.

    Raises:
        ImageInputError: an image does not open.
    """
    long, short = sizes[str(order.settings["resolution"])]
    is_upright = order.settings["aspect_ratio"] == "9:16"
    fps = int(order.settings["fps"])
    return RenderRequest(
        prompt=order.prompt,
        seed=int(order.settings["seed"]),
        width=short if is_upright else long,
        height=long if is_upright else short,
        fps=fps,
        frames=int(order.settings["duration"]) * fps,
        has_sound=bool(order.settings["generate_audio"]),
        plate=None if order.image is None else make_plate(order.image.data, "image"),
        end_plate=None
        if order.end_image is None
        else make_plate(order.end_image.data, "end_image"),
    )


def _take(document: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = document[name]
    if type(value) is not kind:
        raise TypeError(f"{name} is {type(value).__name__}, not {kind.__name__}")
    return value


def _to_text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _from_text(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)

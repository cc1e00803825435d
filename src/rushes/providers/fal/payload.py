"""An order as the JSON that fal takes. The same order always makes the same payload."""

from __future__ import annotations

import base64
import json

from rushes.domain.errors import ImageInputError, RequestRejectedError
from rushes.domain.model_spec import Task
from rushes.domain.problem import Json
from rushes.providers.fal.models import NO_CAMERA_MOTION
from rushes.providers.provider import InputImage, Order

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/avif", "image/heif"})
"""What LTX reads as an input image."""

_LEFT_OUT = {"camera_motion": NO_CAMERA_MOTION}
"""Values that mean "not asked for": fal has no word for them, the field is left out instead."""


def payload_of(order: Order) -> dict[str, Json]:
    """The body of the submit.

    Only fields from the model table get in: fal ignores a field it does not know, so a misspelt
    one would cost money in silence.

    Raises:
        RequestRejectedError: the image is missing or of a kind that LTX does not read; not sent.
    """
    payload: dict[str, Json] = {"prompt": order.prompt}
    payload |= {
        name: value for name, value in order.settings.items() if _LEFT_OUT.get(name) != value
    }
    if order.task is Task.IMAGE_TO_VIDEO and order.image is None:
        raise _rejected(f"{order.task.value} needs an image.", field="image")
    if order.image is not None:
        payload["image_url"] = _data_uri(order.image, field="image")
    if order.end_image is not None:
        payload["end_image_url"] = _data_uri(order.end_image, field="end_image")
    return payload


def is_same_payload(one: Json, other: Json) -> bool:
    """Whether two payloads are the same JSON. Unlike ``==`` it tells ``true`` from ``1``."""
    return _canonical(one) == _canonical(other)


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _data_uri(image: InputImage, *, field: str) -> str:
    if image.content_type not in IMAGE_TYPES:
        kinds = ", ".join(sorted(IMAGE_TYPES))
        raise _rejected(f"The image is {image.content_type}; LTX reads {kinds}.", field=field)
    return f"data:{image.content_type};base64,{base64.b64encode(image.data).decode('ascii')}"


def _rejected(detail: str, *, field: str) -> RequestRejectedError:
    return RequestRejectedError(
        f"{detail} Nothing was sent.",
        remedy=ImageInputError.remedy,
        field=field,
        may_have_been_charged=False,
    )

"""What fal's own program checks: the fields of each endpoint, written down independently of ours.

The reasons have the shape of the real ones, because they come from the same library.
"""

from __future__ import annotations

import base64
import binascii
import io
from typing import Annotated, Any, Literal, Self

from PIL import Image, UnidentifiedImageError
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

Prompt = Annotated[str, Field(min_length=1, max_length=5000)]
Ratio = Literal["16:9", "9:16"]
RatioOrAuto = Literal["auto", "16:9", "9:16"]
Motion = Literal[
    "dolly_in",
    "dolly_out",
    "dolly_left",
    "dolly_right",
    "jib_up",
    "jib_down",
    "static",
    "focus_shift",
]


def _readable(url: str) -> str:
    """An input image: an address, which is taken on trust here, or a data URI that is an image."""
    if url.startswith(("http://", "https://")):
        return url
    try:
        head, _, data = url.partition(";base64,")
        Image.open(io.BytesIO(base64.b64decode(data, validate=True))).verify()
    except (binascii.Error, UnidentifiedImageError, SyntaxError) as exc:
        raise PydanticCustomError("image_load_error", "Failed to load the image") from exc
    if not head.startswith("data:image/"):
        raise PydanticCustomError("unsupported_image_format", "Unsupported image format")
    return url


ImageUrl = Annotated[str, AfterValidator(_readable)]


class Ltx(BaseModel):
    """Fields that nobody knows are taken without a word, as fal takes them."""

    prompt: Prompt
    generate_audio: bool = True


class LtxFast(Ltx):
    duration: Literal[6, 8, 10, 12, 14, 16, 18, 20] = 6
    resolution: Literal["1080p", "1440p", "2160p"] = "1080p"
    fps: int = 25

    @model_validator(mode="after")
    def long_clips_are_plain(self) -> Self:
        if self.duration > 10 and (self.fps != 25 or self.resolution != "1080p"):
            raise PydanticCustomError(
                "value_error", "Durations over 10 seconds need 25 fps and 1080p"
            )
        return self


class LtxPro(Ltx):
    duration: Literal[6, 8, 10] = 6
    resolution: Literal["1080p", "1440p", "2160p"] = "1080p"


class Ltx2FastText(LtxFast):
    fps: Literal[25, 50] = 25


class Ltx2FastImage(Ltx2FastText):
    image_url: ImageUrl


class Ltx2ProText(LtxPro):
    fps: Literal[25, 50] = 25


class Ltx2ProImage(Ltx2ProText):
    image_url: ImageUrl


class Ltx23FastText(LtxFast):
    fps: Literal[24, 25, 48, 50] = 25
    aspect_ratio: Ratio = "16:9"


class Ltx23FastImage(LtxFast):
    fps: Literal[24, 25, 48, 50] = 25
    aspect_ratio: RatioOrAuto = "auto"
    image_url: ImageUrl
    end_image_url: ImageUrl | None = None


class Ltx23ProText(LtxPro):
    fps: Literal[24, 25, 48, 50] = 25
    aspect_ratio: Ratio = "16:9"


class Ltx23ProImage(LtxPro):
    fps: Literal[24, 25, 48, 50] = 25
    aspect_ratio: RatioOrAuto = "auto"
    image_url: ImageUrl
    end_image_url: ImageUrl | None = None


class Ltx25Fast(Ltx):
    duration: Literal["auto", 6, 8, 10, 12, 14, 16, 18, 20] = "auto"
    resolution: Literal["720p", "1080p", "1440p", "2160p"] = "1080p"
    fps: Literal[24, 25, 48, 50] = 25
    camera_motion: Motion | None = None

    @model_validator(mode="after")
    def long_clips_are_plain(self) -> Self:
        plain = self.fps in (24, 25) and self.resolution in ("720p", "1080p")
        if self.duration != "auto" and self.duration > 10 and not plain:
            raise PydanticCustomError(
                "value_error", "Durations over 10 seconds need 24 or 25 fps and at most 1080p"
            )
        return self


class Ltx25FastText(Ltx25Fast):
    aspect_ratio: Ratio = "16:9"


class Ltx25FastImage(Ltx25Fast):
    aspect_ratio: RatioOrAuto = "auto"
    image_url: ImageUrl
    end_image_url: ImageUrl | None = None


class Ltx25Pro(Ltx):
    duration: Literal["auto", 6, 8, 10] = "auto"
    resolution: Literal["720p", "1080p"] = "1080p"
    fps: Literal[24, 25, 50] = 25
    camera_motion: Motion | None = None


class Ltx25ProText(Ltx25Pro):
    aspect_ratio: Ratio = "16:9"


class Ltx25ProImage(Ltx25Pro):
    aspect_ratio: RatioOrAuto = "auto"
    image_url: ImageUrl
    end_image_url: ImageUrl | None = None


ENDPOINTS: dict[str, type[BaseModel]] = {
    "fal-ai/ltx-2/text-to-video/fast": Ltx2FastText,
    "fal-ai/ltx-2/text-to-video": Ltx2ProText,
    "fal-ai/ltx-2/image-to-video/fast": Ltx2FastImage,
    "fal-ai/ltx-2/image-to-video": Ltx2ProImage,
    "fal-ai/ltx-2.3/text-to-video/fast": Ltx23FastText,
    "fal-ai/ltx-2.3/text-to-video": Ltx23ProText,
    "fal-ai/ltx-2.3/image-to-video/fast": Ltx23FastImage,
    "fal-ai/ltx-2.3/image-to-video": Ltx23ProImage,
    "lightricks/ltx-2.5/text-to-video/fast": Ltx25FastText,
    "lightricks/ltx-2.5/text-to-video/pro": Ltx25ProText,
    "lightricks/ltx-2.5/image-to-video/fast": Ltx25FastImage,
    "lightricks/ltx-2.5/image-to-video/pro": Ltx25ProImage,
}

UNIT_PRICES = {
    "fal-ai/ltx-2/text-to-video/fast": 0.04,
    "fal-ai/ltx-2/text-to-video": 0.06,
    "fal-ai/ltx-2/image-to-video/fast": 0.04,
    "fal-ai/ltx-2/image-to-video": 0.06,
    "fal-ai/ltx-2.3/text-to-video/fast": 0.04,
    "fal-ai/ltx-2.3/text-to-video": 0.08,
    "fal-ai/ltx-2.3/image-to-video/fast": 0.04,
    "fal-ai/ltx-2.3/image-to-video": 0.06,
    "lightricks/ltx-2.5/text-to-video/fast": 0.13,
    "lightricks/ltx-2.5/text-to-video/pro": 0.17,
    "lightricks/ltx-2.5/image-to-video/fast": 0.13,
    "lightricks/ltx-2.5/image-to-video/pro": 0.17,
}
"""Dollars for a second at 1080p: the platform has one price for each endpoint."""


def app_of(endpoint: str) -> str:
    parts = endpoint.split("/")
    return "/".join(parts[: 3 if parts[0] in ("workflows", "comfy") else 2])


APPS = frozenset(map(app_of, ENDPOINTS))


def checked(endpoint: str, payload: Any) -> BaseModel | list[dict[str, Any]]:
    """The model's input, or the reasons why it is none, as the model's program gives them."""
    try:
        return ENDPOINTS[endpoint].model_validate(payload)
    except ValidationError as exc:
        return [
            {**error, "loc": ["body", *error["loc"]]} for error in exc.errors(include_url=False)
        ]


def ignored_fields(endpoint: str, payload: dict[str, Any]) -> tuple[str, ...]:
    known = ENDPOINTS[endpoint].model_fields if endpoint in ENDPOINTS else {}
    return tuple(name for name in payload if name not in known)

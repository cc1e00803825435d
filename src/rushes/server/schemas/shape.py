"""What all shapes have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A body that goes out or comes in. Unknown fields are refused, so a typing error is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

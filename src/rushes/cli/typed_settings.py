"""What is typed behind ``--set``: ``name=value`` for all models, ``MODEL:name=value`` for one."""

from __future__ import annotations

import re
from typing import Any

from rushes.cli.output import Document
from rushes.domain.errors import InvalidInputError

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


def settings_for_all(texts: list[str], kinds: dict[str, Document]) -> Document:
    return dict(_setting(text, kinds) for text in texts if not _is_own(text))


def settings_of_models(texts: list[str], kinds: dict[str, Document]) -> dict[str, Document]:
    own: dict[str, Document] = {}
    for text in filter(_is_own, texts):
        model, _, setting = text.partition(":")
        name, value = _setting(setting, kinds)
        own.setdefault(model, {})[name] = value
    return own


def setting_kinds(models: list[Document], names: list[str], task: str) -> dict[str, Document]:
    """The settings of the chosen models by name: they say how a typed value is to be read."""
    kinds: dict[str, Document] = {}
    for model in models:
        is_chosen = not {model["id"], *model["aliases"]}.isdisjoint(names)
        if is_chosen and task in model["tasks"]:
            kinds |= {setting["name"]: setting for setting in model["tasks"][task]["settings"]}
    return kinds


def _is_own(text: str) -> bool:
    """Whether it is written MODEL:name=value."""
    return ":" in text.partition("=")[0]


def _setting(text: str, kinds: dict[str, Document]) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidInputError(
            f"{text!r} is not of the form name=value.", field="settings", value=text
        )
    return name, read_value(value, kinds.get(name))


def read_value(text: str, setting: Document | None) -> str | int | bool:
    """Read a typed value as its setting writes it. What cannot be read stays text, so that the
    model table refuses it by name.
    """
    match setting:
        case {"kind": "choice", "values": values}:
            written = {str(value): value for value in values}
            found: str | int = written.get(text, text)
            return found
        case {"kind": "toggle"}:
            return {"true": True, "on": True, "false": False, "off": False}.get(text.lower(), text)
        case {"kind": "number"}:
            return int(text) if WHOLE_NUMBER.fullmatch(text) else text
        case _:
            return text

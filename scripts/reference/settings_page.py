"""docs/reference/settings.md, from the fields of ``Settings``."""

from __future__ import annotations

from typing import Any

from rushes.key_store import KEY_VARIABLE
from rushes.settings import PREFIX, Settings
from scripts.reference.attribute_docs import attribute_docs
from scripts.reference.markdown import code, prose, table, whole_page

KEY_FIELD = "fal_key"
FOLDERS = {
    "home": "the user's data folder (`~/.local/share/rushes` on Linux)",
    "spool": "`rushes` in the system's temporary folder (`/tmp/rushes` on Linux)",
}
"""Defaults that differ from machine to machine, in words."""

INTRODUCTION = """\
Where a setting is given more than once, the first of these counts:

1. the flag `--home`, for the library folder only;
2. the environment variable;
3. `rushes.toml` in the library folder;
4. `config.toml` in the user's configuration folder (`~/.config/rushes` on Linux);
5. the default.

A file names a setting by its key. An unknown key or an illegal value is refused, and the message
names it."""

KEY = f"""\
## The fal key

The key is read from `{KEY_VARIABLE}`, then from the system keyring (service `rushes`, name `fal`),
then from the file `fal-key` in the user's configuration folder. That file is refused when others
than its owner can read it. A settings file that names `{KEY_FIELD}` is refused."""


def page() -> str:
    return whole_page("Settings", INTRODUCTION, _settings(), KEY)


def _settings() -> str:
    docs = attribute_docs(Settings)
    schema = Settings.model_json_schema()["properties"]
    return table(
        ("variable", "key in a file", "default", "allowed", "meaning"),
        [
            (
                code(variable_of(name)),
                "none" if name == KEY_FIELD else code(name),
                _default(name),
                _allowed(schema[name]),
                prose(docs[name]),
            )
            for name in Settings.model_fields
        ],
    )


def variable_of(field: str) -> str:
    return KEY_VARIABLE if field == KEY_FIELD else PREFIX + field.upper()


def _default(field: str) -> str:
    info = Settings.model_fields[field]
    if info.default_factory is not None:
        return FOLDERS[field]
    return "none" if info.default is None else code(info.default)


def _allowed(schema: dict[str, Any]) -> str:
    words = {
        "exclusiveMinimum": "over {}",
        "minimum": "from {}",
        "exclusiveMaximum": "below {}",
        "maximum": "at most {}",
        "pattern": "`{}`",
    }
    return ", ".join(text.format(schema[key]) for key, text in words.items() if key in schema)

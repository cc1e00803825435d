"""Settings, read once and passed down as values.

Flag > environment > ``rushes.toml`` in the library > ``config.toml`` in the user's config folder >
default. The key is in none of these files: it comes from ``FAL_KEY``, the system keyring, or a file
that only its owner can read.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, ValidationError

from rushes.domain.errors import SettingsError
from rushes.key_store import KEY_VARIABLE, Place, find_key, key_file
from rushes.playback.source import RemotePlayback

PREFIX = "RUSHES_"
DEFAULT = "default"
UNKNOWN = "There is no such setting."


class Settings(BaseModel):
    """Everything that can be set. A field ``x`` is ``RUSHES_X`` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default_factory=lambda: user_data_path("rushes", appauthor=False))
    """The library folder: catalogue, ``media/``, ``cache/``."""
    spool: Path = Field(default_factory=lambda: _system_temp() / "rushes")
    """Where bytes wait when the library's disk fails: a folder on another disk than the library."""
    fal_queue_url: str = Field(default="https://queue.fal.run", pattern=r"^https?://[^/\s]+")
    """Where the queue API is."""
    fal_platform_url: str = Field(default="https://api.fal.ai/v1", pattern=r"^https?://[^/\s]+")
    """Where the request list and the prices are."""
    submit_timeout: float = Field(default=120, gt=0, le=600)
    """Seconds that the provider gets to answer a submit; after that it counts as unconfirmed."""
    media_hosts: str = "fal.media,*.fal.media,storage.googleapis.com"
    """Hosts from which a result may be downloaded (``host`` or ``host:port``)."""
    keep_unsaved: bool = True
    """``false``: an asset that could not be saved leaves the lists. Its generation and its address
    stay, and saving it again brings it back."""
    remote_playback: RemotePlayback = RemotePlayback.RELAY
    """How the page plays a clip that is at the provider only. ``relay``: through the studio's own
    address. ``direct``: from the media host itself, whose names the page's policy then allows.
    ``local``: not at all, until it is downloaded."""
    keep_relayed: bool = False
    """``true``: a clip that was played whole through the studio is saved from what passed."""
    fal_key: SecretStr | None = None
    """fal key. Never a flag, never in a log, a file, metadata or the page."""
    _origins: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def with_origins(self, origins: Mapping[str, str]) -> Settings:
        """The same settings, and where each was set."""
        same = self.model_copy()
        same._origins = dict(origins)  # noqa: SLF001  # a copy of itself
        return same

    def told(self) -> list[tuple[str, str, str]]:
        """Each setting, its value, and where it was set. Of the key only whether there is one."""
        return [
            (
                KEY_VARIABLE if name == "fal_key" else PREFIX + name.upper(),
                _shown(getattr(self, name)),
                self._origins.get(name, DEFAULT),
            )
            for name in type(self).model_fields
        ]


def _shown(value: object) -> str:
    match value:
        case SecretStr():
            return "set"
        case None:
            return "not set"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _system_temp() -> Path:
    """The same folder at each start. ``tempfile`` takes another one when a disk is full, and what
    waits in the first would not be found again.
    """
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return Path(next(filter(None, named), "/tmp"))  # noqa: S108  # the spool checks whose it is


def load_settings(
    home: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings of the library in ``home``, or of the one that the settings name.

    Raises:
        SettingsError: a value cannot be used, or a file cannot be read; names which.
    """
    environment = os.environ if environment is None else environment
    config = user_config_path("rushes", appauthor=False)
    user = _read_toml(config / "config.toml")
    given = _from_environment(environment)
    origins = dict.fromkeys(user, str(config / "config.toml"))
    if home is not None:
        given["home"] = str(home)
    library = _folder(given.get("home") or user.get("home") or Settings().home)
    own = _read_toml(library / "rushes.toml")
    origins |= dict.fromkeys(own, str(library / "rushes.toml"))
    origins |= {name: PREFIX + name.upper() for name in given}
    # Typer hands the variable over as if it had been typed.
    if home is not None and str(home) != environment.get(PREFIX + "HOME"):
        origins["home"] = "--home"
    values = {**user, **own, **given}
    values["home"] = library
    if "spool" in values:
        values["spool"] = _folder(values["spool"], "spool")
    found = find_key(environment)
    values["fal_key"], origins["fal_key"] = found.key, _told_place(found.place)
    return _checked(values, origins)


def _folder(named: Any, field: str = "home") -> Path:
    try:
        return Path(named).expanduser().absolute()
    except (TypeError, RuntimeError) as error:
        raise SettingsError(
            f"{field}: {named!r} is not the path of a folder.", field=field
        ) from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for name in Settings.model_fields:
        value = environment.get(PREFIX + name.upper())
        if value and name != "fal_key":
            found[name] = value
    return found


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.", file=str(path)) from error
    if "fal_key" in values:
        raise SettingsError(
            f"{path} names fal_key.",
            remedy="Keep the key in FAL_KEY, the system keyring, or a file of its own.",
            file=str(path),
        )
    return values


def _checked(values: dict[str, Any], origins: Mapping[str, str]) -> Settings:
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        wrong = UNKNOWN if first["type"] == "extra_forbidden" else f"{first['msg']}."
        raise SettingsError(f"{name}: {wrong}", field=name) from None
    return settings.with_origins(origins)


def _told_place(place: Place | None) -> str:
    match place:
        case Place.ENVIRONMENT:
            return KEY_VARIABLE
        case Place.KEYRING:
            return "system keyring"
        case Place.FILE:
            return str(key_file())
        case None:
            return DEFAULT

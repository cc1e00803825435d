"""Where the fal key is kept: ``FAL_KEY``, the system keyring, or a file only its owner can read.

The first that is found counts. It is read, kept and removed here, and printed nowhere.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from platformdirs import user_config_path
from pydantic import SecretStr

from rushes.domain.errors import InvalidInputError, SettingsError

KEY_VARIABLE = "FAL_KEY"
KEYRING_SERVICE = "rushes"
KEYRING_NAME = "fal"


class Place(StrEnum):
    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class FoundKey:
    key: SecretStr | None = None
    place: Place | None = None


def key_file() -> Path:
    return user_config_path("rushes", appauthor=False) / "fal-key"


def find_key(environment: Mapping[str, str] | None = None) -> FoundKey:
    """Look in each place anew.

    Raises:
        SettingsError: the file can be read by others, or cannot be read.
    """
    environment = os.environ if environment is None else environment
    if key := environment.get(KEY_VARIABLE):
        return FoundKey(SecretStr(key), Place.ENVIRONMENT)
    if key := _key_in_keyring():
        return FoundKey(SecretStr(key), Place.KEYRING)
    if key := _key_in_file(key_file()):
        return FoundKey(SecretStr(key), Place.FILE)
    return FoundKey()


def keep_key(key: SecretStr) -> Place:
    """Keep a key in the system keyring, or where there is none in the file.

    Raises:
        InvalidInputError: no fal key can look like this.
        SettingsError: the file cannot be written.
    """
    _check(key.get_secret_value())
    if _put_into_keyring(key):
        # An older one must not come back when the keyring is out of reach.
        _remove_file()
        return Place.KEYRING
    _write_file(key_file(), key)
    return Place.FILE


def remove_key() -> list[Place]:
    """Remove the key from the keyring and from the file. Returns where there was one.

    Raises:
        SettingsError: it could not be removed.
    """
    removed = [Place.KEYRING] if _take_from_keyring() else []
    return [*removed, Place.FILE] if _remove_file() else removed


def _check(key: str) -> None:
    if not key:
        raise InvalidInputError("Nothing was given.", field="key", remedy="Give the key of fal.")
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise InvalidInputError(
            "It holds a character that no fal key has.",
            field="key",
            remedy="Copy it whole from your fal dashboard; it looks like id:secret.",
        )


def _key_in_keyring() -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING_SERVICE, KEYRING_NAME)
    except KeyringError:
        # A machine without a keyring is an ordinary one: there the file is used.
        return None


def _put_into_keyring(key: SecretStr) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, KEYRING_NAME, key.get_secret_value())
    except KeyringError:
        return False
    # A keyring that keeps nothing takes everything.
    return _key_in_keyring() == key.get_secret_value()


def _take_from_keyring() -> bool:
    import keyring
    from keyring.errors import KeyringError

    if _key_in_keyring() is None:
        return False
    try:
        keyring.delete_password(KEYRING_SERVICE, KEYRING_NAME)
    except KeyringError as error:
        raise SettingsError("The system keyring did not remove the key.") from error
    return True


def _key_in_file(file: Path) -> str | None:
    try:
        mode = file.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(
                f"Others than you can read {file}.", remedy=f"Run: chmod 600 {file}"
            )
        return file.read_text().strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        # What it holds may be a key all the same, and is not shown.
        raise SettingsError(f"{file} does not hold text.") from None


def _write_file(file: Path, key: SecretStr) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    new = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as opened:
                opened.write(key.get_secret_value())
                opened.flush()
                os.fsync(opened.fileno())
            new.replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()
            raise
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}.") from error


def _remove_file() -> bool:
    file = key_file()
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SettingsError(f"{file} cannot be removed: {error.strerror}.") from error
    return True

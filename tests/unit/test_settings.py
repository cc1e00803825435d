"""Settings: which of several places wins, and what is refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as EmptyKeyring

from rushes.domain.errors import SettingsError
from rushes.key_store import KEYRING_NAME, KEYRING_SERVICE
from rushes.settings import Settings, load_settings

KEY = "key-id:key-secret"


class KeyringWith(EmptyKeyring):
    """A keyring that holds one fal key."""

    priority = 1

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def get_password(self, service: str, username: str) -> str | None:
        return self._key if (service, username) == (KEYRING_SERVICE, KEYRING_NAME) else None


@pytest.fixture(autouse=True)
def own_keyring():
    """Not that of the person who runs the tests."""
    before = keyring.get_keyring()
    keyring.set_keyring(EmptyKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def config(tmp_path, monkeypatch) -> Path:
    """The user's config folder of Rushes."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    folder = tmp_path / "config" / "rushes"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def home(tmp_path, config) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


def test_without_anything_said_the_defaults_hold(config, tmp_path):
    settings = load_settings(environment={})
    assert settings.home == tmp_path / "data" / "rushes"
    assert settings.fal_queue_url == "https://queue.fal.run"
    assert settings.fal_platform_url == "https://api.fal.ai/v1"
    assert settings.media_hosts == "fal.media,*.fal.media,storage.googleapis.com"
    assert settings.fal_key is None


def test_a_later_place_yields_to_an_earlier_one(home, config):
    (config / "config.toml").write_text('media_hosts = "config"')
    assert load_settings(home, {}).media_hosts == "config"
    (home / "rushes.toml").write_text('media_hosts = "library"')
    assert load_settings(home, {}).media_hosts == "library"
    environment = {"RUSHES_MEDIA_HOSTS": "environment"}
    assert load_settings(home, environment).media_hosts == "environment"


def test_a_place_that_says_nothing_of_a_setting_leaves_it_to_the_next(home, config):
    (config / "config.toml").write_text('media_hosts = "config"')
    (home / "rushes.toml").write_text('fal_queue_url = "http://127.0.0.1:1"')
    settings = load_settings(home, {"RUSHES_FAL_PLATFORM_URL": "http://127.0.0.1:2"})
    assert settings.media_hosts == "config"
    assert settings.fal_queue_url == "http://127.0.0.1:1"
    assert settings.fal_platform_url == "http://127.0.0.1:2"


def test_an_empty_variable_says_nothing(home):
    assert load_settings(home, {"RUSHES_MEDIA_HOSTS": ""}).media_hosts.startswith("fal.media")


def test_the_library_is_that_of_the_flag_then_the_environment_then_the_config(tmp_path, config):
    (config / "config.toml").write_text(f'home = "{tmp_path / "config-home"}"')
    environment = {"RUSHES_HOME": str(tmp_path / "environment-home")}
    assert load_settings(tmp_path / "flag", environment).home == tmp_path / "flag"
    assert load_settings(None, environment).home == tmp_path / "environment-home"
    assert load_settings(None, {}).home == tmp_path / "config-home"


def test_a_library_cannot_say_that_it_lies_elsewhere(home):
    (home / "rushes.toml").write_text('home = "/elsewhere"')
    assert load_settings(home, {}).home == home


@pytest.mark.parametrize("place", ["flag", "environment", "config"])
def test_the_settings_of_a_library_below_the_persons_home_are_read(tmp_path, config, place):
    library = tmp_path / "person" / "films"
    library.mkdir(parents=True)
    (library / "rushes.toml").write_text('media_hosts = "library"')
    if place == "config":
        (config / "config.toml").write_text('home = "~/films"')
    settings = load_settings(
        Path("~/films") if place == "flag" else None,
        {"RUSHES_HOME": "~/films"} if place == "environment" else {},
    )
    assert (settings.home, settings.media_hosts) == (library, "library")


def test_a_library_named_from_where_one_stands_is_kept_by_its_whole_path(
    tmp_path, config, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path("films"), {}).home == tmp_path / "films"


# --- what is refused ------------------------------------------------------------------------------


def test_an_unknown_setting_in_a_file_is_named(home):
    (home / "rushes.toml").write_text('colour = "red"')
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {})
    assert caught.value.problem.facts["field"] == "colour"
    assert caught.value.problem.detail == "colour: There is no such setting."


def test_a_value_that_cannot_be_used_is_named(home):
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {"RUSHES_FAL_QUEUE_URL": "queue.fal.run"})
    assert caught.value.problem.facts["field"] == "fal_queue_url"


@pytest.mark.parametrize("text", ["home = 5", "home = ['a']", "home = true", "home = {a = 1}"])
def test_a_library_that_is_no_path_is_named(config, text):
    (config / "config.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(None, {})
    assert caught.value.problem.facts["field"] == "home"


def test_the_home_of_a_person_who_is_not_there_is_named(config):
    with pytest.raises(SettingsError) as caught:
        load_settings(Path("~nobody-of-this-name/films"), {})
    assert caught.value.problem.facts["field"] == "home"


@pytest.mark.parametrize("content", [b"home = ", b"\xff\xfe", b"= 3"])
def test_a_file_that_is_not_toml_is_named(home, content):
    (home / "rushes.toml").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {})
    assert caught.value.problem.facts["file"] == str(home / "rushes.toml")


def test_a_folder_in_the_place_of_a_file_is_named(home):
    (home / "rushes.toml").mkdir()
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {})
    assert caught.value.problem.facts["file"] == str(home / "rushes.toml")


# --- the key --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["library", "config"])
def test_a_key_in_a_settings_file_is_refused_and_not_repeated(home, config, place):
    file = home / "rushes.toml" if place == "library" else config / "config.toml"
    file.write_text(f'fal_key = "{KEY}"')
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {"FAL_KEY": "another"})
    assert caught.value.problem.facts["file"] == str(file)
    assert KEY not in f"{caught.value!r} {caught.value.problem!r}"


def test_the_key_comes_from_the_environment_before_the_keyring_before_the_file(home, config):
    file = config / "fal-key"
    file.write_text("from-file\n")
    file.chmod(0o600)
    assert revealed(load_settings(home, {})) == "from-file"
    keyring.set_keyring(KeyringWith("from-keyring"))
    assert revealed(load_settings(home, {})) == "from-keyring"
    assert revealed(load_settings(home, {"FAL_KEY": "from-environment"})) == "from-environment"


def test_a_variable_of_the_other_settings_kind_is_no_key(home):
    assert load_settings(home, {"RUSHES_FAL_KEY": KEY}).fal_key is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_can_open_is_refused_with_the_command_that_closes_it(
    home, config, mode
):
    file = config / "fal-key"
    file.write_text(KEY)
    file.chmod(mode)
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {})
    assert caught.value.problem.remedy == f"Run: chmod 600 {file}"
    assert KEY not in repr(caught.value.problem)


def test_an_empty_key_file_is_no_key(home, config):
    (config / "fal-key").touch(0o600)
    assert load_settings(home, {}).fal_key is None


def test_a_key_file_that_is_no_text_is_refused(home, config):
    file = config / "fal-key"
    file.write_bytes(b"\xff\xfe\x00key")
    file.chmod(0o600)
    with pytest.raises(SettingsError):
        load_settings(home, {})


def test_the_key_is_in_nothing_that_is_printed(home):
    settings = load_settings(home, {"FAL_KEY": KEY})
    assert revealed(settings) == KEY
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert KEY not in shown


def test_a_refused_setting_beside_a_key_does_not_print_the_key(home):
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {"FAL_KEY": KEY, "RUSHES_FAL_QUEUE_URL": "no address"})
    assert KEY not in f"{caught.value!r} {caught.value.problem!r}"


def test_settings_cannot_be_changed_after_they_were_read(home):
    settings = load_settings(home, {})
    with pytest.raises(ValueError, match="frozen"):
        settings.media_hosts = "evil.test"


def revealed(settings: Settings) -> str | None:
    return None if settings.fal_key is None else settings.fal_key.get_secret_value()

"""Where a setting comes from, and what is said of one that does not fit."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from wenzhai.config import Settings, commented_config, load_settings
from wenzhai.config_file import SETTING_NAMES, database_setting
from wenzhai.models import ConfigError

from .command_line import ROOT


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "wenzhai.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def load(*, config: Path | None = None, environment: dict[str, str] | None = None, **flags: object) -> Settings:
    return load_settings(config=config, environment=environment or {}, flags=flags)


def test_later_layers_win() -> None:
    assert load().database == Path("wenzhai.db")
    write('database = "file.db"')
    assert load().database == Path("file.db")
    environment = {"WENZHAI_DATABASE": "variable.db"}
    assert load(environment=environment).database == Path("variable.db")
    assert load(environment=environment, database="flag.db").database == Path("flag.db")
    assert load(environment=environment, database=None).database == Path("variable.db")


def test_layers_are_joined_key_by_key() -> None:
    write("retries = 1\ndelay_seconds = 9")
    settings = load(environment={"WENZHAI_RETRIES": "2"})
    assert (settings.retries, settings.delay_seconds) == (2, 9)


def test_named_file_stands_instead_of_the_usual_one() -> None:
    write("retries = 1")
    assert load(config=write("delay_seconds = 9", "other.toml")).retries == Settings().retries


def test_variables_are_read_as_what_they_set() -> None:
    environment = {
        "WENZHAI_SOURCES": "digests https://example.org/a",
        "WENZHAI_ALLOW_PRIVATE_HOSTS": "true",
        "WENZHAI_DELAY_SECONDS": "0.5",
        "WENZHAI_SOMETHING_ELSE": "of another program",
    }
    settings = load(environment=environment)
    assert [source.target for source in settings.sources.values()] == ["digests", "https://example.org/a"]
    assert settings.allow_private_hosts
    assert settings.delay_seconds == 0.5


def test_headers_are_a_table_or_lines() -> None:
    write('headers = { "X-Lab" = "yes" }\ncookie_file = ""')
    assert load().headers == {"X-Lab": "yes"}
    assert load().cookie_file is None
    environment = {"WENZHAI_HEADERS": "X-Lab: no\nAccept-Language: zh", "WENZHAI_COOKIE_FILE": "~/cookies.txt"}
    assert load(environment=environment).headers == {"X-Lab": "no", "Accept-Language": "zh"}
    assert str(load(environment=environment).cookie_file).startswith("/")


def test_tilde_is_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    write('database = "~/digests.db"')
    assert load().database == Path("/home/someone/digests.db")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("databse = 'a.db'", "wenzhai.toml: databse: is not a setting"),
        ("retries = 'many'", "wenzhai.toml: retries: does not fit"),
        ("retries = -1", "wenzhai.toml: retries: does not fit"),
        ("sources = 'digests'", "wenzhai.toml: sources: does not fit"),
        ("[harvest]\nretries = 1", "wenzhai.toml: harvest: is not a setting"),
        ("retries = ", "wenzhai.toml: is not valid TOML"),
        (f"retries = {'[' * 5_000}", "wenzhai.toml: is not valid TOML"),
    ],
)
def test_mistake_is_named_with_its_file(text: str, told: str) -> None:
    write(text)
    with pytest.raises(ConfigError, match=re.escape(told)):
        load()


def test_unknown_key_is_told_the_known_ones() -> None:
    write("databse = 'a.db'")
    with pytest.raises(ConfigError) as caught:
        load()
    assert "database" in caught.value.hint


def test_mistakes_elsewhere_are_named_too() -> None:
    with pytest.raises(ConfigError, match="WENZHAI_RETRIES: does not fit"):
        load(environment={"WENZHAI_RETRIES": "many"})
    with pytest.raises(ConfigError, match="--retries: does not fit"):
        load(retries=99)


def test_file_that_cannot_be_read_is_named(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no\.toml"):
        load(config=Path("no.toml"))
    with pytest.raises(ConfigError, match="cannot be read"):
        load(config=folder)
    Path("latin.toml").write_bytes(b'user_agent = "caf\xe9"')
    with pytest.raises(ConfigError, match=r"latin\.toml"):
        load(config=Path("latin.toml"))


def test_commented_config_holds_every_setting_with_its_default() -> None:
    text = commented_config()
    assert tomllib.loads(text) == {}
    uncommented = re.sub(r"^#(?=\w+ = |\[)", "", text, flags=re.MULTILINE)
    assert set(tomllib.loads(uncommented)) == set(Settings.model_fields)
    settings = load(config=write(uncommented))
    assert list(settings.sources) == ["cell-notes", "gut-album", "archive"]
    assert settings.model_copy(update={"sources": {}}) == Settings()


def test_every_setting_is_explained() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for key, field in Settings.model_fields.items():
        assert field.description
        assert f"| `{key}` |" in readme


# The database alone, read without pydantic


def test_the_quick_reader_knows_every_setting() -> None:
    assert set(Settings.model_fields) == SETTING_NAMES


@pytest.mark.parametrize("flag", [None, Path("flag.db"), Path("~/flag.db")])
@pytest.mark.parametrize("variable", [None, "", "variable.db", "~/variable.db"])
@pytest.mark.parametrize("text", [None, "", "database = 'file.db'", "database = '~/a/b.db'\nretries = 1"])
def test_both_ways_lead_to_the_same_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, variable: str | None, flag: Path | None
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "wenzhai.toml").write_text(text)
    environment = {} if variable is None else {"WENZHAI_DATABASE": variable}
    settings = load_settings(config=None, environment=environment, flags={"database": flag})
    assert database_setting(config=None, environment=environment, flag=flag) == settings.database


@pytest.mark.parametrize("text", ["databse = 'a.db'", "database = 3", "database = ['a.db']"])
def test_what_is_unusual_is_left_to_the_settings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    assert database_setting(config=path, environment={}, flag=None) is None


@pytest.mark.parametrize("content", [b"database = ", b"\xff"])
def test_both_ways_refuse_what_is_not_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is not valid TOML"):
        database_setting(config=path, environment={}, flag=None)

"""Sources in the settings: tables, the plain list, and what is said of mistakes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from wenzhai.config import SourceSettings, commented_config, load_settings
from wenzhai.models import ConfigError

from .command_line import ROOT


def load(folder: Path, text: str, **environment: str) -> dict[str, SourceSettings]:
    path = folder / "wenzhai.toml"
    path.write_text(text, encoding="utf-8")
    return dict(load_settings(config=path, environment=environment, flags={}).sources)


def test_tables(tmp_path: Path) -> None:
    sources = load(
        tmp_path,
        """
        [sources.feed]
        target = "https://example.org/feed.xml"
        every = "1h30m"
        jitter = "5m"
        [sources."组学 专辑"]
        target = "album/"
        cron = "15 */2 * * *"
        enabled = false
        """,
    )
    feed, album = sources.values()
    assert (feed.every, feed.jitter, feed.enabled) == (timedelta(minutes=90), timedelta(minutes=5), True)
    assert (album.cron, album.enabled) == ("15 */2 * * *", False)
    assert album.schedule("组学 专辑").name == "组学 专辑"


def test_plain_list_becomes_tables(tmp_path: Path) -> None:
    sources = load(tmp_path, 'sources = ["a.zip", "b/", "a.zip"]')
    assert sources == {name: SourceSettings(target=name) for name in ("a.zip", "b/")}


def test_variable_wins_over_tables(tmp_path: Path) -> None:
    assert list(load(tmp_path, '[sources.a]\ntarget = "a"', WENZHAI_SOURCES="b c")) == ["b", "c"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('target = "x"\nevry = "6h"', "wenzhai.toml: sources.a.evry: is not a setting (settings are: target, every"),
        ('every = "6h"', "wenzhai.toml: sources.a.target: does not fit: Field required"),
        ('target = ""', "wenzhai.toml: sources.a.target: does not fit"),
        ('target = "x"\nevery = 6', "wenzhai.toml: sources.a.every: does not fit: a length of time is written"),
        ('target = "x"\nevery = "soon"', "sources.a.every: does not fit: soon: is not a length of time"),
        ('target = "x"\nevery = "5s"', "sources.a.every: does not fit"),
        ('target = "x"\ncron = "61 * * * *"', "sources.a.cron: does not fit: 61 * * * *: is not a crontab line"),
        ('target = "x"\ncron = "0 0 31 2 *"', "sources.a.cron: does not fit: 0 0 31 2 *: is a time that never comes"),
        ('target = "x"\ncron = "0 0 * * *"\nevery = "1d"', "sources.a: does not fit: every and cron"),
        ('target = "x"\nevery = "1h"\njitter = "1h"', "sources.a: does not fit: jitter must be shorter"),
    ],
)
def test_mistakes_are_named_with_their_path(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        load(tmp_path, f"[sources.a]\n{text}")


def test_readme_shows_the_examples_that_init_writes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    written = re.sub(r"^#(?=\w+ = |\[)", "", commented_config(), flags=re.MULTILINE)
    assert shown.strip() in written


def test_every_key_of_a_source_is_in_the_docs() -> None:
    docs = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
    for key, field in SourceSettings.model_fields.items():
        assert field.description
        assert f"| `{key}` |" in docs


@pytest.mark.parametrize("text", ["sources = [1]", "sources = 'a'", "[sources]\na = 'b'"])
def test_sources_that_are_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"wenzhai\.toml: sources"):
        load(tmp_path, text)


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org/hook"])
def test_webhook_is_an_address(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="webhook_url"):
        load(tmp_path, f"webhook_url = '{url}'")

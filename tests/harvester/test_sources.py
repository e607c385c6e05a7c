"""What all sources have in common, and the url source."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.harvester import sources
from wenzhai.harvester.sources import Clock, FetchOptions, SourceContext, open_source, source_names
from wenzhai.models import ConfigError, SourceError

from .fault_server import PAGE, FaultServer


@pytest.fixture
def context() -> Iterator[SourceContext]:
    clock = Clock(sleep=lambda seconds: pytest.fail(f"slept {seconds} s"))
    with SourceContext(options=FetchOptions(allow_private_hosts=True, use_system_proxy=False), clock=clock) as made:
        yield made


def test_sources_are_found_by_being_there() -> None:
    assert {"archive", "url"} <= set(source_names())
    modules = {path.stem for path in Path(sources.__file__).parent.glob("[a-z]*.py")}
    assert len(source_names()) == len(modules)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("https://mp.weixin.qq.com/s/AbCdEfGh", "url"),
        ("HTTP://example.org", "url"),
        ("digests", "archive"),
        ("digests.tar.xz", "archive"),
        ("digests.zip!/2024/a.md", "archive"),
        ("/no/such/path", "archive"),
        ("C:\\digests", "archive"),
        ("文摘/一月", "archive"),
    ],
)
def test_target_finds_its_source(context: SourceContext, target: str, name: str) -> None:
    assert open_source(target, context=context).name == name


@pytest.mark.parametrize("target", ["", "  ", "ftp://example.org/a.md", "file:///etc/passwd"])
def test_target_of_no_source_is_told(context: SourceContext, target: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(target, context=context)
    assert caught.value.subject in (target, "(nothing)")
    assert "an http(s) address" in caught.value.hint
    assert ".zip" in caught.value.hint


NEW_SOURCE = """
from wenzhai.harvester.sources import Source
class Feed(Source):
    name = {name!r}
    takes = "an RSS feed"
    priority = 1
    def __init__(self, target, context): ...
    @classmethod
    def accepts(cls, target): return target.endswith(".rss")
"""


@pytest.fixture
def new_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    yield tmp_path / "feed.py"
    sys.modules.pop("wenzhai.harvester.sources.feed", None)
    if hasattr(sources, "feed"):
        del sources.feed


def test_new_file_is_a_new_source(context: SourceContext, new_module: Path) -> None:
    new_module.write_text(NEW_SOURCE.format(name="feed"))
    assert "feed" in source_names()
    assert open_source("https://example.org/a.rss", context=context).name == "feed"
    assert open_source("https://example.org/a", context=context).name == "url"


def test_two_sources_of_one_name_are_an_error(new_module: Path) -> None:
    new_module.write_text(NEW_SOURCE.format(name="url"))
    with pytest.raises(ConfigError, match="two sources"):
        source_names()


def test_module_without_a_source_is_an_error(new_module: Path) -> None:
    new_module.write_text("")
    with pytest.raises(ConfigError, match="0 sources"):
        source_names()


def test_url_is_listed_and_fetched(context: SourceContext) -> None:
    with FaultServer() as server, closing(open_source(f" {server.url('/ok')} ", context=context)) as source:
        (ref,) = source.discover()
        assert (ref.location, ref.source) == (server.url("/ok"), "url")
        assert source.fetch(ref).content == PAGE.encode()


def test_urls_of_one_run_share_their_manners() -> None:
    slept: list[float] = []
    clock = Clock(monotonic=lambda: 0.0, sleep=slept.append, random=lambda: 0.0)
    options = FetchOptions(allow_private_hosts=True, use_system_proxy=False, delay=3)
    with FaultServer() as server, SourceContext(options=options, clock=clock) as context:
        for _ in range(2):
            source = open_source(server.url("/ok"), context=context)
            source.fetch(next(source.discover()))
    assert slept == [3.0]

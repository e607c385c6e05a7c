"""What all sources have in common, and the url source."""

from __future__ import annotations

import io
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
    assert {"album", "archive", "feed", "github", "page", "url"} <= set(source_names())
    modules = {path.stem for path in Path(sources.__file__).parent.glob("[a-z]*.py")}
    assert len(source_names()) == len(modules)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("https://mp.weixin.qq.com/s/AbCdEfGh", "url"),
        ("-", "url"),
        ("@addresses.txt", "url"),
        ("HTTP://example.org", "page"),
        ("http://[::1", "page"),
        ("https://notmp.weixin.qq.com/s/AbCdEfGh", "page"),
        ("https://mp.weixin.qq.com.example.org/s/AbCdEfGh", "page"),
        ("page+https://example.org/rss", "page"),
        ("https://raw.githubusercontent.com/example/digests/main/a.md", "page"),
        ("https://example.org/feed", "feed"),
        ("https://example.org/index.xml", "feed"),
        ("https://wewe.example.org/feeds/MP_WXS_3000000001.json?limit=50&mode=fulltext", "feed"),
        ("https://wewe.example.org/feeds/all.atom", "feed"),
        ("http://mprss.example.org:8001/rss/MP_WXS_3000000001", "feed"),
        ("http://mprss.example.org:8001/feed/MP_WXS_3000000001.rss", "feed"),
        ("https://rsshub.example.org/wechat/ce/595a5b14d7164e53908f1606", "feed"),
        ("https://wechat2rss.example.org/feed/0123456789abcdef0123456789abcdef01234567.xml", "feed"),
        ("feed+https://example.org/anything", "feed"),
        ("https://example.org/feeds", "page"),
        ("https://example.org/data.json", "page"),
        ("https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA=&action=getalbum&album_id=7#wechat_redirect", "album"),
        ("album+http://127.0.0.1:1/x?album_id=7", "album"),
        ("github:ixxmu/mp_duty", "github"),
        ("https://github.com/ixxmu/mp_duty/issues", "github"),
        ("https://github.com/ixxmu/mp_duty/blob/main/README.md", "page"),
        ("github+https://git.example.org/api/v3/repos/a/b", "github"),
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
class Newsletter(Source):
    name = {name!r}
    takes = "a newsletter"
    priority = 3
    def __init__(self, target, context): ...
    @classmethod
    def accepts(cls, target): return target.endswith(".letter")
"""


@pytest.fixture
def new_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(tmp_path)])
    yield tmp_path / "newsletter.py"
    sys.modules.pop("wenzhai.harvester.sources.newsletter", None)
    if hasattr(sources, "newsletter"):
        del sources.newsletter


def test_new_file_is_a_new_source(context: SourceContext, new_module: Path) -> None:
    new_module.write_text(NEW_SOURCE.format(name="newsletter"))
    assert "newsletter" in source_names()
    assert open_source("https://example.org/a.letter", context=context).name == "newsletter"
    assert open_source("https://example.org/a", context=context).name == "page"


def test_two_sources_of_one_name_are_an_error(new_module: Path) -> None:
    new_module.write_text(NEW_SOURCE.format(name="url"))
    with pytest.raises(ConfigError, match="two sources"):
        source_names()


def test_module_without_a_source_is_an_error(new_module: Path) -> None:
    new_module.write_text("")
    with pytest.raises(ConfigError, match="0 sources"):
        source_names()


def test_page_is_listed_and_fetched(context: SourceContext) -> None:
    with FaultServer() as server, closing(open_source(f" {server.url('/ok')} ", context=context)) as source:
        (ref,) = source.discover()
        assert (ref.location, ref.source) == (server.url("/ok"), "page")
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


def test_addresses_come_from_a_file_or_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, context: SourceContext
) -> None:
    lines = "\ufeff# mine\nhttps://example.org/a\n\n https://example.org/b \nhttps://example.org/a\n"
    (tmp_path / "list.txt").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    for target in (f"@{tmp_path / 'list.txt'}", "-"):
        refs = list(open_source(target, context=context).discover())
        assert [ref.location for ref in refs] == ["https://example.org/a", "https://example.org/b"]
    known = context.remembering(known=lambda location: location.endswith("a"), listed=lambda _: True)
    refs = list(open_source(f"@{tmp_path / 'list.txt'}", context=known).discover())
    assert [ref.location for ref in refs] == ["https://example.org/b"]


def test_a_named_address_is_asked_for_though_it_is_known(context: SourceContext) -> None:
    known = context.remembering(known=lambda _: True, listed=lambda _: True)
    for target in ("https://mp.weixin.qq.com/s/AbCdEfGh", "https://example.org/a"):
        assert [ref.location for ref in open_source(target, context=known).discover()] == [target]


def test_a_missing_list_is_told(context: SourceContext) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(open_source("@/no/such/list", context=context).discover())


def test_a_context_that_remembers_fetches_as_the_one_it_is_from(context: SourceContext) -> None:
    assert context.remembering(known=lambda _: True, listed=lambda _: True).http is context.http

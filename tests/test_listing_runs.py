"""Harvesting what lists: a run that is cut short loses nothing, a run with nothing new costs one request."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.sources import Clock, FetchOptions, SourceContext
from wenzhai.models import Change, Failed, PageProblem, PageRef, PageState, RawPage, Skipped, Stored
from wenzhai.pipeline import harvest
from wenzhai.storage import Store, open_store

from .command_line import FIXTURES
from .harvester.listing_server import ListingServer

NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)
TEXT = "批次效应会让同一类细胞按来源分开，整合之前要先看清楚它有多大，再决定用哪一种办法来校正。"
HTML = (
    f"<html><head><title>整合</title></head><body><article><h1>整合</h1>{f'<p>{TEXT}</p>' * 3}</article></body></html>"
)


@pytest.fixture
def server() -> Iterator[ListingServer]:
    with ListingServer() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wenzhai.db", create=True, now=lambda: NOW) as store:
        yield store


@pytest.fixture
def context() -> Iterator[SourceContext]:
    options = FetchOptions(allow_private_hosts=True, use_system_proxy=False, delay=0, delay_jitter=0, retries=0)
    with SourceContext(options=options, clock=Clock(now=lambda: NOW, sleep=lambda _: None)) as context:
        yield context


def serve_feed(server: ListingServer, numbers: range, *, per_page: int) -> str:
    """A JSON feed of links, newest first, in pages; every article is another text."""
    starts = range(0, len(numbers), per_page)
    for start in starts:
        items = [{"id": str(n), "url": f"{{base}}/a/{n}"} for n in numbers[start : start + per_page]]
        older = f"{{base}}/feed.json?from={start + per_page}" if start + per_page < len(numbers) else ""
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items, "next_url": older}
        path = f"/feed.json?from={start}" if start else "/feed.json"
        server.answers[path] = ("feed.json", json.dumps(feed))
    for n in numbers:
        server.answers[f"/a/{n}"] = (
            "a.html",
            HTML.replace("<h1>整合", f"<h1>整合之{n}").replace(TEXT, f"{TEXT}{n}", 1),
        )
    return f"{server.base}/feed.json"


def asked(server: ListingServer) -> tuple[list[str], list[str]]:
    """What was asked for since the last time: lists, articles."""
    paths, server.asked[:] = list(server.asked), []
    return [path for path in paths if "feed" in path], [path for path in paths if "feed" not in path]


def test_nothing_new_is_one_request(
    server: ListingServer, store: Store, context: SourceContext, extractor: Extractor
) -> None:
    target = serve_feed(server, range(9, 0, -1), per_page=3)
    outcomes = list(harvest([target], store=store, extractor=extractor, context=context))
    assert [outcome.change for outcome in outcomes if isinstance(outcome, Stored)] == [Change.NEW] * 9
    assert len(asked(server)[0]) == 3
    assert list(harvest([target], store=store, extractor=extractor, context=context)) == []
    assert asked(server) == (["/feed.json"], [])
    serve_feed(server, range(10, 0, -1), per_page=3)
    assert len(list(harvest([target], store=store, extractor=extractor, context=context))) == 1
    assert asked(server) == (["/feed.json", "/feed.json?from=3"], ["/a/10"])


@pytest.mark.parametrize("articles", [1, 3, 4, 7])
def test_a_run_cut_short_loses_nothing(
    server: ListingServer, store: Store, context: SourceContext, extractor: Extractor, articles: int
) -> None:
    target = serve_feed(server, range(3, 0, -1), per_page=3)
    list(harvest([target], store=store, extractor=extractor, context=context))
    serve_feed(server, range(12, 0, -1), per_page=3)
    with_new = harvest([target], store=store, extractor=extractor, context=context)
    assert len(list(islice(with_new, articles))) == articles
    with_new.close()
    rest = list(harvest([target], store=store, extractor=extractor, context=context))
    assert len(rest) == 9 - articles
    assert store.count() == 12
    asked(server)
    assert list(harvest([target], store=store, extractor=extractor, context=context)) == []
    assert asked(server) == (["/feed.json"], [])


def test_articles_known_from_elsewhere_do_not_hide_the_rest(
    server: ListingServer, store: Store, context: SourceContext, extractor: Extractor
) -> None:
    target = serve_feed(server, range(9, 0, -1), per_page=3)
    addresses = [f"page+{server.base}/a/{n}" for n in (9, 8, 7)]
    list(harvest(addresses, store=store, extractor=extractor, context=context))
    list(harvest([target], store=store, extractor=extractor, context=context))
    assert store.count() == 9


class Refusing:
    """Stands for WeChat on a bad day: a captcha for whatever is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, ref: PageRef) -> RawPage:
        self.asked.append(ref.location)
        content = (FIXTURES / "pages" / "captcha_shell" / "page.html").read_bytes()
        return RawPage(ref, content, ref.location, "text/html", NOW)

    def close(self) -> None:
        pass


def test_a_captcha_in_place_of_a_list_rests_the_host(
    store: Store, context: SourceContext, extractor: Extractor
) -> None:
    web = Refusing()
    vars(context)["http"] = web
    target = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAwMDAwMDAwMA==&album_id=7"
    (failed,) = harvest([target], store=store, extractor=extractor, context=context)
    assert isinstance(failed, Failed)
    assert "captcha" in failed.reason
    (skipped,) = harvest([f"album+{target}"], store=store, extractor=extractor, context=context)
    assert isinstance(skipped, Skipped)
    assert len(web.asked) == 1
    # A list is no page that waits for its next try.
    assert store.known_page(target) is None


def test_text_in_the_feed_needs_no_host(
    server: ListingServer, store: Store, context: SourceContext, extractor: Extractor
) -> None:
    """Neither does it wait for a host that is left alone, nor does it count as an answer of that host's."""
    store.hosts.pause("mp.weixin.qq.com", until=NOW.replace(hour=20), reason="captcha", now=NOW)
    url = "https://mp.weixin.qq.com/s/HeldFixture00000000001"
    items = [{"id": "1", "url": url, "title": "整合", "content_html": f"<p>{TEXT}</p>" * 6}]
    server.answers["/feed.json"] = ("feed.json", json.dumps({"title": "细胞札记", "items": items}))
    (stored,) = harvest([f"{server.base}/feed.json"], store=store, extractor=extractor, context=context)
    assert isinstance(stored, Stored)
    assert store.hosts.current("mp.weixin.qq.com", now=NOW) is not None
    record = store.read_record(stored.article_id)
    assert (record.article.url, record.article.account, record.article.source) == (url, "细胞札记", "feed")


def test_20000_known_addresses_are_quick(
    server: ListingServer, store: Store, context: SourceContext, extractor: Extractor
) -> None:
    links = [f"https://mp.weixin.qq.com/s/Known{n:017d}" for n in range(20_000)]
    with store.batch():
        for link in links:
            ref = PageRef(link, "feed")
            store.put_problem(ref, PageProblem(ref, PageState.DELETED, "gone"), None, None)
    rss = "".join(f"<item><link>{link}</link><description>单细胞</description></item>" for link in links)
    server.answers["/feed.xml"] = ("feed.xml", f"<rss version='2.0'><channel>{rss}</channel></rss>")
    target = f"{server.base}/feed.xml"
    store.put_listing(target, complete=True)
    before = time.process_time()
    assert list(harvest([target], store=store, extractor=extractor, context=context)) == []
    assert time.process_time() - before < 2
    assert server.asked == ["/feed.xml"]

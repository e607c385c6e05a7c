"""What listing sources ask for and what they leave alone, page by page, against a real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from wenzhai.harvester.feed_entries import all_known, read_feed
from wenzhai.harvester.listings import unknown_refs
from wenzhai.harvester.sources import Clock, FetchOptions, SourceContext, open_source
from wenzhai.models import FetchError, PageProblem, PageRef, PageState, RawPage, SourceError

from ..command_line import FIXTURES
from .listing_server import ListingServer

ALBUM = "/mp/appmsgalbum?action=getalbum&__biz=B%3D%3D&album_id=7&count=20{}&f=json"
LONG_TEXT = "<p>" + "单细胞数据的整合要先看批次，再看类型。" * 15 + "</p>"


@pytest.fixture
def server() -> Iterator[ListingServer]:
    with ListingServer() as server:
        yield server


def context(*, known: Callable[[str], bool] = lambda _: False, listed: bool = False) -> SourceContext:
    return SourceContext(
        options=FetchOptions(allow_private_hosts=True, use_system_proxy=False, delay=0, delay_jitter=0, retries=0),
        clock=Clock(sleep=lambda _: None),
        known=known,
        listed=lambda _: listed,
    )


def locations(target: str, made: SourceContext) -> list[str]:
    with made, closing(open_source(target, context=made)) as source:
        return [ref.location for ref in source.discover()]


def album_page(numbers: range, *, more: bool) -> tuple[str, str]:
    articles = [{"url": f"{{base}}/s/{n}", "msgid": n, "itemidx": 1, "create_time": n} for n in numbers]
    answer = {"base_resp": {"ret": 0}, "getalbum_resp": {"article_list": articles, "continue_flag": str(int(more))}}
    return "album.json", json.dumps(answer)


def serve_album(server: ListingServer, *, length: int) -> str:
    for newest in range(length, 0, -20):
        cursor = "" if newest == length else f"&begin_msgid={newest + 1}&begin_itemidx=1"
        numbers = range(newest, max(newest - 20, 0), -1)
        server.answers[ALBUM.format(cursor)] = album_page(numbers, more=newest > 20)
    return f"{server.base}/mp/appmsgalbum?__biz=B==&album_id=7"


def test_new_articles_of_a_known_album_cost_one_page_more(server: ListingServer) -> None:
    target = serve_album(server, length=200)
    old = {f"{server.base}/s/{n}" for n in range(1, 196)}
    assert locations(target, context(known=old.__contains__, listed=True)) == [
        f"{server.base}/s/{n}" for n in range(200, 195, -1)
    ]
    assert len(server.asked) == 2


def test_a_listing_that_was_cut_short_is_listed_to_its_end(server: ListingServer) -> None:
    target = serve_album(server, length=60)
    newest = {f"{server.base}/s/{n}" for n in range(21, 61)}
    assert locations(target, context(known=newest.__contains__)) == [f"{server.base}/s/{n}" for n in range(20, 0, -1)]
    assert len(server.asked) == 3


def test_pages_are_asked_for_when_they_are_reached(server: ListingServer) -> None:
    made = context()
    with made, closing(open_source(serve_album(server, length=60), context=made)) as source:
        refs = source.discover()
        assert server.asked == []
        for _ in range(20):
            next(refs)
        assert len(server.asked) == 1


def test_an_album_that_goes_round_in_circles_ends(server: ListingServer) -> None:
    target = serve_album(server, length=40)
    server.answers[ALBUM.format("&begin_msgid=21&begin_itemidx=1")] = album_page(range(40, 20, -1), more=True)
    assert len(locations(target, context())) == 20
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"base_resp": {"ret": 200013}}', "code 200013"),
        ('{"getalbum_resp": []}', "not an album"),
        ("<html>oops</html>", "not JSON"),
        ("[1]", "not an album"),
        ('{"getalbum_resp": {"base_info": {"is_first_screen": "0"}, "continue_flag": "0"}}', "without articles"),
    ],
)
def test_an_album_that_is_refused_is_told(server: ListingServer, answer: str, words: str) -> None:
    server.answers[ALBUM.format("")] = ("a.json", answer)
    with pytest.raises(SourceError, match=words):
        locations(f"{server.base}/mp/appmsgalbum?__biz=B==&album_id=7", context())


def test_an_album_without_its_number_is_told(server: ListingServer) -> None:
    with pytest.raises(SourceError, match="no album_id"):
        locations(f"{server.base}/mp/appmsgalbum?__biz=B==", context())
    assert server.asked == []


def test_a_list_that_does_not_come_tells_why(server: ListingServer) -> None:
    server.answers["/feed.xml"] = 429
    with pytest.raises(SourceError, match="429") as caught:
        locations(f"{server.base}/feed.xml", context())
    assert isinstance(caught.value.problem, FetchError)
    assert caught.value.problem.status == 429


@pytest.mark.parametrize(
    "target", ["album+https://mp.weixin.qq.com/mp/appmsgalbum?album_id=7", "feed+https://mp.weixin.qq.com/x"]
)
def test_a_captcha_in_place_of_a_list_is_named(target: str) -> None:
    captcha = (FIXTURES / "pages" / "captcha_shell" / "page.html").read_bytes()

    class Captcha:
        def fetch(self, ref: PageRef) -> RawPage:
            return page(captcha, location=ref.location, media_type="text/html")

        def close(self) -> None:
            pass

    made = context()
    vars(made)["http"] = Captcha()
    with pytest.raises(SourceError, match="captcha") as caught:
        locations(target, made)
    assert isinstance(caught.value.problem, PageProblem)
    assert caught.value.problem.state is PageState.CAPTCHA


def test_github_stops_when_it_is_refused(server: ListingServer) -> None:
    issues = [
        {"body": f"{{base}}/s/{n}", "comments": 1, "comments_url": f"{{base}}/comments/{n}", "html_url": "h"}
        for n in range(5)
    ]
    listing = "/repos/a/b/issues?state=all&sort=created&direction=desc&per_page=100"
    server.answers[listing] = ("issues.json", json.dumps(issues))
    server.answers["/comments/0?per_page=100"] = 403
    made = context()
    with made, closing(open_source(f"github+{server.base}/repos/a/b", context=made)) as source:
        refs = source.discover()
        with pytest.raises(SourceError, match="the comments did not come"):
            source.fetch(next(refs))
        with pytest.raises(SourceError, match="GitHub answers no more"):
            next(refs)
    assert server.asked == [listing, "/comments/0?per_page=100"]


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_20000_known_entries_are_one_request(server: ListingServer, kind: str) -> None:
    links = [f"https://mp.weixin.qq.com/s/Known{n:017d}" for n in range(20_000)]
    items: list[dict[str, Any]] = [{"id": link, "url": link, "content_html": "<p>短</p>"} for link in links]
    rss = "".join(f"<item><link>{link}</link><description>单细胞</description></item>" for link in links)
    server.answers["/feeds/all.json"] = ("feed.json", json.dumps({"title": "t", "items": items}))
    server.answers["/feeds/all.rss"] = ("feed.rss", f"<rss version='2.0'><channel>{rss}</channel></rss>")
    assert locations(f"{server.base}/feeds/all.{kind}", context(known=set(links).__contains__, listed=True)) == []
    assert len(server.asked) == 1


def page(content: bytes, *, location: str = "https://example.org/feed.xml", media_type: str = "text/xml") -> RawPage:
    return RawPage(PageRef(location, "feed"), content, location, media_type, datetime(2025, 1, 1, tzinfo=UTC))


def feed(items: str) -> RawPage:
    return page(f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode())


ITEM = "<item><title>{0}</title><link>https://example.org/{0}</link></item>"


def test_a_feed_that_is_not_well_formed_is_read_all_the_same() -> None:
    read = read_feed(feed(ITEM.format("a") + "<item><title>R & D</title><link>/b?x=1&y=2</link></item>"))
    assert [found.location for found in read.entries] == ["https://example.org/a", "https://example.org/b?x=1&y=2"]


def test_the_last_entry_of_half_a_feed_is_not_taken(server: ListingServer) -> None:
    whole = feed(ITEM.format("a") + ITEM.format("b")).content.decode()
    server.answers["/feed.xml"] = ("feed.xml", whole[: whole.index("/b</link>") + 1])
    made = context()
    with made, closing(open_source(f"{server.base}/feed.xml", context=made)) as source:
        refs = source.discover()
        assert next(refs).location == "https://example.org/a"
        with pytest.raises(SourceError, match="ends in the middle"):
            next(refs)


@pytest.mark.parametrize("content", [b"", b"<html><body>x</body></html>", b"{", b'{"items": 7}', b"[]", b"\x89PNG"])
def test_what_is_no_feed_is_told(content: bytes) -> None:
    with pytest.raises(SourceError, match="not a"):
        read_feed(page(content))


@pytest.mark.parametrize("link", ["http://[::1", "https://[", "//[a"])
def test_entry_with_an_address_that_makes_no_sense_keeps_none(link: str) -> None:
    item = {"id": "1", "url": link, "title": "题", "content_text": "正文。" * 100}
    (entry,) = read_feed(feed(f"<item><title>题</title><link>{link}</link></item>")).entries
    in_json = read_feed(page(json.dumps({"items": [item], "next_url": link}).encode()))
    assert entry.location == in_json.entries[0].location.replace("#1", "#%E9%A2%98")
    assert in_json.next_address == ""


@pytest.mark.parametrize("date", ["99999-01-01", "Mon, 01 Jan 0000 00:00:00 GMT", "9999-12-31T23:59:59-23:00", "1e400"])
def test_dates_out_of_range_are_no_reason_to_stop(date: str) -> None:
    (entry,) = read_feed(feed(f"<item><title>题</title><pubDate>{date}</pubDate></item>")).entries
    assert entry.entry is not None
    assert entry.entry.published in ("", "9999-11-01T00:00:00+00:00")


@pytest.mark.parametrize(
    "content",
    [b"<?xml version='1.0' encoding='x\0y'?><rss/>", b"<?xml version='1.0' encoding='\xff\xfe'?><rss version='2.0'/>"],
)
def test_what_feedparser_trips_over_is_no_feed(content: bytes) -> None:
    with pytest.raises(SourceError, match="not a feed"):
        read_feed(page(content))


def test_identifier_in_place_of_a_link_that_is_empty() -> None:
    (entry,) = read_feed(feed("<item><title>题</title><guid isPermaLink='true'></guid></item>")).entries
    assert entry.location.startswith("feed+")


def test_entities_reach_no_file_and_do_not_swell(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    entities = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a0 "{"x" * 1000}">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)
    )
    text = f"<!DOCTYPE rss [{entities}]><rss version='2.0'><channel><title>T</title>{ITEM}</channel></rss>"
    for name in ("&x;", "&a8;"):
        hostile = page(text.format(name).replace("https://example.org/" + name, "https://example.org/a").encode())
        read = read_feed(hostile)
        assert "geheim" not in str(read)
        assert len(str(read)) < 10_000
        assert not all_known(hostile, lambda _: False)


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        (f"<content:encoded><![CDATA[{LONG_TEXT}]]></content:encoded>", True),
        ("<content:encoded><![CDATA[<p>环境异常，完成验证后即可继续访问。</p>]]></content:encoded>", False),
        (f"<content:encoded><![CDATA[{LONG_TEXT[:-4]}……]]></content:encoded>", False),
        (f"<description><![CDATA[{LONG_TEXT}]]></description>", False),
        (f"<description><![CDATA[{LONG_TEXT * 2}]]></description>", True),
        (f"<description><![CDATA[{'长长的摘要没有段落。' * 60}]]></description>", False),
        ("", False),
    ],
)
def test_full_text_is_told_from_summaries_and_failures(body: str, taken: bool) -> None:  # noqa: FBT001 - a parameter
    item = ITEM.format("a").replace("</item>", f"{body}</item>")
    content = feed(item).content.replace(b"<rss ", b"<rss xmlns:content='http://purl.org/rss/1.0/modules/content/' ")
    (found,) = read_feed(page(content)).entries
    assert (found.entry is not None) is taken


def test_pages_without_articles_do_not_end_a_list() -> None:
    pages = [[], [PageRef("a", "s")], [], [PageRef("b", "s")]]
    assert [ref.location for ref in unknown_refs(pages, known=lambda _: False, complete=True)] == ["a", "b"]

"""The doors a stranger's words come in by: each makes a page, feed or export of a text, and has it read."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from html import escape

from wenzhai.harvester.export_container import export_members
from wenzhai.harvester.feed_entries import read_feed
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, PageProblem, PageRef, RawPage, SourceError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WECHAT = "https://mp.weixin.qq.com/s/Robust0000000001"
_WECHAT_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta property="og:title" content="{title}" /></head>
<body class="zh_CN mm_appmsg"><div id="js_article"><a id="js_name">单细胞灶台</a>
<div class="rich_media_content" id="js_content"><p>本期读一篇图谱论文，作者测了五千个细胞。</p>{body}</div></div>
<script>
{script}
  var biz = "" || "MzAwMDAwMDAwMQ==";
  var mid = "" || "2650000001";
  var idx = "" || "1";
  var ct = "1700000000";
</script></body></html>
"""
Extract = Callable[[Article], object]


def raw_page(content: bytes | str, *, url: str, media_type: str) -> RawPage:
    """A page as it came, at a fixed time."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return RawPage(ref=PageRef(url, "campaign"), content=data, final_url=url, media_type=media_type, fetched_at=NOW)


def wechat(*, title: str = "题", body: str = "", script: str = "") -> RawPage:
    """A page of a public account."""
    return raw_page(_WECHAT_PAGE.format(title=title, body=body, script=script), url=WECHAT, media_type="text/html")


def markdown(text: str) -> RawPage:
    """An archived article."""
    return raw_page(text, url="digests/a.md", media_type="text/markdown")


def feed(text: str) -> RawPage:
    """A feed."""
    return raw_page(text, url="https://feeds.test/feed.xml", media_type="application/rss+xml")


def _rss(text: str) -> RawPage:
    once = escape(text)
    item = f"<title>{once}</title><link>{once}</link><description>{escape(once)}</description>"
    return feed(f'<rss version="2.0"><channel><title>{once}</title><item>{item}</item></channel></rss>')


def _json_export(text: str) -> RawPage:
    (member, *_) = export_members("a.json", json.dumps([{"title": text, "content": text, "link": text}]).encode())
    return raw_page(member.read(1 << 30), url="a.json!/1", media_type=member.media_type)


DOORS: dict[str, Callable[[str], RawPage]] = {
    "words of a page": lambda text: wechat(body=f"<p>{escape(text)}</p>"),
    "words with full-width spaces": lambda text: wechat(body=f"<p>{escape(text.replace(' ', '　'))}</p>"),
    "tags of a page": lambda text: wechat(body=text),
    "title of a page": lambda text: wechat(title=escape(text.replace(" ", "　"))),
    "script of a page": lambda text: wechat(
        script=f"window.cgiDataNew = {{\n  title: '{text}',\n  x: 1\n}};\nvar msg_title = {text}\n"
    ),
    "failure page": lambda text: raw_page(f'<div class="mesg-block">{text}</div>', url=WECHAT, media_type="text/html"),
    "web page": lambda text: raw_page(
        f"<html><head><title>{text}</title></head><body><article>{text}</article></body></html>",
        url="https://blog.test/a",
        media_type="text/html",
    ),
    "bare page": lambda text: raw_page(text, url="https://blog.test/a", media_type="text/html"),
    "markdown": lambda text: markdown(f'---\ntitle: "T"\ndate: 2024-01-01\n---\n{text}\n\n正文在此。\n'),
    "bare markdown": markdown,
    "front matter": lambda text: markdown(f'---\ntitle: "{text}"\ntags: [{text}]\n---\n正文在此。\n'),
    "feed": _rss,
    "tail of a feed": lambda text: feed(f'<rss version="2.0"><channel></channel></rss>{text}'),
    "export": _json_export,
}


def read(page: RawPage, *, extract: Extract) -> Article | PageProblem | None:
    """What becomes of a page or feed; None for a feed. Only what is documented may be raised, and is not."""
    if page.media_type == "application/rss+xml":
        with suppress(SourceError):
            read_feed(page)
        return None
    found = read_page(page)
    if isinstance(found, Article):
        extract(found)
    elif found.detail.startswith("the page could not be read, which is an error in wenzhai"):
        raise AssertionError(found.evidence)
    return found

"""A public account on the loopback interface: a feed, its articles, and faults by a seed."""

from __future__ import annotations

import gzip
import json
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from ..harvester.fault_server import BOMB, FaultHandler, FaultServer, example_page

HOST = "mp.weixin.qq.com"  # resolved to this machine by the tests
FEED_HOST = "feeds.test"
BIZ = "MzAwMDAwMDAwMQ=="
FEED_PATH = "/feed.json"
# What stands for an article that is gone for good.
GONE = ("deleted_zh", "violation", "account_cancelled", "expired")


@dataclass(frozen=True)
class SiteArticle:
    """One article of the site, at its short address and at a long one."""

    number: int
    gone: str = ""

    @property
    def token(self) -> str:
        return f"Robust{self.number:016d}"

    @property
    def title(self) -> str:
        return f"第{self.number}期：单细胞图谱里的第{self.number}种细胞"

    @property
    def text(self) -> str:
        return "\n".join(
            (
                f"本期读第{self.number}篇图谱论文，作者测了{self.number * 37 + 5000}个细胞。",
                f"聚类之后得到{self.number % 23 + 7}个亚群，其中一群高表达标志物编号{self.number}。",
                f"作者认为第{self.number}种细胞来自祖细胞的一次不对称分裂，证据是谱系示踪。",
            )
        )

    def answer(self) -> bytes:
        """What the site has under its addresses."""
        return example_page(self.gone) if self.gone else self.page()

    def page(self) -> bytes:
        paragraphs = "".join(f"<p><span>{line}</span></p>\n" for line in self.text.splitlines())
        return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title></title>
<meta property="og:title" content="{self.title}" />
<meta property="og:url" content="https://{HOST}/s/{self.token}" />
</head><body class="zh_CN mm_appmsg">
<div id="js_article"><h1 id="activity-name">{self.title}</h1><a id="js_name">单细胞灶台</a>
<div class="rich_media_content" id="js_content" style="visibility: hidden;">
{paragraphs}</div></div>
<script>
  var biz = "" || "{BIZ}";
  var mid = "" || "{2650000000 + self.number}";
  var idx = "" || "1";
  var ct = "{1700000000 + self.number * 600}";
  var item_show_type = "0";
</script>
</body></html>
""".encode()


@dataclass
class Site:
    """What the server answers: a page, or by chance a fault; the same seed gives the same faults.

    Attributes:
        server: where it is served.
        articles: by path.
        rate: the share of requests that end in a fault.
        count: faults so far, by name; ``none`` for answers without one.
        met_by: the articles whose requests met each fault.
        on_request: called with the number of each request for an article.
    """

    server: FaultServer
    size: int
    rate: float = 0.3
    seed: int = 1
    count: Counter[str] = field(default_factory=Counter)
    met_by: dict[str, set[SiteArticle]] = field(default_factory=lambda: defaultdict(set))
    on_request: Callable[[int], None] = lambda _: None
    also_by_long_address: int = 0

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - no secret
        self.articles = [
            SiteArticle(number, gone=chance.choice(GONE) if chance.random() < 0.04 else "")
            for number in range(self.size)
        ]
        self._lock = threading.Lock()
        self._requests = 0
        self.server.routes[FEED_PATH] = self._feed
        self.server.routes["/s"] = self._long
        for article in self.articles:
            self.server.routes[f"/s/{article.token}"] = self._route(article)

    @property
    def reachable(self) -> list[SiteArticle]:
        return [article for article in self.articles if not article.gone]

    @property
    def feed(self) -> str:
        return self.server.url(FEED_PATH, host=FEED_HOST)

    def url(self, article: SiteArticle) -> str:
        return self.server.url(f"/s/{article.token}", host=HOST)

    def long_url(self, article: SiteArticle) -> str:
        query = f"__biz={BIZ}&mid={2650000000 + article.number}&idx=1&chksm={article.number:08x}&scene=21"
        return self.server.url(f"/s?{query}", host=HOST)

    def _feed(self, handler: FaultHandler) -> None:
        urls = [self.url(article) for article in self.articles]
        urls += [self.long_url(article) for article in self.articles[: self.also_by_long_address]]
        items = [{"id": url, "url": url} for url in urls]
        body = {"version": "https://jsonfeed.org/version/1.1", "title": "单细胞灶台", "items": items}
        handler.answer(body=json.dumps(body).encode(), content_type="application/feed+json")

    def _long(self, handler: FaultHandler) -> None:
        mid = handler.path.partition("mid=")[2].partition("&")[0]
        self._route(self.articles[int(mid) - 2650000000])(handler)

    def _route(self, article: SiteArticle) -> Callable[[FaultHandler], None]:
        def answer(handler: FaultHandler) -> None:
            with self._lock:
                self._requests += 1
                number = self._requests
                nth = handler.nth()
                chance = random.Random(f"{self.seed}/{handler.path}/{nth}")  # noqa: S311
                fault = chance.choice(_DEALT) if chance.random() < self.rate else ""
                self.count[fault or "none"] += 1
                self.met_by[fault or "none"].add(article)
            self.on_request(number)
            if fault:
                FAULTS[fault][1](handler, article)
            else:
                handler.html(article.answer())

        return answer


Fault = Callable[[FaultHandler, SiteArticle], None]


def _drop(handler: FaultHandler, _: SiteArticle) -> None:
    handler.close_connection = True


def _drop_within(handler: FaultHandler, article: SiteArticle) -> None:
    handler.close_connection = True
    body = article.answer()
    handler.answer(body=body[: len(body) // 2], content_type="text/html", content_length=str(len(body)))


def _short_length(handler: FaultHandler, article: SiteArticle) -> None:
    handler.close_connection = True
    body = article.answer()
    handler.html(body, content_length=str(len(body) * 2 // 3))


def _stall(handler: FaultHandler, article: SiteArticle) -> None:
    """Drips its headers, then says nothing more until the client has left."""
    handler.close_connection = True
    for piece in (b"HTTP/1.1 200 OK\r\n", b"content-type: text/html\r\n", b"content-length: 900\r\n\r\n", b"<html>"):
        handler.wfile.write(piece)
        handler.wfile.flush()
    handler.faults.stop.wait(1)


def _wrong_bytes(handler: FaultHandler, article: SiteArticle) -> None:
    handler.html(article.answer().decode().encode("gb18030", "replace"))


def _wrong_charset(handler: FaultHandler, article: SiteArticle) -> None:
    handler.html(article.answer(), charset="gb18030")


def _damaged_gzip(handler: FaultHandler, article: SiteArticle) -> None:
    handler.answer(body=gzip.compress(article.answer())[:-20], content_encoding="gzip", content_type="text/html")


def _bomb(handler: FaultHandler, _: SiteArticle) -> None:
    handler.answer(body=BOMB, content_encoding="gzip", content_type="text/html")


def _loop(handler: FaultHandler, _: SiteArticle) -> None:
    handler.answer(302, location=handler.path)


def _two_characters(handler: FaultHandler, _: SiteArticle) -> None:
    handler.html("<html><body><div class='rich_media'><p>加载</p></div></body></html>".encode())


def _status(status: int, **headers: str) -> Fault:
    return lambda handler, _: handler.answer(status, **headers)


def _page(case: str) -> Fault:
    return lambda handler, _: handler.html(example_page(case))


# How often each is dealt, and what it does. A host that has had enough ends a pass: those are the rare ones.
FAULTS: dict[str, tuple[int, Fault]] = {
    "connection dropped": (10, _drop),
    "dropped within the body": (10, _drop_within),
    "length too small": (10, _short_length),
    "stalls": (1, _stall),
    "declared another charset": (6, _wrong_charset),
    "encoded otherwise than declared": (6, _wrong_bytes),
    "gzip damaged": (8, _damaged_gzip),
    "gzip bomb": (2, _bomb),
    "endless redirect": (4, _loop),
    "HTTP 500": (10, _status(500)),
    "HTTP 503 for 17 s": (8, _status(503, retry_after="17")),
    "HTTP 429": (4, _status(429)),
    "HTTP 429 for a day": (1, _status(429, retry_after="86400")),
    "empty": (6, _status(200, content_type="text/html")),
    "two characters": (8, _two_characters),
    "no words": (6, _page("private_shell")),
    "system error": (6, _page("system_error")),
    "unavailable for now": (4, _page("unavailable")),
    "captcha": (2, _page("captcha_shell")),
    "captcha with words": (1, _page("captcha_visible")),
    "quota": (1, _page("quota")),
}
_DEALT = [name for name, (weight, _) in FAULTS.items() for _ in range(weight)]

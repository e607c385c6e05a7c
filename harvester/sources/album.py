"""Albums (合集) of a public account, by WeChat's own list of their articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from ...models import PageProblem, PageRef, PageState, RawPage, SourceError
from ..listings import fetch_listing, not_a_listing, read_json, unknown_refs
from . import Source, SourceContext

_PREFIX = re.compile(r"album\+(?=https?://)", re.IGNORECASE)
_PATH = "/mp/appmsgalbum"
# The server gives 20 at most.
_COUNT = "20"
_TOO_OFTEN = frozenset({"200013"})  # "freq control"


class AlbumSource(Source):
    """The articles of an album, newest first.

    The target is the album's address as WeChat shares it, with ``__biz`` and ``album_id`` in it.
    """

    name: ClassVar[str] = "album"
    takes: ClassVar[str] = "the address of a WeChat album (https://mp.weixin.qq.com/mp/appmsgalbum?…)"
    priority: ClassVar[int] = 2
    listing: ClassVar[bool] = True

    def __init__(self, target: str, context: SourceContext) -> None:
        self._target = target.strip()
        self._address = unescape(_PREFIX.sub("", self._target))
        self._context = context

    @classmethod
    def accepts(cls, target: str) -> bool:
        target = target.strip()
        if _PREFIX.match(target):
            return True
        try:
            parts = urlsplit(target)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.path.rstrip("/") == _PATH

    def discover(self) -> Iterator[PageRef]:
        yield from unknown_refs(self._pages(), known=self._context.known, complete=self._context.listed(self._target))

    def fetch(self, ref: PageRef) -> RawPage:
        return self._context.http.fetch(ref)

    def close(self) -> None:
        """The connections belong to the context."""

    def _pages(self) -> Iterator[list[PageRef]]:
        order: dict[str, str] = {}
        answer = self._ask(order)
        if _is_oldest_first(answer):
            # Some albums are shown in the order they were written; asked the other way round, the news comes first.
            order = {"is_reverse": "1"}
            answer = self._ask(order)
        if not _articles(answer):
            raise SourceError("an album without articles", subject=self._target, hint="see whether it still exists")
        cursors: set[tuple[str, str]] = set()
        while True:
            articles = _articles(answer)
            yield [PageRef(location=url, source=self.name) for article in articles if (url := _address(article))]
            more = answer.get("continue_flag", answer.get("reverse_continue_flag"))
            if not articles or str(more) != "1":
                return
            cursor = str(articles[-1].get("msgid", "")), str(articles[-1].get("itemidx", ""))
            if cursor in cursors or not all(cursor):
                raise SourceError("the album's list does not go on where it says", subject=self._target)
            cursors.add(cursor)
            answer = self._ask({**order, "begin_msgid": cursor[0], "begin_itemidx": cursor[1]})

    def _ask(self, further: dict[str, str]) -> dict[str, Any]:
        page = fetch_listing(self._context.http, self._request(further), source=self.name)
        answer = read_json(page)
        found = answer.get("getalbum_resp") if isinstance(answer, dict) else None
        code = str((answer.get("base_resp") or {}).get("ret", 0)) if isinstance(answer, dict) else "0"
        if code != "0":
            raise _refused(page, code)
        if not isinstance(found, dict):
            raise not_a_listing(page, wanted="an album")
        return found

    def _request(self, further: dict[str, str]) -> str:
        try:
            parts = urlsplit(self._address)
        except ValueError as error:
            raise SourceError(f"not an address: {error}", subject=self._target) from error
        given = parse_qs(parts.query)
        album_id = next(iter(given.get("album_id", ())), "")
        if not album_id:
            raise SourceError("no album_id in the address", subject=self._target, hint="copy the album's whole address")
        # `+` in base64 came out as a space.
        biz = next(iter(given.get("__biz", ())), "").replace(" ", "+")
        asked = {"action": "getalbum", "__biz": biz, "album_id": album_id, "count": _COUNT, **further, "f": "json"}
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(asked), ""))


def _refused(page: RawPage, code: str) -> SourceError:
    """The error for an answer that is a code; one that means "too often" says so to whoever asks this host next."""
    evidence = f"WeChat refuses the album: code {code}"
    problem = PageProblem(ref=page.ref, state=PageState.QUOTA, evidence=evidence) if code in _TOO_OFTEN else None
    return SourceError(evidence, subject=page.ref.location, problem=problem)


def _articles(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The articles of an answer: a page of one article is that article instead of a list."""
    found = answer.get("article_list")
    articles = [found] if isinstance(found, dict) else found
    return [article for article in articles if isinstance(article, dict)] if isinstance(articles, list) else []


def _address(article: dict[str, Any]) -> str:
    """The article's address as it came, but for the escapes of HTML."""
    url = article.get("url")
    return unescape(url).strip() if isinstance(url, str) else ""


def _is_oldest_first(answer: dict[str, Any]) -> bool:
    times = [int(text) for article in _articles(answer) if (text := str(article.get("create_time", ""))).isdigit()]
    return len(times) > 1 and times[0] < times[-1] and str(answer.get("continue_flag")) == "1"

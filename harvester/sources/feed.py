"""RSS, Atom and JSON feeds, those of the WeChat bridges among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urldefrag, urlsplit

from ...models import PageRef, RawPage, SourceError
from ..entry_page import ENTRY_TYPE, Entry
from ..feed_entries import Feed, all_known, read_feed
from ..listings import fetch_listing, unknown_refs
from . import Source, SourceContext

_PREFIX = re.compile(r"feed\+(?=https?://)", re.IGNORECASE)
# /feeds/MP_WXS_1.json (WeWe RSS), /rss/MP_WXS_1 and /feed/MP_WXS_1.rss (we-mp-rss), /feed/0a1b.xml (Wechat2RSS),
# and what blogs call theirs.
_FEED_PATH = re.compile(
    r".*\.(?:rss|atom|xml)|(?:.*/)?feeds?/[^/]+\.json|(?:.*/)?feed\.json|(?:.*/)?rss/[^/.]+|(?:.*/)?(?:feed|rss|atom)/?",
    re.IGNORECASE,
)


class FeedSource(Source):
    """The entries of a feed: the article itself where the feed carries it, else the page it links to.

    Any address can be named a feed by writing it ``feed+https://…``; those that look like one need not be.
    """

    name: ClassVar[str] = "feed"
    takes: ClassVar[str] = "the address of an RSS, Atom or JSON feed (feed+https://… where it does not look like one)"
    priority: ClassVar[int] = 1
    listing: ClassVar[bool] = True

    def __init__(self, target: str, context: SourceContext) -> None:
        self._target = target.strip()
        # A fragment names one entry, of those that have no address of their own.
        self._address, fragment = urldefrag(_PREFIX.sub("", self._target))
        self._only = f"feed+{self._address}#{fragment}" if fragment else ""
        self._context = context
        self._held: dict[str, Entry] = {}

    @classmethod
    def accepts(cls, target: str) -> bool:
        target = target.strip()
        return _PREFIX.match(target) is not None or _looks_like_a_feed(target)

    def discover(self) -> Iterator[PageRef]:
        if self._only:
            yield PageRef(location=self._only, source=self.name)
            return
        yield from unknown_refs(self._pages(), known=self._context.known, complete=self._context.listed(self._target))

    def fetch(self, ref: PageRef) -> RawPage:
        entry = self._held.pop(ref.location, None)
        if entry is None and ref.is_web_address:
            return self._context.http.fetch(ref)
        if entry is None:
            entry = self._look_up(ref.location)
        return RawPage(
            ref=ref,
            content=entry.pack(),
            final_url=ref.location,
            media_type=ENTRY_TYPE,
            charset="utf-8",
            fetched_at=self._context.clock.now(),
        )

    def close(self) -> None:
        self._held.clear()

    def _pages(self) -> Iterator[list[PageRef]]:
        asked: set[str] = set()
        address = self._address
        while address and address not in asked:
            asked.add(address)
            page = fetch_listing(self._context.http, address, source=self.name)
            if self._context.listed(self._target) and all_known(page, self._context.known):
                return
            feed = read_feed(page)
            yield self._refs(feed)
            if feed.cut_short:
                raise SourceError(
                    "the feed ends in the middle; its last entry is left for the next time", subject=address
                )
            address = feed.next_address

    def _refs(self, feed: Feed) -> list[PageRef]:
        self._held = {found.location: found.entry for found in feed.entries if found.entry is not None}
        return [
            PageRef(location=found.location, source=self.name, held=found.entry is not None) for found in feed.entries
        ]

    def _look_up(self, location: str) -> Entry:
        for _ in self._pages():
            if location in self._held:
                return self._held[location]
        raise SourceError("no longer in the feed", subject=location)


def _looks_like_a_feed(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    # RSSHub's paths end like any page's; its instances are called after it.
    is_rsshub = (parts.hostname or "").startswith("rsshub") and parts.path.strip("/") != ""
    return is_rsshub or _FEED_PATH.fullmatch(parts.path) is not None

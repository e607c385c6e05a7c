"""One web page that is not WeChat's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from ...models import PageRef, RawPage
from . import Source, SourceContext

_PREFIX = re.compile(r"page\+(?=https?://)", re.IGNORECASE)


class PageSource(Source):
    """The article on any web page; ``page+https://…`` for an address that looks like a feed but is none."""

    name: ClassVar[str] = "page"
    takes: ClassVar[str] = "an http(s) address of a web page (page+https://… where it looks like a feed)"

    def __init__(self, target: str, context: SourceContext) -> None:
        self._address = _PREFIX.sub("", target.strip())
        self._context = context

    @classmethod
    def accepts(cls, target: str) -> bool:
        return _PREFIX.sub("", target.strip()).lower().startswith(("http://", "https://"))

    def discover(self) -> Iterator[PageRef]:
        yield PageRef(location=self._address, source=self.name)

    def fetch(self, ref: PageRef) -> RawPage:
        return self._context.http.fetch(ref)

    def close(self) -> None:
        """The connections belong to the context."""

"""One web address given on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ...models import PageRef, RawPage
from . import Source, SourceContext


class UrlSource(Source):
    """The article at an http(s) address, asked for exactly as the address was given."""

    name: ClassVar[str] = "url"
    takes: ClassVar[str] = "an http(s) address"

    def __init__(self, target: str, context: SourceContext) -> None:
        self._target = target.strip()
        self._context = context

    @classmethod
    def accepts(cls, target: str) -> bool:
        return target.strip().lower().startswith(("http://", "https://"))

    def discover(self) -> Iterator[PageRef]:
        yield PageRef(location=self._target, source=self.name)

    def fetch(self, ref: PageRef) -> RawPage:
        return self._context.http.fetch(ref)

    def close(self) -> None:
        """The connections belong to the context."""

"""Addresses given by hand: one WeChat article, a file of addresses, standard input."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import ClassVar, TextIO

from ...models import PageRef, RawPage, SourceError
from . import Source, SourceContext

_WEB = ("http://", "https://")
_WECHAT = re.compile(r"https?://mp\.weixin\.qq\.com(?:[:/?#]|$)", re.IGNORECASE)


class UrlSource(Source):
    """The article at an address, asked for exactly as the address was given, or those of a list of addresses.

    ``@FILE`` and ``-`` (standard input) hold an address a line; blank lines and ``# remarks`` are passed over,
    and so are addresses that are known. A single address is asked for even if it is known: it was named.
    """

    name: ClassVar[str] = "url"
    takes: ClassVar[str] = "the address of a WeChat article, @FILE with an address a line, - to read such lines"
    priority: ClassVar[int] = 1

    def __init__(self, target: str, context: SourceContext) -> None:
        self._target = target.strip()
        self._context = context

    @classmethod
    def accepts(cls, target: str) -> bool:
        target = target.strip()
        return target == "-" or (target.startswith("@") and len(target) > 1) or _WECHAT.match(target) is not None

    def discover(self) -> Iterator[PageRef]:
        if self._target.lower().startswith(_WEB):
            yield PageRef(location=self._target, source=self.name)
            return
        for address in dict.fromkeys(self._lines()):
            if not self._context.known(address):
                yield PageRef(location=address, source=self.name)

    def fetch(self, ref: PageRef) -> RawPage:
        if not ref.location.lower().startswith(_WEB):
            raise SourceError("not an http(s) address", subject=ref.location, hint=f"mend this line of {self._target}")
        return self._context.http.fetch(ref)

    def close(self) -> None:
        """The connections belong to the context."""

    def _lines(self) -> Iterator[str]:
        try:
            with closing(self._opened()) as file:
                for line in file:
                    text = line.strip().removeprefix("\ufeff")
                    if text and not text.startswith("#"):
                        yield text
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", subject=self._target) from error

    def _opened(self) -> TextIO:
        """The list as text; bytes that are no UTF-8 spoil their line, not the list."""
        if self._target == "-":
            return io.StringIO(sys.stdin.read())
        return Path(self._target[1:]).open(encoding="utf-8", errors="replace")

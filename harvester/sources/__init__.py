"""Sources of articles, one a module: each takes one kind of target from the command line.

A new source is a new module here with one class that derives from `Source`; it is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Protocol, Self

from ...models import ConfigError, PageRef, RawPage, SourceError
from ..clock import Clock
from ..fetch import HttpFetcher
from ..fetch_options import FetchOptions
from ..hosts import Resolve, resolve_host

__all__ = ["Clock", "FetchOptions", "Source", "SourceContext", "open_source", "source_names"]


def _no(_: str) -> bool:
    """The answer of whoever remembers nothing."""
    return False


@dataclass(frozen=True)
class SourceContext:
    """What sources are given to work with; shared by all sources of a run, closed at its end.

    Attributes:
        options: limits and manners of fetching.
        clock: time, sleep and chance.
        resolve: looks up the IP addresses of a host.
        known: whether nothing is to be done about a location: it gave an article, or is not to be asked (yet).
        listed: whether the last listing of a target came to its end; until one does, all of it is listed.
        lender: the context whose fetcher is used; None for one of its own.
    """

    options: FetchOptions = field(default_factory=FetchOptions)
    clock: Clock = field(default_factory=Clock)
    resolve: Resolve = resolve_host
    known: Callable[[str], bool] = _no
    listed: Callable[[str], bool] = _no
    lender: SourceContext | None = None

    @cached_property
    def http(self) -> HttpFetcher:
        """The one fetcher of the run: only a shared one can keep its distance from a host."""
        if self.lender is not None:
            return self.lender.http
        return HttpFetcher(options=self.options, clock=self.clock, resolve=self.resolve)

    def remembering(self, *, known: Callable[[str], bool], listed: Callable[[str], bool]) -> SourceContext:
        """The same context, fetcher included, for sources that are to list only what is not known."""
        return replace(self, known=known, listed=listed, lender=self.lender or self)

    def close(self) -> None:
        """Closes connections, if any were made."""
        if self.lender is None and "http" in self.__dict__:
            self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Source(Protocol):
    """Lists the articles of one target and gets their bytes.

    A source whose list carries an article's text keeps it for `fetch`, which then asks nobody. Every location it
    lists is itself a target that some source accepts, so a page can be asked for again by its location.

    Attributes:
        name: how the source is called in records; unique.
        takes: what it accepts, in words, for messages.
        priority: who is asked first when several accept; 0 for sources that take whole kinds of targets
            (any address, any path).
        listing: it asks a server what there is, newest first, and lists only what `SourceContext.known` does
            not know.
    """

    name: ClassVar[str]
    takes: ClassVar[str]
    priority: ClassVar[int] = 0
    listing: ClassVar[bool] = False

    def __init__(self, target: str, context: SourceContext) -> None:
        """Remembers the target; opens nothing, raises nothing."""

    @classmethod
    def accepts(cls, target: str) -> bool:
        """Whether this target is one of its kind, by its form alone."""
        ...

    def discover(self) -> Iterator[PageRef]:
        """The articles of the target, lazily.

        Raises:
            SourceError: the target cannot be opened, or its rest cannot be listed; what was yielded
                before stays good.
        """
        ...

    def fetch(self, ref: PageRef) -> RawPage:
        """The bytes of one article, soonest got directly after `discover` yielded it.

        Raises:
            FetchError: the address did not answer with a page, or the page is too large.
            SourceError: the target cannot be opened, or this part of it must not or cannot be read.
        """
        ...

    def close(self) -> None:
        """Lets go of what is held open; may be called more than once."""


def source_names() -> tuple[str, ...]:
    """The names of all sources, sorted.

    Raises:
        ConfigError: two modules use one name, or a module holds no source.
    """
    return tuple(sorted(_sources()))


def open_source(target: str, *, context: SourceContext) -> Source:
    """The source for a target of the command line: a path or an address.

    Opens nothing yet: a missing file is told by `Source.discover`.

    Raises:
        SourceError: no source accepts such a target.
    """
    sources = sorted(_sources().values(), key=lambda source: (-source.priority, source.name))
    for source in sources:
        if source.accepts(target):
            return source(target, context)
    accepted = "; ".join(source.takes for source in sources)
    raise SourceError("no source for this", subject=target or "(nothing)", hint=f"accepted: {accepted}")


def _sources() -> dict[str, type[Source]]:
    found: dict[str, type[Source]] = {}
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        source = _source_in(module.name)
        if source.name in found:
            raise ConfigError(f"two sources are called {source.name!r}", subject=module.name)
        found[source.name] = source
    return found


def _source_in(module_name: str) -> type[Source]:
    """The one class of a module that derives from `Source`."""
    names = vars(importlib.import_module(module_name)).values()
    classes = [
        value
        for value in names
        if isinstance(value, type) and Source in value.__mro__ and value.__module__ == module_name
    ]
    if len(classes) != 1:
        raise ConfigError(f"holds {len(classes)} sources, not one", subject=module_name)
    return classes[0]

"""Records made anew from the stored pages: what an older extractor or lexicon made, or all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from .digesting import Digest, Digested, Digesters, killed, serial
from .extractors.nlp import Extractor
from .models import Failed, Outcome, RawPage, Stored, Supply
from .parallel import Killed
from .pipeline import BATCH_SIZE
from .storage import Store, StoredArticle


def extract_again(
    *,
    store: Store,
    extractor: Extractor,
    everything: bool = False,
    digesters: Digesters | None = None,
    supply: Supply | None = None,
) -> Generator[Outcome, None, None]:
    """Makes the records anew of stored articles that an older extractor or lexicon made; reads no source.

    Args:
        everything: also those that are current.
        digesters: read and extract the pages; None for this process.
        supply: counts what comes in.
    """
    supply, digesters = supply or Supply(), digesters or serial(extractor)
    waiting: list[_Again] = []
    for stored, page, found in _digested_again(store, extractor, digesters, supply, everything=everything):
        if isinstance(found, Digest):
            waiting.append(_again(stored, page, found))
        else:
            yield Failed(stored.ref, killed(page, found) if isinstance(found, Killed) else found)
        if len(waiting) >= BATCH_SIZE:
            yield from supply.telling(_put_again(waiting, store))
    yield from supply.telling(_put_again(waiting, store))


@dataclass(frozen=True, slots=True)
class _Again:
    """A record made anew, ready to be stored."""

    page: RawPage
    digest: Digest


def _digested_again(
    store: Store, extractor: Extractor, digesters: Digesters, supply: Supply, *, everything: bool
) -> Iterator[tuple[StoredArticle, RawPage, Digested | Killed]]:
    away: deque[StoredArticle] = deque()  # results come in the order of the pages

    def pages() -> Iterator[RawPage]:
        for stored in store.iterate_articles():
            if everything or stored.provenance != extractor.provenance(stored.snapshot_sha256):
                supply.take()
                away.append(stored)
                yield store.read_snapshot(stored.snapshot_sha256, ref=stored.ref)

    for page, found in digesters.map(pages()):
        yield away.popleft(), page, found


def _again(stored: StoredArticle, page: RawPage, found: Digest) -> _Again:
    # It stays the article it is, whatever its page is called today.
    return _Again(page, found.known_as(stored.article_id))


def _put_again(waiting: list[_Again], store: Store) -> list[Outcome]:
    if not waiting:
        return []
    with store.batch():
        outcomes: list[Outcome] = [_put(each, store) for each in waiting]
    waiting.clear()
    return outcomes


def _put(again: _Again, store: Store) -> Stored:
    article, record = again.digest.article, again.digest.record
    return Stored(again.page.ref, article.id, article.title, store.put_article(article, again.page, record))

"""Wires the stages: harvest → read → extract → store, one Outcome a page.

    discover ─▶ fetch ─▶ read_page ─▶ extract ─▶ put_article ─▶ Outcome

Failures travel as values: whatever happens to one page is stored with its reason and the next one is
begun. Only what makes the whole run pointless (no database, broken lexicons) is raised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from .config import Settings
from .extractors.nlp import Extractor
from .harvester.fetch_options import FetchOptions
from .harvester.page_reader import read_page
from .harvester.recheck import next_try
from .harvester.sources import Source, SourceContext, open_source
from .models import (
    Article,
    Change,
    DigestRecord,
    ExtractionError,
    Failed,
    Outcome,
    PageProblem,
    PageRef,
    RawPage,
    Skipped,
    SourceError,
    Stored,
    WenzhaiError,
)
from .storage import KnownPage, Store

# Pages whose results are written in one transaction: commits would otherwise take longer than reading.
BATCH_SIZE = 64
BATCH_BYTES = 16 * 1024 * 1024
# A page from the network is written at once: it took seconds to get.
WEB_BATCH_SIZE = 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page that is ready to be stored: exactly one of the fields after `page` is set, or none if unchanged."""

    ref: PageRef
    page: RawPage | None
    article: Article | None = None
    record: DigestRecord | None = None
    problem: PageProblem | WenzhaiError | None = None


def fetch_options(settings: Settings) -> FetchOptions:
    """The settings that concern fetching, in the harvester's own terms."""
    options = FetchOptions(
        read_timeout=settings.timeout_seconds,
        connect_timeout=min(settings.timeout_seconds, FetchOptions().connect_timeout),
        retries=settings.retries,
        delay=settings.delay_seconds,
        max_page_bytes=settings.max_page_bytes,
        allow_private_hosts=settings.allow_private_hosts,
    )
    return dataclasses.replace(options, user_agent=settings.user_agent) if settings.user_agent else options


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step of one pass works with."""

    store: Store
    extractor: Extractor
    context: SourceContext


def harvest(targets: Iterable[str], *, store: Store, extractor: Extractor, context: SourceContext) -> Iterator[Outcome]:
    """Reads everything the targets list, stores it, and yields what became of each page.

    Args:
        targets: folders, archives, files, addresses.
        store: open for writing.
        extractor: makes the records.
        context: options and clock of the sources.

    Raises:
        StorageError: the database cannot be written; what was yielded before is stored.
        LexiconError: a lexicon cannot be read.
    """
    run = _Run(store, extractor, context)
    for target in targets:
        try:
            source = open_source(target, context=context)
        except SourceError as error:
            yield _note(run, PageRef(target, "unknown"), error)
            continue
        with closing(source):
            yield from _harvest_source(run, source, target)


def _harvest_source(run: _Run, source: Source, target: str) -> Iterator[Outcome]:
    waiting: list[Prepared] = []
    refs = source.discover()
    while True:
        try:
            ref = next(refs, None)
        except SourceError as error:
            yield from _store_all(run, waiting)
            yield _note(run, PageRef(target, source.name), error)
            return
        if ref is None:
            break
        known = run.store.known_page(ref.location)
        skipped = _not_due(ref, known, now=run.context.clock.now())
        if skipped is not None:
            yield skipped
            continue
        waiting.append(_prepare(run, source, ref, known))
        if _is_full(waiting):
            yield from _store_all(run, waiting)
    yield from _store_all(run, waiting)


def _is_full(waiting: list[Prepared]) -> bool:
    held = sum(len(prepared.page.content) for prepared in waiting if prepared.page)
    limit = WEB_BATCH_SIZE if waiting[-1].ref.is_web_address else BATCH_SIZE
    return len(waiting) >= limit or held >= BATCH_BYTES


def _not_due(ref: PageRef, known: KnownPage | None, *, now: datetime) -> Skipped | None:
    """Why a web page is not asked for this time; files are always looked at, they cost nothing."""
    if known is None or not ref.is_web_address or (known.state is not None and known.state.readable):
        return None
    told = known.state or "error"
    if known.state is not None and known.state.permanent:
        return Skipped(ref, f"{told}: never asked for again ({known.reason})")
    if known.next_try_at is not None and known.next_try_at > now:
        return Skipped(ref, f"{told}: next try {known.next_try_at.astimezone():%Y-%m-%d %H:%M} ({known.reason})")
    # What is left are errors that time does not mend, but a changed setting may: a page too large, a private host.
    return None


def _prepare(run: _Run, source: Source, ref: PageRef, known: KnownPage | None) -> Prepared:
    try:
        page = source.fetch(ref)
    except WenzhaiError as error:
        return Prepared(ref, None, problem=error)
    if known is not None and _is_current(known, page, run.extractor):
        return Prepared(ref, page)
    read = read_page(page)
    if isinstance(read, PageProblem):
        return Prepared(ref, page, problem=read)
    article = dataclasses.replace(read, id=run.store.find_article_id(read.aliases) or read.id)
    try:
        return Prepared(ref, page, article=article, record=run.extractor.extract(article))
    except ExtractionError as error:
        return Prepared(ref, page, problem=error)


def _is_current(known: KnownPage, page: RawPage, extractor: Extractor) -> bool:
    """Whether these bytes came from here before, and today's extractor made the record of the article in them."""
    if known.state is None or not known.state.readable or known.snapshot_sha256 != page.sha256:
        return False
    # The record may have been made from another copy of the article: then that one is the newer.
    return known.provenance is not None and known.provenance == extractor.provenance(known.provenance.snapshot_sha256)


def _store_all(run: _Run, waiting: list[Prepared]) -> Iterator[Outcome]:
    """Stores what is waiting in one transaction, then yields the outcomes: what is told is kept."""
    if not waiting:
        return
    with run.store.batch():
        outcomes = [_store(run, prepared) for prepared in waiting]
    waiting.clear()
    yield from outcomes


def _store(run: _Run, prepared: Prepared) -> Outcome:
    ref, store = prepared.ref, run.store
    if prepared.problem is not None:
        return _note(run, ref, prepared.problem, page=prepared.page)
    if prepared.page is None or prepared.article is None or prepared.record is None:
        known = store.known_page(ref.location)
        store.touch_page(ref.location)
        return Stored(ref, (known and known.article_id) or "", "", Change.UNCHANGED)
    # Two files of one batch may hold the same article: the first one's id is known only now.
    article_id = store.find_article_id(prepared.article.aliases) or prepared.article.id
    article, record = prepared.article, prepared.record
    if article_id != article.id:
        article = dataclasses.replace(article, id=article_id)
        record = record.model_copy(update={"article": record.article.model_copy(update={"id": article_id})})
    change = store.put_article(article, prepared.page, record)
    return Stored(ref, article_id, article.title, change)


def _note(run: _Run, ref: PageRef, problem: PageProblem | WenzhaiError, *, page: RawPage | None = None) -> Failed:
    known = run.store.known_page(ref.location)
    when = next_try(problem, attempts=known.attempts if known else 0, now=run.context.clock.now())
    run.store.put_problem(ref, problem, page, when)
    return Failed(ref, problem)


def extract_again(*, store: Store, extractor: Extractor, everything: bool = False) -> Iterator[Outcome]:
    """Makes the records anew of stored articles that an older extractor or lexicon made; reads no source.

    Args:
        everything: also those that are current.
    """
    waiting: list[tuple[PageRef, RawPage, Article, DigestRecord]] = []
    for stored in store.iterate_articles():
        if not everything and stored.provenance == extractor.provenance(stored.snapshot_sha256):
            continue
        page = store.read_snapshot(stored.snapshot_sha256, ref=stored.ref)
        read = read_page(page)
        if isinstance(read, PageProblem):
            yield Failed(stored.ref, read)
            continue
        article = dataclasses.replace(read, id=stored.article_id)
        try:
            waiting.append((stored.ref, page, article, extractor.extract(article)))
        except ExtractionError as error:
            yield Failed(stored.ref, error)
        if len(waiting) >= BATCH_SIZE:
            yield from _put_again(waiting, store)
    yield from _put_again(waiting, store)


def _put_again(waiting: list[tuple[PageRef, RawPage, Article, DigestRecord]], store: Store) -> Iterator[Outcome]:
    if not waiting:
        return
    with store.batch():
        outcomes = [
            Stored(ref, article.id, article.title, store.put_article(article, page, record))
            for ref, page, article, record in waiting
        ]
    waiting.clear()
    yield from outcomes

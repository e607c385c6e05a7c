"""Wires the stages: harvest → read → extract → store, one Outcome a page.

    discover ─▶ fetch ─▶ read_page ─▶ extract ─▶ put_article ─▶ Outcome

Whether a page is asked for at all is decided in `asking`.

Failures travel as values: whatever happens to one page is stored with its reason and the next one is
begun. Only what makes the whole run pointless (no database, broken lexicons) is raised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from .asking import Hosts, is_settled, why_not
from .config import Settings
from .extractors.nlp import Extractor
from .harvester.addresses import aliases
from .harvester.fetch_options import FetchOptions
from .harvester.page_reader import read_page
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
    PageState,
    RawPage,
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
    """A page that is ready to be stored: an article and its record, a problem, or nothing if it is unchanged.

    Attributes:
        moved_to: what came from the address a problem points to.
    """

    ref: PageRef
    page: RawPage | None
    article: Article | None = None
    record: DigestRecord | None = None
    problem: PageProblem | WenzhaiError | None = None
    moved_to: Prepared | None = None


def fetch_options(settings: Settings) -> FetchOptions:
    """The settings that concern fetching, in the harvester's own terms."""
    options = FetchOptions(
        read_timeout=settings.timeout_seconds,
        connect_timeout=min(settings.timeout_seconds, FetchOptions().connect_timeout),
        retries=settings.retries,
        delay=settings.delay_seconds,
        max_page_bytes=settings.max_page_bytes,
        allow_private_hosts=settings.allow_private_hosts,
        headers=settings.headers,
        cookie_file=settings.cookie_file,
        proxy=settings.proxy,
        look_again_days=settings.look_again_days,
    )
    return dataclasses.replace(options, user_agent=settings.user_agent) if settings.user_agent else options


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step of one pass works with."""

    store: Store
    extractor: Extractor
    context: SourceContext
    hosts: Hosts


def harvest(
    targets: Iterable[str], *, store: Store, extractor: Extractor, context: SourceContext
) -> Generator[Outcome, None, None]:
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
    context = context.remembering(
        known=lambda location: is_settled(
            location, store=store, now=context.clock.now(), look_again=timedelta(days=context.options.look_again_days)
        ),
        listed=store.listing_is_complete,
    )
    run = _Run(store, extractor, context, Hosts(store))
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
    asked = PageRef(target, source.name)
    if source.listing and (skipped := run.hosts.list_left_alone(asked, now=run.context.clock.now())):
        yield skipped
        return
    refs = source.discover()
    while True:
        try:
            ref = next(refs, None)
        except SourceError as error:
            yield from _store_all(run, waiting)
            yield _note_list(run, source, target, error)
            yield from _ask_due(run, source)
            return
        if ref is None:
            break
        if source.listing and run.store.listing_is_complete(target.strip()):
            run.store.put_listing(target.strip(), complete=False)
        yield from _ask(run, source, ref, waiting)
    yield from _store_all(run, waiting)
    if source.listing and not run.store.listing_is_complete(target.strip()):
        run.store.put_listing(target.strip(), complete=True)
    yield from _ask_due(run, source)


def _ask_due(run: _Run, source: Source) -> Iterator[Outcome]:
    """Asks again for the pages whose next try has come and that the list no longer has."""
    if not source.listing:
        return
    waiting: list[Prepared] = []
    # What was listed in this run has its next try in the future now.
    for ref in run.store.due_pages(now=run.context.clock.now(), source=source.name):
        yield from _ask(run, source, ref, waiting)
    yield from _store_all(run, waiting)


def _ask(run: _Run, source: Source, ref: PageRef, waiting: list[Prepared]) -> Iterator[Outcome]:
    """Gets one page ready to be stored, or tells why not; stores what is waiting when that is enough."""
    known, now = run.store.known_page(ref.location), run.context.clock.now()
    skipped = why_not(ref, known, now=now) or run.hosts.left_alone(ref, now=now)
    if skipped is not None:
        yield skipped
        return
    waiting.append(_follow(run, _prepare(run, source.fetch, ref, known)))
    if _is_full(waiting):
        yield from _store_all(run, waiting)


def _note_list(run: _Run, source: Source, target: str, error: SourceError) -> Failed:
    ref = PageRef(target, source.name)
    if not source.listing:
        return _note(run, ref, error)
    # A list is no page: it is asked for again when its source is due, not when a page would be.
    run.hosts.note_list(error, now=run.context.clock.now())
    return Failed(ref, error)


def _is_full(waiting: list[Prepared]) -> bool:
    held = sum(len(prepared.page.content) for prepared in waiting if prepared.page)
    limit = WEB_BATCH_SIZE if waiting[-1].ref.is_web_address else BATCH_SIZE
    return len(waiting) >= limit or held >= BATCH_BYTES


def _prepare(run: _Run, fetch: Callable[[PageRef], RawPage], ref: PageRef, known: KnownPage | None) -> Prepared:
    current = known is not None and _is_current(known, run.extractor)
    if current and known is not None:
        ref = dataclasses.replace(ref, validators=known.validators)
    try:
        page = fetch(ref)
    except WenzhaiError as error:
        return Prepared(ref, None, problem=error)
    if current and known is not None and (page.not_modified or page.sha256 == known.snapshot_sha256):
        return Prepared(ref, page)
    read = read_page(page)
    if isinstance(read, PageProblem):
        return Prepared(ref, page, problem=read)
    article = dataclasses.replace(read, id=run.store.find_article_id(read.aliases) or read.id)
    try:
        return Prepared(ref, page, article=article, record=run.extractor.extract(article))
    except ExtractionError as error:
        return Prepared(ref, page, problem=error)


def _is_current(known: KnownPage, extractor: Extractor) -> bool:
    """Whether a page gave an article whose record today's extractor made: then the same bytes are nothing new."""
    if known.state is None or not known.state.readable or known.snapshot_sha256 is None:
        return False
    # The record may have been made from another copy of the article: then that one is the newer.
    provenance = known.provenance
    return provenance is not None and provenance == extractor.provenance(provenance.snapshot_sha256)


def _follow(run: _Run, prepared: Prepared) -> Prepared:
    """Asks once where a page says that its article has moved to; from there on it is followed no further."""
    problem = prepared.problem
    if not isinstance(problem, PageProblem) or problem.state is not PageState.MIGRATED or not problem.follow:
        return prepared
    ref = PageRef(problem.follow, prepared.ref.source)
    known, now = run.store.known_page(ref.location), run.context.clock.now()
    if (why_not(ref, known, now=now) or run.hosts.left_alone(ref, now=now)) is not None:
        return prepared
    moved = _prepare(run, run.context.http.fetch, ref, known)
    if moved.article is not None:
        # Whoever lists the old address means this article.
        keys = dict.fromkeys((*moved.article.aliases, *aliases(urls=(prepared.ref.location,))))
        moved = dataclasses.replace(moved, article=dataclasses.replace(moved.article, aliases=tuple(keys)))
    return dataclasses.replace(prepared, moved_to=moved)


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
        failed = _note(run, ref, prepared.problem, page=prepared.page)
        return failed if prepared.moved_to is None else _store_moved(run, ref, prepared.moved_to)
    if prepared.page is None or prepared.article is None or prepared.record is None:
        known = store.known_page(ref.location)
        store.put_unchanged(ref, prepared.page)
        run.hosts.answered(ref)
        return Stored(ref, (known and known.article_id) or "", "", Change.UNCHANGED)
    # Two files of one batch may hold the same article: the first one's id is known only now.
    article_id = store.find_article_id(prepared.article.aliases) or prepared.article.id
    article, record = prepared.article, prepared.record
    if article_id != article.id:
        article = dataclasses.replace(article, id=article_id)
        record = record.model_copy(update={"article": record.article.model_copy(update={"id": article_id})})
    change = store.put_article(article, prepared.page, record)
    run.hosts.answered(ref)
    return Stored(ref, article_id, article.title, change)


def _store_moved(run: _Run, ref: PageRef, moved: Prepared) -> Outcome:
    """Stores what came from an article's new address; the old one is done with if that was the article."""
    outcome = _store(run, moved)
    if isinstance(outcome, Stored):
        run.store.put_moved(ref.location, article_id=outcome.article_id)
    return outcome


def _note(run: _Run, ref: PageRef, problem: PageProblem | WenzhaiError, *, page: RawPage | None = None) -> Failed:
    run.hosts.note(ref, problem, page, now=run.context.clock.now())
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

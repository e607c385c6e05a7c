"""Wires the stages: harvest → read → extract → store, one Outcome a page.

    discover ─▶ fetch ─▶ read_page ─▶ extract ─▶ put_article ─▶ Outcome
                         └─── digesters ────┘

Whether a page is asked for at all is decided in `asking`. Reading and extracting is done by `digesters`: here, in
other processes or on other machines; everything else, and all writing, is done here.

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
from .digesting import Digest, Digested, Digesters, PageDigester, killed, serial
from .extractors.nlp import Extractor
from .harvester.addresses import aliases
from .harvester.fetch_options import FetchOptions
from .harvester.sources import Source, SourceContext, open_source
from .models import (
    Article,
    Change,
    DigestRecord,
    Failed,
    Outcome,
    PageProblem,
    PageRef,
    PageState,
    RawPage,
    SourceError,
    Stored,
    Supply,
    WenzhaiError,
)
from .parallel import Killed
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
    supply: Supply
    digesters: Digesters
    here: PageDigester


def harvest(
    targets: Iterable[str],
    *,
    store: Store,
    extractor: Extractor,
    context: SourceContext,
    digesters: Digesters | None = None,
    supply: Supply | None = None,
) -> Generator[Outcome, None, None]:
    """Reads everything the targets list, stores it, and yields what became of each page.

    Args:
        targets: folders, archives, files, addresses.
        store: open for writing.
        extractor: makes the records.
        context: options and clock of the sources.
        digesters: read and extract what is in files, which are then many pages ahead; None for this process. Pages
            from the network come one at a time, and what one is decides whether the next is asked for: those are
            always digested here.
        supply: counts what comes in.

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
    run = _Run(
        store=store,
        extractor=extractor,
        context=context,
        hosts=Hosts(store),
        supply=supply or Supply(),
        digesters=digesters or serial(extractor),
        here=PageDigester(extractor),
    )
    for target in targets:
        try:
            source = open_source(target, context=context)
        except SourceError as error:
            run.supply.take()
            yield _note(run, PageRef(target, "unknown"), error)
            continue
        with closing(source):
            yield from _harvest_source(run, source, target)


def _harvest_source(run: _Run, source: Source, target: str) -> Iterator[Outcome]:
    waiting: list[Prepared] = []
    asked = PageRef(target, source.name)
    if source.listing and (skipped := run.hosts.list_left_alone(asked, now=run.context.clock.now())):
        run.supply.take()
        yield skipped
        return
    refs = source.discover()
    while True:
        try:
            ref = next(refs, None)
        except SourceError as error:
            yield from _finish(run, waiting)
            run.supply.take()
            yield _note_list(run, source, target, error)
            yield from _ask_due(run, source)
            return
        if ref is None:
            break
        if source.listing and run.store.listing_is_complete(target.strip()):
            run.store.put_listing(target.strip(), complete=False)
        yield from _ask(run, source, ref, waiting)
    yield from _finish(run, waiting)
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
    yield from _finish(run, waiting)


def _ask(run: _Run, source: Source, ref: PageRef, waiting: list[Prepared]) -> Iterator[Outcome]:
    """Gets one page ready to be stored, or tells why not; stores what is waiting when that is enough."""
    run.supply.take()
    known, now = run.store.known_page(ref.location), run.context.clock.now()
    skipped = why_not(ref, known, now=now) or run.hosts.left_alone(ref, now=now)
    if skipped is not None:
        yield skipped
        return
    if ref.is_web_address:
        waiting.append(_follow(run, _prepare(run, source.fetch, ref, known)))
    else:
        fetched = _fetch(run, source.fetch, ref, known)
        if isinstance(fetched, Prepared):
            waiting.append(fetched)
        else:
            run.digesters.submit(fetched)
        waiting += (_follow(run, _prepared(page, found)) for page, found in run.digesters.ready())
    if waiting and _is_full(waiting):
        yield from _store_all(run, waiting)


def _finish(run: _Run, waiting: list[Prepared]) -> Iterator[Outcome]:
    """Stores all that is waiting, and what the digesters still have."""
    for page, found in run.digesters.drain():
        waiting.append(_follow(run, _prepared(page, found)))
        if _is_full(waiting):
            yield from _store_all(run, waiting)
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
    fetched = _fetch(run, fetch, ref, known)
    return fetched if isinstance(fetched, Prepared) else _prepared(fetched, run.here(fetched))


def _fetch(run: _Run, fetch: Callable[[PageRef], RawPage], ref: PageRef, known: KnownPage | None) -> Prepared | RawPage:
    """A page that is to be digested, or what is to be stored without: it did not come, or is the one we have."""
    current = known is not None and _is_current(known, run.extractor)
    if current and known is not None:
        ref = dataclasses.replace(ref, validators=known.validators)
    try:
        page = fetch(ref)
    except WenzhaiError as error:
        return Prepared(ref, None, problem=error)
    if current and known is not None and (page.not_modified or page.sha256 == known.snapshot_sha256):
        return Prepared(ref, page)
    return page


def _prepared(page: RawPage, found: Digested | Killed) -> Prepared:
    if isinstance(found, Digest):
        return Prepared(page.ref, page, article=found.article, record=found.record)
    return Prepared(page.ref, page, problem=killed(page, found) if isinstance(found, Killed) else found)


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
    yield from run.supply.telling(outcomes)


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
    # The article may be known by one of its keys: those who digest it have no database to look it up in.
    article_id = store.find_article_id(prepared.article.aliases) or prepared.article.id
    digest = Digest(prepared.article, prepared.record).known_as(article_id)
    change = store.put_article(digest.article, prepared.page, digest.record)
    run.hosts.answered(ref)
    return Stored(ref, article_id, digest.article.title, change)


def _store_moved(run: _Run, ref: PageRef, moved: Prepared) -> Outcome:
    """Stores what came from an article's new address; the old one is done with if that was the article."""
    outcome = _store(run, moved)
    if isinstance(outcome, Stored):
        run.store.put_moved(ref.location, article_id=outcome.article_id)
    return outcome


def _note(run: _Run, ref: PageRef, problem: PageProblem | WenzhaiError, *, page: RawPage | None = None) -> Failed:
    run.hosts.note(ref, problem, page, now=run.context.clock.now())
    return Failed(ref, problem)

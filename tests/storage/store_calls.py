"""One call of every public method of the store and what it hands out, so that none is forgotten by a test.

`READS` and `WRITES` must name all there are: `test_faults` compares them with the classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from wenzhai.models import (
    Ending,
    PageProblem,
    PageRef,
    PageState,
    RecordResolution,
    RunCounts,
    SourceHistory,
    SourceRun,
)
from wenzhai.models.correction import Correction, Verdict
from wenzhai.storage import HostPauses, RunLog, SearchQuery, Store
from wenzhai.storage.reader import Reader
from wenzhai.storage.searcher import Searcher

from .examples import NOW, make_article, make_page, make_record

Call = Callable[[Store], object]
TUMOUR = SearchQuery(text="肿瘤")
ADDRESS = "https://example.org/1"
REF = PageRef("https://example.org/new", "example")
# Methods that ask nothing of the file.
PLAIN = {"Store.database", "Store.runs", "Store.hosts", "Searcher.close"}


def public_methods() -> set[str]:
    """The names of everything a caller may use of the store, its runs and its hosts."""
    return {
        f"{kind.__name__}.{name}"
        for kind in (Searcher, Reader, Store, RunLog, HostPauses)
        for name in vars(kind)
        if not name.startswith("_")
    } - PLAIN


def _first_id(store: Store) -> str:
    return store.locate_article(ADDRESS)


def _put_article(store: Store) -> object:
    page = make_page("https://example.org/new", content=b"new page" * 100)
    article = make_article(text="新文章。" * 2000, aliases=("url:https://example.org/new",), page=page)
    return store.put_article(article, page, make_record(article))


def _batch(store: Store) -> None:
    with store.batch():
        _put_article(store)


def _correction() -> Correction:
    return Correction(
        record=ADDRESS,
        field="article.kind",
        value="paper_digest",
        pmid="",
        verdict=Verdict.CHANGE,
        new_value="tutorial",
        new_id="",
        curator="curator",
        curated_at=NOW,
    )


def _resolution(store: Store) -> RecordResolution:
    return RecordResolution(article_id=_first_id(store), claims_sha256="0" * 64, checked_at=NOW, papers=())


def _source_run() -> tuple[SourceRun, SourceHistory]:
    run = SourceRun("notes", NOW, NOW, RunCounts(), Ending.DONE)
    return run, SourceHistory("notes", "https://example.org/feed")


def _note_source(store: Store) -> None:
    run, history = _source_run()
    store.runs.note_source(1, run, history=history)


def _all(rows: Iterator[object]) -> list[object]:
    return list(rows)


READS: dict[str, Call] = {
    "Reader.known_page": lambda store: store.known_page(ADDRESS),
    "Reader.find_article_id": lambda store: store.find_article_id([f"url:{ADDRESS}"]),
    "Reader.listing_is_complete": lambda store: store.listing_is_complete("https://example.org/feed"),
    "Reader.due_pages": lambda store: store.due_pages(now=NOW, source="example"),
    "Reader.attempts": lambda store: store.attempts(ADDRESS),
    "Reader.versions": lambda store: store.versions(_first_id(store)),
    "Reader.reposts": lambda store: store.reposts(_first_id(store)),
    "Searcher.locate_article": _first_id,
    "Reader.read_record": lambda store: store.read_record(_first_id(store)),
    "Searcher.read_record_json": lambda store: store.read_record_json(_first_id(store)),
    "Reader.iterate_records": lambda store: _all(store.iterate_records()),
    "Reader.iterate_record_json": lambda store: _all(store.iterate_record_json()),
    "Reader.read_snapshot": lambda store: store.read_snapshot(store.known_page(ADDRESS).snapshot_sha256),
    "Reader.iterate_articles": lambda store: _all(store.iterate_articles()),
    "Reader.iterate_pages_with_articles": lambda store: _all(store.iterate_pages_with_articles()),
    "Reader.latest_change": lambda store: store.latest_change(),
    "Reader.exported_until": lambda store: store.exported_until("weekly"),
    "Reader.corrections_of": lambda store: store.corrections_of(_first_id(store)),
    "Reader.read_resolution": lambda store: store.read_resolution(_first_id(store)),
    "Reader.iterate_with_resolutions": lambda store: _all(store.iterate_with_resolutions()),
    "Reader.read_answer": lambda store: store.read_answer("crossref", "question"),
    "Searcher.search": lambda store: store.search(TUMOUR),
    "Searcher.search_findings": lambda store: store.search_findings(TUMOUR),
    "Searcher.count": lambda store: store.count(),
    "Searcher.facet_counts": lambda store: store.facet_counts(TUMOUR, ("gene", "journal")),
    "Reader.status": lambda store: store.status(),
    "Searcher.related": lambda store: store.related(_first_id(store)),
    "Searcher.index_is_current": lambda store: store.index_is_current(),
    "RunLog.histories": lambda store: store.runs.histories(),
    "RunLog.last_runs": lambda store: store.runs.last_runs(limit=5),
    "HostPauses.get": lambda store: store.hosts.get("example.org"),
    "HostPauses.current": lambda store: store.hosts.current("example.org", now=NOW),
    "HostPauses.all": lambda store: store.hosts.all(),
}
WRITES: dict[str, Call] = {
    "Store.put_article": _put_article,
    "Store.put_problem": lambda store: store.put_problem(
        REF, PageProblem(REF, PageState.DELETED, "gone"), make_page(content=b"gone page" * 100), None
    ),
    "Store.put_unchanged": lambda store: store.put_unchanged(PageRef(ADDRESS, "example"), make_page(ADDRESS)),
    "Store.put_waiting": lambda store: store.put_waiting(REF, reason="paused", next_try_at=NOW),
    "Store.put_moved": lambda store: store.put_moved("https://example.org/gone", article_id=_first_id(store)),
    "Store.put_listing": lambda store: store.put_listing("https://example.org/feed", complete=True),
    "Store.batch": _batch,
    "Store.note_export": lambda store: store.note_export("weekly", until=NOW, count=1),
    "Store.import_corrections": lambda store: store.import_corrections([_correction()]),
    "Store.put_resolution": lambda store: store.put_resolution(_resolution(store)),
    "Store.write_answers": lambda store: store.write_answers("crossref", {"question": "answer" * 1000}),
    "Store.rebuild_index": lambda store: store.rebuild_index(),
    "RunLog.begin": lambda store: store.runs.begin("harvest", now=NOW),
    "RunLog.finish": lambda store: store.runs.finish(1, RunCounts(), ended=Ending.DONE, now=NOW),
    "RunLog.note_source": _note_source,
    "HostPauses.pause": lambda store: store.hosts.pause(
        "new.example.org", until=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=1), reason="captcha", now=NOW
    ),
    "HostPauses.answered": lambda store: store.hosts.answered("paused.example.org"),
}


def prepare(store: Store) -> None:
    """What some of the calls need: a run that goes on, and a host that is paused."""
    store.runs.begin("harvest", now=NOW)
    store.hosts.pause("paused.example.org", until=NOW, reason="captcha", now=NOW)

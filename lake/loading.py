"""Partitions into a store, as if their pages had been harvested."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from ..digesting import Digest
from ..harvester.page_reader import read_page
from ..models import (
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
    Supply,
)
from ..storage import Store
from .files import open_files
from .partitions import Summary, read_summary
from .reading import SOURCE
from .table import read_table

BATCH_SIZE = 64


def load_lake(address: str, *, store: Store, supply: Supply) -> Generator[Outcome, None, None]:
    """Stores what finished partitions hold, and yields what became of each article.

    What is stored already costs a look; so a load that was broken off is simply begun again.

    Args:
        address: of a folder that `wenzhai digest` wrote.
        store: open for writing.
        supply: counts what comes in.

    Raises:
        SourceError: there are no finished partitions.
        ConfigError: pyarrow or fsspec is not installed.
    """
    files, out = open_files(address)
    try:
        found = files.ls(f"{out}/_summaries", detail=False)
    except FileNotFoundError:
        found = []
    names = sorted(path.rpartition("/")[2].removesuffix(".json") for path in found if path.endswith(".json"))
    names = [name for name in names if name.startswith("part-")]
    if not names:
        raise SourceError("holds no finished partitions", subject=address, hint="`wenzhai digest IN OUT` makes them")
    for name in names:
        summary = read_summary(files, out, name)
        with files.open(f"{out}/{name}.parquet", "rb") as file:
            yield from _load(read_table(file), store, supply)
        if summary is not None:
            yield from _note_aside(summary, store, supply)


def _load(rows: Iterator[tuple[RawPage, DigestRecord]], store: Store, supply: Supply) -> Iterator[Outcome]:
    waiting: list[tuple[RawPage, DigestRecord]] = []
    for row in rows:
        supply.take()
        waiting.append(row)
        if len(waiting) >= BATCH_SIZE:
            yield from supply.telling(_put(waiting, store))
    yield from supply.telling(_put(waiting, store))


def _put(waiting: list[tuple[RawPage, DigestRecord]], store: Store) -> list[Outcome]:
    prepared = [
        (page, record, None if _is_stored(page, record, store) else read_page(page)) for page, record in waiting
    ]
    waiting.clear()
    with store.batch():
        return [_put_one(page, record, article, store) for page, record, article in prepared]


def _is_stored(page: RawPage, record: DigestRecord, store: Store) -> bool:
    known = store.known_page(page.ref.location)
    return known is not None and known.snapshot_sha256 == page.sha256 and known.provenance == record.provenance


def _put_one(page: RawPage, record: DigestRecord, article: Article | PageProblem | None, store: Store) -> Outcome:
    if article is None:
        store.put_unchanged(page.ref, None)
        return Stored(page.ref, record.article.id, record.article.title, Change.UNCHANGED)
    if isinstance(article, PageProblem):  # read otherwise than by whoever made the partition
        store.put_problem(page.ref, article, page, None)
        return Failed(page.ref, article)
    # The table has times in UTC; the page tells them with their offset.
    info = record.article.model_copy(
        update={"published_at": article.published_at, "harvested_at": article.harvested_at}
    )
    digest = Digest(article, record.model_copy(update={"article": info}))
    digest = digest.known_as(store.find_article_id(article.aliases) or article.id)
    change = store.put_article(digest.article, page, digest.record)
    return Stored(page.ref, digest.article.id, article.title, change)


def _note_aside(summary: Summary, store: Store, supply: Supply) -> Iterator[Outcome]:
    with store.batch():
        failed = [_note(aside["location"], aside["state"], aside["reason"], store) for aside in summary.aside]
    for outcome in failed:
        supply.take()
        yield outcome


def _note(location: str, state: str, reason: str, store: Store) -> Failed:
    ref = PageRef(location, SOURCE)
    problem: PageProblem | ExtractionError
    if state in set(PageState):
        problem = PageProblem(ref, PageState(state), evidence=reason, detail=reason)
    else:
        problem = ExtractionError(reason, subject=location)
    store.put_problem(ref, problem, None, None)
    return Failed(ref, problem)

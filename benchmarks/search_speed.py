"""Search on synthetic collections: building, size, and how long a page of 20 with snippets takes.

    python benchmarks/search_speed.py SEED.db WORK_FOLDER --size 10000 --size 100000 [--write]

Collections are made by `search_corpus.py` in WORK_FOLDER, and kept there. Beside wenzhai, in the same run: tantivy
(`pip install tantivy`), given the same tokens and asked for the same page, and a plain scan with LIKE, on up to 10,000
articles. Queries are those of search_queries.tsv; each is timed three times and the median counts. A million articles
take an hour and 40 GB.
"""

from __future__ import annotations

import argparse
import csv
import re
import resource
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, zip_longest
from pathlib import Path

from marked_section import machine, write_section
from search_corpus import read_seed, synthetic_articles, write_collection
from wenzhai.storage import SearchQuery, open_store, ranking
from wenzhai.storage.database import connect
from wenzhai.storage.filters import where
from wenzhai.storage.index_entry import SEGMENTER, IndexedText
from wenzhai.storage.index_worker import entries_by_worker
from wenzhai.storage.query import AllOf, AnyOf, Node, Term, parse_query
from wenzhai.storage.query_terms import holds_for_lead, match_expression, terms_of
from wenzhai.storage.search import _hit  # the peer shows the same page
from wenzhai.storage.search_index import index_many

PAGE = 20
DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
_LIKE_LIMIT = 10_000

Page = Callable[[str], object]


@dataclass
class Measured:
    """What was measured on one collection; times in seconds."""

    size: int
    text_bytes: int = 0
    index_bytes: int = 0
    build_seconds: float = 0.0
    peak_megabytes: float = 0.0
    times: dict[str, dict[str, list[float]]] = field(default_factory=dict)  # engine, class, one a query
    overlaps: list[float] = field(default_factory=list)
    tantivy_bytes: int = 0
    tantivy_seconds: float = 0.0


def read_queries() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("search_queries.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    next(rows)
    return [(kind, query) for kind, query in rows]


def prepare(seed: Path, folder: Path, size: int) -> Path:
    """The collection of a size, made if it is not there."""
    path = folder / f"{size}.db"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        for leftover in folder.glob(f"{size}.part*"):
            leftover.unlink()
        write_collection(synthetic_articles(read_seed(seed), size=size), unfinished)
        unfinished.rename(path)
    return path


def build(path: Path, measured: Measured) -> None:
    """Indexes a collection that is not indexed yet, or measures one that is."""
    with closing(connect(path)) as connection:
        pages = lambda: connection.execute("PRAGMA page_count").fetchone()[0]  # noqa: E731
        free = lambda: connection.execute("PRAGMA freelist_count").fetchone()[0]  # noqa: E731
        measured.text_bytes = connection.execute(
            "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
        ).fetchone()[0]
        before = pages() - free()
        noted = connection.execute("SELECT value FROM meta WHERE key = 'benchmark'").fetchone()
        if noted is None:
            start = time.perf_counter()
            index_many(connection, entries=entries_by_worker)
            measured.build_seconds = time.perf_counter() - start
            measured.index_bytes = (pages() - free() - before) * 4096
            connection.execute("INSERT INTO meta VALUES ('segmenter', ?)", (SEGMENTER,))
            noted = f"{measured.build_seconds} {measured.index_bytes}"
            connection.execute("INSERT INTO meta VALUES ('benchmark', ?)", (noted,))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            seconds, size = noted[0].split()
            measured.build_seconds, measured.index_bytes = float(seconds), int(size)


def time_pages(page: Page, queries: list[tuple[str, str]]) -> dict[str, list[float]]:
    """The median of three runs of each query, by class, after one that is not counted."""
    times: dict[str, list[float]] = {}
    for kind, query in queries:
        page(query)
        times.setdefault(kind, []).append(statistics.median(_seconds(page, query) for _ in range(3)))
    return times


def _seconds(page: Page, query: str) -> float:
    start = time.perf_counter()
    page(query)
    return time.perf_counter() - start


def overlaps(connection: sqlite3.Connection, queries: list[tuple[str, str]]) -> Iterator[float]:
    """How much of the first page is that of exact bm25 over title, key findings and findings: for the words that very
    many articles lead with, where the page is made another way.

    Compounds are left out: FTS5 takes each of their spellings for a word of its own, so that the rarest spelling wins.
    """
    for _, text in queries:
        node = _parsed(text)
        search = ranking.Search(connection, node, where(SearchQuery()))
        if not holds_for_lead(node) or ranking.is_rare(search, "lead_index"):
            continue
        if ranking.is_rare(search, "search_index"):
            continue
        if not all(
            part.is_cjk or len(term.parts) == len(part.pieces) for term in terms_of(node) for part in term.parts
        ):
            continue
        scores = ranking._scores(search, "lead_index", ranking._IN_LEAD)
        if len(scores) < PAGE:
            continue
        threshold = sorted(scores.values(), reverse=True)[PAGE - 1]
        shown = [rowid for rowid, _ in ranking.best_first(search, most=PAGE)]
        # Whatever scores like the last of the page may stand there as well.
        share = sum(scores.get(rowid, 0.0) >= threshold - 1e-9 for rowid in shown) / PAGE
        print(f"  overlap {share:.2f}  {len(scores):8} lead with  {text}")
        yield share


def _parsed(query: str) -> Node:
    node = parse_query(query)
    if node is None:
        raise ValueError(query)
    return node


def like_page(connection: sqlite3.Connection) -> Page:
    def page(query: str) -> object:
        node = _parsed(query)
        sql = f"SELECT rowid FROM articles WHERE {_like(node)} ORDER BY published_utc DESC LIMIT {PAGE}"  # noqa: S608
        return [_hit(connection, rowid, 0.0, node) for (rowid,) in connection.execute(sql).fetchall()]

    return page


def _like(node: Node) -> str:
    match node:
        case Term():
            word = "".join(piece for part in node.parts for piece in part.pieces)
            return f"(title LIKE '%{word}%' OR text LIKE '%{word}%')"
        case AnyOf():
            return f"({' OR '.join(map(_like, node.nodes))})"
        case AllOf():
            return f"({' AND '.join([*map(_like, node.nodes), *(f'NOT {_like(each)}' for each in node.excluded)])})"


def _texts(path: Path, first: int) -> Iterator[IndexedText]:
    """What is indexed of every second article, from this one on."""
    with closing(connect(path, read_only=True)) as connection:
        rows = connection.execute(
            "SELECT id, title, text FROM articles WHERE rowid % 2 = ? ORDER BY rowid", (first % 2,)
        )
        for article_id, title, text in rows:
            stated = connection.execute("SELECT key, text FROM findings WHERE article_id = ?", (article_id,)).fetchall()
            yield IndexedText(title, text, tuple(t for k, t in stated if k), tuple(t for k, t in stated if not k))


def tantivy_page(path: Path, folder: Path, measured: Measured) -> Page:
    """Tantivy over the same tokens, in the same fields with the same weights; builds its index if it is not there."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("rowid", stored=True)
    for name in ("title", "key", "findings", "text"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    schema = builder.build()
    connection = connect(path, read_only=True)
    if not folder.exists():
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        index = tantivy.Index(schema, path=str(unfinished))
        start = time.perf_counter()
        writer = index.writer(heap_size=1 << 30, num_threads=1)
        # Two processes make the tokens, as one of them keeps the writer waiting.
        halves = [zip(count(first, 2), entries_by_worker(_texts(path, first))) for first in (1, 2)]
        for pair in zip_longest(*halves):
            for rowid, entry in filter(None, pair):
                fields = {"title": entry.title, "key": entry.key, "findings": entry.findings, "text": entry.text}
                writer.add_document(tantivy.Document(rowid=rowid, **{name: [value] for name, value in fields.items()}))
        writer.commit()
        writer.wait_merging_threads()
        (unfinished / "seconds.txt").write_text(str(time.perf_counter() - start), encoding="utf-8")
        unfinished.rename(folder)
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.reload()
    searcher = index.searcher()
    measured.tantivy_seconds = float((folder / "seconds.txt").read_text(encoding="utf-8"))
    measured.tantivy_bytes = sum(each.stat().st_size for each in folder.iterdir())

    def page(query: str) -> object:
        node = _parsed(query)
        wanted = _tantivy_query(tantivy, schema, node)
        rowids = [searcher.doc(address)["rowid"][0] for _, address in searcher.search(wanted, PAGE, count=False).hits]
        return [_hit(connection, rowid, 0.0, node) for rowid in rowids]

    return page


_FIELDS = {"title": 10.0, "key": 5.0, "findings": 3.0, "text": 1.0}


def _tantivy_query(tantivy, schema, node: Node):  # type: ignore[no-untyped-def]
    """The same query: the FTS5 expression of each term, phrase by phrase and field by field."""
    query, occur = tantivy.Query, tantivy.Occur
    match node:
        case Term():
            fields = {"": _FIELDS, "findings": {"key": 5.0, "findings": 3.0}}.get(node.scope) or {
                node.scope: _FIELDS[node.scope]
            }
            phrases = re.findall(r'"([^"]+)"( \*)?', match_expression(node, "search_index"))
            either = []
            for name, weight in fields.items():
                for phrase, star in phrases:
                    tokens = phrase.split(" ")
                    if star:
                        part = query.regex_query(schema, name, re.escape(tokens[-1]) + ".*")
                        if len(tokens) > 1:
                            part = query.phrase_prefix_query(schema, name, tokens)
                    elif len(tokens) == 1:
                        part = query.term_query(schema, name, tokens[0])
                    else:
                        part = query.phrase_query(schema, name, tokens)
                    either.append((occur.Should, query.boost_query(part, weight)))
            return query.boolean_query(either)
        case AnyOf():
            return query.boolean_query([(occur.Should, _tantivy_query(tantivy, schema, each)) for each in node.nodes])
        case AllOf():
            return query.boolean_query(
                [(occur.Must, _tantivy_query(tantivy, schema, each)) for each in node.nodes]
                + [(occur.MustNot, _tantivy_query(tantivy, schema, each)) for each in node.excluded]
            )


def measure(seed: Path, folder: Path, size: int, *, with_tantivy: bool) -> Measured:
    measured = Measured(size)
    queries = read_queries()
    path = prepare(seed, folder, size)
    build(path, measured)
    with open_store(path, read_only=True) as store:
        measured.times["wenzhai"] = time_pages(lambda text: store.search(SearchQuery(text=text, limit=PAGE)), queries)
        measured.peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with closing(connect(path, read_only=True)) as connection:
        measured.overlaps = list(overlaps(connection, queries))
        if size <= _LIKE_LIMIT:
            measured.times["LIKE"] = time_pages(like_page(connection), queries)
    if with_tantivy:
        page = tantivy_page(path, folder / f"{size}.tantivy", measured)
        measured.times["tantivy"] = time_pages(page, queries)
    return measured


def percentile(times: list[float], share: float) -> float:
    """In milliseconds; the smallest time that so many queries do not exceed."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(all_measured: list[Measured]) -> str:
    lines = [
        f"{machine()}, SQLite {sqlite3.sqlite_version}. Pages of 20 hits with snippets, warm, in ms.",
        "",
        "| articles | engine | build s | articles/s | index / text | peak MB | p50 | p90 | p99 | max |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for measured in all_measured:
        for engine, by_class in measured.times.items():
            times = [each for group in by_class.values() for each in group]
            built, size = {
                "wenzhai": (measured.build_seconds, measured.index_bytes),
                "tantivy": (measured.tantivy_seconds, measured.tantivy_bytes),
            }.get(engine, (0.0, 0))
            cells = [
                f"{measured.size:,}",
                engine,
                f"{built:.0f}" if built else "",
                f"{measured.size / built:.0f}" if built else "",
                f"{size / measured.text_bytes:.2f}" if size else "",
                f"{measured.peak_megabytes:.0f}" if engine == "wenzhai" else "",
                *(f"{percentile(times, share):.1f}" for share in (0.5, 0.9, 0.99, 1.0)),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    largest = all_measured[-1]
    lines += [
        "",
        f"By class, {largest.size:,} articles, p50 / max:",
        "",
        "| class | queries | " + " | ".join(largest.times) + " |",
    ]
    lines.append("|---|---|" + "---|" * len(largest.times))
    for kind in largest.times["wenzhai"]:
        cells = [f"{percentile(by[kind], 0.5):.1f} / {percentile(by[kind], 1):.1f}" for by in largest.times.values()]
        lines.append(f"| {kind} | {len(largest.times['wenzhai'][kind])} | {' | '.join(cells)} |")
    if largest.overlaps:
        mean = statistics.mean(largest.overlaps)
        lines += [
            "",
            f"Of the first page for words that very many articles lead with ({len(largest.overlaps)} of the queries),",
            f"{mean:.2f} is that of exact bm25 over title, key findings and findings.",
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, action="append", required=True)
    parser.add_argument("--without-tantivy", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    all_measured = [
        measure(options.seed, options.folder, size, with_tantivy=not options.without_tantivy)
        for size in sorted(options.size)
    ]
    text = report(all_measured)
    print(text)
    if options.write:
        write_section(DOCUMENT, "search", text)


if __name__ == "__main__":
    main()

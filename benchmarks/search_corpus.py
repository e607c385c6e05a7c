"""Synthetic collections of any size, to measure search on: sentences of real articles, shuffled.

    python benchmarks/search_corpus.py SEED.db OUT.db --size 100000

SEED.db is a database of harvested articles (`wenzhai harvest FOLDER --db SEED.db`). Each synthetic article has
60, 20 and 20 % of the sentences of three of its articles, and a title made of two. Sentences that state findings, and
key ones, still do. The same seed and size give the same collection. The search index is left to `search_speed.py`.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from wenzhai.storage.database import connect, transaction

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
_TITLE_PART = re.compile(r"[^，,：:！!？?|｜。；;\s]+")
_SHARES = (0.6, 0.2, 0.2)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class SeedArticle:
    """A real article, taken apart. A sentence comes with None, or with whether the finding it states is key."""

    account: str
    kind: str
    title_parts: tuple[str, ...]
    sentences: tuple[tuple[str, bool | None], ...]
    journal: str | None
    genes: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class SyntheticArticle:
    title: str
    text: str
    findings: tuple[tuple[str, bool], ...]
    account: str
    kind: str
    published_at: str
    journal: str | None
    genes: tuple[tuple[str, str | None], ...]


def read_seed(path: Path) -> list[SeedArticle]:
    """The articles of a database that have at least five sentences."""
    with closing(connect(path, read_only=True)) as connection:
        rows = connection.execute("SELECT id, title, account, kind, text FROM articles ORDER BY id").fetchall()
        articles = [_seed_article(connection, *row) for row in rows]
    return [article for article in articles if len(article.sentences) >= 5 and article.title_parts]


def _seed_article(
    connection: sqlite3.Connection, article_id: str, title: str, account: str, kind: str, text: str
) -> SeedArticle:
    stated = dict(connection.execute("SELECT text, key FROM findings WHERE article_id = ?", (article_id,)).fetchall())
    sentences: list[tuple[str, bool | None]] = []
    for match in _SENTENCE.finditer(text):
        is_key = next((key for finding, key in stated.items() if finding.strip() in match[0]), None)
        sentences.append((match[0].strip("\n"), None if is_key is None else bool(is_key)))
    journal = connection.execute(
        "SELECT journal FROM papers WHERE article_id = ? AND journal IS NOT NULL LIMIT 1", (article_id,)
    ).fetchone()
    genes = connection.execute("SELECT symbol, hgnc_id FROM genes WHERE article_id = ? LIMIT 6", (article_id,))
    return SeedArticle(
        account=account,
        kind=kind,
        title_parts=tuple(_TITLE_PART.findall(title)),
        sentences=tuple(sentences),
        journal=None if journal is None else journal[0],
        genes=tuple(genes.fetchall()),
    )


def synthetic_articles(seed: list[SeedArticle], *, size: int) -> Iterator[SyntheticArticle]:
    """So many articles, the same every time."""
    chance = random.Random(20)  # noqa: S311 - for variety, not for secrecy
    for number in range(size):
        three = chance.sample(seed, 3)
        first = three[0]
        mixed: list[tuple[str, bool | None]] = []
        for article, share in zip(three, _SHARES, strict=True):
            wanted = min(len(article.sentences), round(len(first.sentences) * share))
            mixed += chance.sample(article.sentences, wanted)
        chance.shuffle(mixed)
        parts = [*chance.sample(first.title_parts, min(3, len(first.title_parts))), chance.choice(three[1].title_parts)]
        published = _EPOCH + timedelta(minutes=2.5 * number * 1_000_000 / size + chance.randrange(20_000))
        yield SyntheticArticle(
            title="，".join(parts),
            text="\n".join("".join(text for text, _ in mixed[at : at + 4]) for at in range(0, len(mixed), 4)),
            findings=tuple((text, is_key) for text, is_key in mixed if is_key is not None),
            account=first.account,
            kind=first.kind,
            published_at=published.isoformat(),
            journal=first.journal,
            genes=first.genes,
        )


def write_collection(articles: Iterator[SyntheticArticle], path: Path) -> None:
    """A database of these articles, not indexed yet. Only what search reads of an article is in it."""
    with closing(connect(path, create=True)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        _write_snapshot(connection)
        batch: list[SyntheticArticle] = []
        written = 0
        for article in articles:
            batch.append(article)
            if len(batch) == _BATCH:
                _write(connection, batch, first=written)
                written += len(batch)
                batch.clear()
        _write(connection, batch, first=written)


def _write_snapshot(connection: sqlite3.Connection) -> None:
    columns = [row[1] for row in connection.execute("PRAGMA table_info(snapshots)")]
    values = {"sha256": "none", "content": b"", "media_type": "", "charset": "", "status": 200, "headers": "{}"} | {
        "final_url": "", "bytes": 0, "fetched_at": _EPOCH.isoformat()
    }  # fmt: skip
    given = [column for column in columns if column in values]
    places = ", ".join("?" * len(given))
    connection.execute(
        f"INSERT INTO snapshots ({', '.join(given)}) VALUES ({places})",  # noqa: S608
        [values[column] for column in given],
    )


def _write(connection: sqlite3.Connection, batch: list[SyntheticArticle], *, first: int) -> None:
    numbered = [(sha256(str(first + number).encode()).hexdigest()[:12], each) for number, each in enumerate(batch)]
    with transaction(connection):
        connection.executemany(
            """INSERT INTO articles (id, url, title, account, author, published_at, harvested_at, source, location,
                    state, kind, text, text_sha256, categories, tags, snapshot_sha256, stored_at, updated_at)
                VALUES (?1, 'https://example.org/' || ?1, ?2, ?3, '', ?4, ?4, 'synthetic', ?1, 'article', ?5, ?6, '',
                    '[]', '[]', 'none', ?4, ?4)""",
            ((key, each.title, each.account, each.published_at, each.kind, each.text) for key, each in numbered),
        )
        connection.executemany(
            """INSERT INTO findings (article_id, text, start, "end", role, key, genes)
                VALUES (?1, ?2, 0, length(?2), 'finding', ?3, '[]')""",
            ((key, text, is_key) for key, each in numbered for text, is_key in each.findings),
        )
        connection.executemany(
            "INSERT INTO papers (article_id, role, journal) VALUES (?, 'primary', ?)",
            ((key, each.journal) for key, each in numbered if each.journal),
        )
        connection.executemany(
            "INSERT INTO genes (article_id, symbol, hgnc_id, family, central, score) VALUES (?, ?, ?, 0, 0, 1)",
            ((key, *gene) for key, each in numbered for gene in each.genes),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, required=True)
    options = parser.parse_args()
    if options.out.exists():
        parser.error(f"{options.out} is there already")
    start = time.perf_counter()
    write_collection(synthetic_articles(read_seed(options.seed), size=options.size), options.out)
    print(f"{options.size} articles written to {options.out} in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()

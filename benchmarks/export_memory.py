"""How much memory exporting takes: every format, over many records made up for it.

python benchmarks/export_memory.py [--records 100000] [--limit-mb 300] [--format NAME]…

Prints a table; exits 1 if a format takes more than the limit. Each export is a process of its own, the one that
`wenzhai export` is.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wenzhai.models import (
    ArticleInfo,
    ArticleKind,
    DigestRecord,
    Finding,
    FindingRole,
    Gene,
    Journal,
    Mention,
    Paper,
    PaperRole,
    Provenance,
)
from wenzhai.storage import open_store
from wenzhai.storage.exporters import exporter_names

FOLDERS = ("brat",)
SENTENCE = "单细胞测序显示，该基因在肿瘤浸润的T细胞中表达升高，并与治疗反应相关。"
RUN = """
import resource, sys
from wenzhai.command_tree import app
app(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def made_up_records(number: int) -> Iterator[DigestRecord]:
    """Records of some two thousand characters of text, a paper, twenty genes and ten findings."""
    now = datetime(2025, 1, 1, tzinfo=UTC)
    for index in range(number):
        symbols = [f"GENE{(index * 7 + each) % 20000}" for each in range(20)]
        text = " ".join(symbols) + "。" + SENTENCE * 50
        genes = tuple(_gene(symbol, text) for symbol in symbols)
        starts = [text.index("。") + 1 + each * len(SENTENCE) for each in range(10)]
        yield DigestRecord(
            article=ArticleInfo(
                id=f"{index:012x}",
                url=f"https://example.org/{index}",
                title=f"第{index}篇",
                account="示例",
                author="",
                published_at=now + timedelta(minutes=index),
                harvested_at=now,
                source="benchmark",
                kind=ArticleKind.PAPER_DIGEST,
                text=text,
                text_sha256="0" * 64,
            ),
            papers=(
                Paper(
                    role=PaperRole.PRIMARY,
                    title=f"Paper {index}",
                    journal=Journal(name="Nature", as_written="Nature"),
                    doi=f"10.1000/{index}",
                    pmid=str(10_000_000 + index),
                ),
            ),
            genes=genes,
            findings=tuple(
                Finding(text=SENTENCE, start=start, end=start + len(SENTENCE), role=FindingRole.FINDING, key=True)
                for start in starts
            ),
            provenance=Provenance(wenzhai="0", extractors={}, lexicons={}, snapshot_sha256="0" * 64),
        )


def _gene(symbol: str, text: str) -> Gene:
    start = text.index(symbol)
    return Gene(symbol=symbol, mentions=(Mention(text=symbol, start=start, end=start + len(symbol)),))


def fill(path: Path, number: int) -> None:
    """A database with these records, and only what exporting reads: storing them in full takes far longer."""
    open_store(path, create=True).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO snapshots VALUES ('0', x'', 'text/html', '', 200, '{}', '', 0, '2025-01-01T00:00:00+00:00')"
        )
        for record in made_up_records(number):
            article = record.article
            published = article.published_at.isoformat() if article.published_at else None
            harvested = article.harvested_at.isoformat()
            connection.execute(
                """INSERT INTO articles (id, url, title, account, author, published_at, harvested_at, source, location,
                    state, kind, text, text_sha256, categories, tags, snapshot_sha256, stored_at, updated_at)
                    VALUES (?, ?, ?, '', '', ?, ?, '', '', 'article', 'paper_digest', ?, '', '[]', '[]', '0', ?, ?)""",
                (article.id, article.url, article.title, published, harvested, article.text, harvested, harvested),
            )
            connection.execute(
                "INSERT INTO records VALUES (?, '1', ?, '0', '{}', ?)",
                (article.id, record.model_dump_json(), harvested),
            )


def measure(database: Path, name: str, output: Path) -> tuple[float, float, float]:
    """Peak megabytes of memory, seconds, and megabytes written by one export."""
    begun = time.monotonic()
    command = [sys.executable, "-c", RUN, "export", "--db", database, "--format", name, "--output", output]
    child = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    files = output.iterdir() if output.is_dir() else [output]
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kilobytes elsewhere
    return int(child.stdout) / unit, seconds, sum(file.stat().st_size for file in files) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--limit-mb", type=float, default=300)
    parser.add_argument("--format", action="append", choices=exporter_names())
    options = parser.parse_args()
    too_large = []
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / "benchmark.db"
        fill(database, options.records)
        print(f"{options.records} records, {database.stat().st_size / 1e6:.0f} MB of database")
        print(f"{'format':<15}{'peak MB':>10}{'seconds':>10}{'MB written':>12}")
        for name in options.format or exporter_names():
            output = Path(scratch) / name
            peak, seconds, written = measure(database, name, output)
            print(f"{name:<15}{peak:>10.0f}{seconds:>10.1f}{written:>12.0f}", flush=True)
            too_large += [name] if peak > options.limit_mb else []
            if output.is_dir():
                for file in output.iterdir():
                    file.unlink()
                output.rmdir()
            else:
                output.unlink()
    if too_large:
        sys.exit(f"more than {options.limit_mb:.0f} MB: {', '.join(too_large)}")


if __name__ == "__main__":
    main()

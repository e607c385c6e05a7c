"""Articles a second with one worker, two workers, and a local Dask cluster of two worker processes, in one run.

python benchmarks/scale_speed.py FOLDER_OR_ARCHIVE [--count 20000] [--data FOLDER] [--limit N] [--write]

The articles are harvested into fresh databases with one worker and with two; then `extract --all` goes over them
again and again, until it has made --count records, with one worker, two, and Dask; then `digest` writes them into a
lake. The three ways of extracting take turns, article set by article set, so that a slow quarter of an hour of the
machine is one for all of them; what it takes to start them counts. Asserts that every way gives the same records, and
prints articles a second, how many times one worker that is, and the seconds of all cores together an article took:
the last tells more than the clock while others use the machine. --write puts the table into docs/scale.md. Exits 1
when two workers are less than 1.8 times one, or Dask than 1.7. Needs psutil, which comes with Dask.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psutil
from marked_section import machine, write_section
from wenzhai import __version__
from wenzhai.commands.worker_options import open_digesters, open_makers
from wenzhai.extracting import extract_again
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.clock import Clock
from wenzhai.harvester.sources import SourceContext, open_source
from wenzhai.lake.digest_run import LakeRun, digest_lake
from wenzhai.lake.partitions import PartitionDigester
from wenzhai.lake.planning import portions
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DOCUMENT = Path(__file__).parent.parent / "docs" / "scale.md"
POOL_BAR, DASK_BAR = 1.8, 1.7


@dataclass
class Measured:
    """One way of doing it."""

    way: str
    articles: int = 0
    seconds: float = 0.0
    core_seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.articles / self.seconds

    def row(self, one: Measured | None) -> str:
        times = f"{self.rate / one.rate:.2f}" if one else ""
        cost = f"{1000 * self.core_seconds / self.articles:.1f}"
        return f"| {self.way} | {self.articles:,} | {self.seconds:,.0f} | {self.rate:.1f} | {times} | {cost} |"

    def add(self, work: Callable[[], int]) -> None:
        """Does some of the work, and counts what it took."""
        before, begun = _core_seconds(), time.monotonic()
        self.articles += work()
        self.seconds += time.monotonic() - begun
        self.core_seconds += _core_seconds() - before


def measured(way: str, work: Callable[[], int]) -> Measured:
    found = Measured(way)
    found.add(work)
    print(found.row(None), flush=True)
    return found


def _core_seconds() -> float:
    """Of this process, of its children that have ended, and of those that live."""
    own = os.times()
    living = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        living += spent.user + spent.system + spent.children_user + spent.children_system
    return own.user + own.system + own.children_user + own.children_system + living


def harvested(target: Path, database: Path, extractor: Extractor, *, workers: int) -> int:
    clock = Clock(now=lambda: NOW)
    with (
        open_store(database, create=True, now=lambda: NOW) as store,
        SourceContext(clock=clock) as context,
        open_digesters(extractor, workers=workers) as digesters,
    ):
        outcomes = harvest([str(target)], store=store, extractor=extractor, context=context, digesters=digesters)
        return sum(1 for _ in outcomes)


class Extracting:
    """`extract --all` over a database, as often as asked, with the workers of one run.

    Args:
        dask: the address of a cluster, instead of processes of our own.
    """

    def __init__(self, database: Path, extractor: Extractor, *, workers: int, dask: str | None = None) -> None:
        self._database, self._extractor, self._workers, self._dask = database, extractor, workers, dask
        self._open = ExitStack()

    def start(self) -> int:
        self._store = self._open.enter_context(open_store(self._database, now=lambda: NOW))
        self._digesters = self._open.enter_context(
            open_digesters(self._extractor, workers=self._workers, dask=self._dask)
        )
        return 0

    def all_once(self) -> int:
        """Returns how many articles there are."""
        outcomes = extract_again(
            store=self._store, extractor=self._extractor, everything=True, digesters=self._digesters
        )
        return sum(1 for _ in outcomes)

    def stop(self) -> int:
        self._open.close()
        return 0


def extracted_in_turn(ways: dict[str, Extracting], *, count: int) -> list[Measured]:
    """Each way in turn goes over its database, until each has made `count` records."""
    found = [Measured(way) for way in ways]
    with ExitStack() as stack:
        for measure, way in zip(found, ways.values(), strict=True):
            measure.add(way.start)
            stack.callback(measure.add, way.stop)
        while any(measure.articles < count for measure in found):
            for measure, way in zip(found, ways.values(), strict=True):
                measure.add(way.all_once)
            print("; ".join(f"{measure.way} {measure.rate:.1f}" for measure in found), flush=True)
    return found


def digested(target: Path, out: Path, extractor: Extractor, *, workers: int) -> int:
    work = PartitionDigester(extractor, out=str(out), now=NOW, max_page_bytes=32 * 1024 * 1024)
    run = LakeRun("benchmark")
    with open_makers(work, workers=workers) as makers:
        for _ in digest_lake(portions(str(target)), work=work, makers=makers, run=run):
            pass
    return run.taken


def fingerprint(database: Path) -> str:
    """Of all records, as they are stored."""
    digest = hashlib.sha256()
    with open_store(database, read_only=True) as store:
        for record in store.iterate_record_json():
            digest.update(record.encode())
    return digest.hexdigest()


def unpacked(target: Path, folder: Path, limit: int) -> tuple[int, int]:
    """The first articles of a target as files of a folder; returns how many, and their bytes."""
    number = size = 0
    with SourceContext() as context, closing(open_source(str(target), context=context)) as source:
        for number, ref in enumerate(islice(source.discover(), limit), 1):
            content = source.fetch(ref).content
            size += len(content)
            (folder / f"{number:06}.md").write_bytes(content)
    return number, size


def tables(options: argparse.Namespace, scratch: Path) -> Iterator[str]:
    extractor = Extractor(version=__version__, data_folder=options.data)
    folder = scratch / "articles"
    folder.mkdir()
    number, size = unpacked(options.target, folder, options.limit)
    one, two = scratch / "one.db", scratch / "two.db"
    alone = measured("`harvest`", lambda: harvested(folder, one, extractor, workers=1))
    pool = measured("`harvest --workers 2`", lambda: harvested(folder, two, extractor, workers=2))
    records = fingerprint(one)
    assert fingerprint(two) == records  # noqa: S101
    yield from (alone.row(None), pool.row(alone))
    three = scratch / "three.db"
    shutil.copy(two, three)
    alone, pool, dask = extracted_in_turn(
        {
            "`extract --all`": Extracting(one, extractor, workers=1),
            "`extract --all --workers 2`": Extracting(two, extractor, workers=2),
            "`extract --all --workers 2 --dask local`": Extracting(three, extractor, workers=2, dask="local"),
        },
        count=options.count,
    )
    assert fingerprint(one) == fingerprint(two) == fingerprint(three) == records  # noqa: S101
    yield from (alone.row(None), pool.row(alone), dask.row(alone))
    first = measured("`digest`", lambda: digested(folder, scratch / "lake1", extractor, workers=1))
    second = measured("`digest --workers 2`", lambda: digested(folder, scratch / "lake2", extractor, workers=2))
    yield from (first.row(None), second.row(first))
    lake = sum(file.stat().st_size for file in (scratch / "lake1").rglob("*.parquet"))
    yield "\n" + json.dumps(
        {
            "articles": number,
            "page_bytes_an_article": round(size / number),
            "database_bytes_an_article": round(one.stat().st_size / number),
            "parquet_bytes_an_article": round(lake / number),
            "pool_times": round(pool.rate / alone.rate, 3),
            "dask_times": round(dask.rate / alone.rate, 3),
        }
    )


def _sizes(told: dict[str, int]) -> str:
    page, database, parquet = (told[f"{name}_bytes_an_article"] / 1000 for name in ("page", "database", "parquet"))
    return (
        f"{told['articles']:,} articles of {page:.1f} kB a page: {database:.1f} kB each in the database, "
        f"{parquet:.1f} kB in Parquet."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--data", type=Path, help="data folder with updated lexicons")
    parser.add_argument("--limit", type=int, default=1_000_000, help="articles taken from the target")
    parser.add_argument("--write", action="store_true", help="into docs/scale.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        *rows, figures = tables(options, Path(scratch))
    head = "| What | Articles | Seconds | Articles a second | Times one worker | Core milliseconds an article |"
    told = json.loads(figures)
    text = "\n".join(
        (
            f"{machine()}; load of others meanwhile {max(os.getloadavg()[1] - 1, 0):.1f} cores.",
            "",
            head,
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
            _sizes(told),
        )
    )
    print(text)
    if options.write:
        write_section(DOCUMENT, "scale-speed", text)
    if told["pool_times"] < POOL_BAR or told["dask_times"] < DASK_BAR:
        sys.exit(f"two workers {told['pool_times']} (bar {POOL_BAR}), Dask {told['dask_times']} (bar {DASK_BAR})")


if __name__ == "__main__":
    main()

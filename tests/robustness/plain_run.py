"""One pass over a feed, with everything but extraction: what the campaign repeats some thousand times.

Run as a program it waits for lines ``DATABASE FEED DAY SEED``, forks a child for each that makes the pass, and
answers with the child's process id, then with its exit status: the children can be killed without loading
everything anew.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.clock import Clock
from wenzhai.harvester.fetch_options import FetchOptions
from wenzhai.harvester.sources import SourceContext
from wenzhai.models import Article, ArticleInfo, ArticleKind, DigestRecord, Outcome
from wenzhai.pipeline import harvest
from wenzhai.storage import Store, open_store

START = datetime(2026, 1, 1, tzinfo=UTC)
OPTIONS = FetchOptions(
    allow_private_hosts=True,
    use_system_proxy=False,
    read_timeout=0.25,
    total_timeout=0.75,
    max_page_bytes=8_000_000,
)


class PlainExtractor(Extractor):
    """Makes records of nothing but the article, at once."""

    nlp = None

    def extract(self, article: Article) -> DigestRecord:
        return DigestRecord(
            article=ArticleInfo(
                **{name: getattr(article, name) for name in ("id", "url", "title", "account", "author")},
                published_at=article.published_at,
                harvested_at=article.harvested_at,
                source=article.source,
                kind=ArticleKind.OTHER,
                text=article.text,
                text_sha256=article.text_sha256,
            ),
            provenance=self.provenance(article.snapshot_sha256),
        )


class PassingTime:
    """Time that passes only by sleeping, from some day on."""

    def __init__(self, *, day: float, seed: int) -> None:
        self.passed = day * 86400
        self._chance = random.Random(seed)  # noqa: S311

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    @property
    def clock(self) -> Clock:
        return Clock(now=self.now, monotonic=lambda: self.passed, sleep=self._sleep, random=self._chance.random)

    def _sleep(self, seconds: float) -> None:
        self.passed += seconds


def one_pass(store: Store, feed: str, *, passing: PassingTime) -> Iterator[Outcome]:
    """What an hourly harvest does."""
    extractor = PlainExtractor(version="1.0")
    context = SourceContext(
        options=OPTIONS,
        clock=passing.clock,
        resolve=lambda host: ("127.0.0.1",),
    )
    with context:
        yield from harvest((feed,), store=store, extractor=extractor, context=context)


def make_pass(database: str, feed: str, *, day: float, seed: int) -> None:
    passing = PassingTime(day=day, seed=seed)
    with open_store(Path(database), create=True, now=passing.now) as store:
        for _ in one_pass(store, feed, passing=passing):
            pass


def serve() -> None:
    for line in sys.stdin:
        database, feed, day, seed = line.split()
        child = os.fork()
        if child == 0:
            make_pass(database, feed, day=float(day), seed=int(seed))
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - to whoever started us
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()

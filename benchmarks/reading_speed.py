"""Reading plus extracting, beside trafilatura's default extraction alone, over the same bodies in one run.

    python benchmarks/reading_speed.py FOLDER [--data FOLDER] [--limit N]

FOLDER holds archived articles (.md). Prints the median of each and the ratio; trafilatura is the peer because it
is what people clean pages with, and it does less: it finds no papers, genes or findings.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from wenzhai import __version__
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, PageRef, RawPage

_BODY = re.compile(r"<div>.*</div>", re.DOTALL)


def seconds(work: Callable[[], object]) -> float:
    """The better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="data folder with HGNC's complete set")
    parser.add_argument("--limit", type=int, default=220)
    options = parser.parse_args()
    extractor = Extractor(version=__version__, data_folder=options.data)
    ours: list[float] = []
    theirs: list[float] = []
    for path in sorted(options.folder.glob("*.md"))[: options.limit]:
        content = path.read_bytes()
        body = _BODY.search(content.decode("utf-8"))
        page = RawPage(PageRef(str(path), "archive"), content, str(path), "text/markdown", datetime.now(UTC))
        if body is None or not isinstance(read_page(page), Article):
            continue
        html = f"<html><body>{body.group()}</body></html>"

        def read_and_extract(page: RawPage = page) -> None:
            article = read_page(page)
            assert isinstance(article, Article)  # noqa: S101 (checked above)
            extractor.extract(article)

        ours.append(seconds(read_and_extract))
        theirs.append(seconds(lambda html=html: trafilatura.extract(html)))
    print(f"articles            {len(ours)}")
    print(f"wenzhai, median     {statistics.median(ours) * 1000:.1f} ms")
    print(f"trafilatura, median {statistics.median(theirs) * 1000:.1f} ms")
    print(f"ratio of medians    {statistics.median(ours) / statistics.median(theirs):.2f}")


if __name__ == "__main__":
    main()

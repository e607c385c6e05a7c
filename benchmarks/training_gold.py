"""Puts the training labels and the articles they are of together again into a gold file for training.

    python benchmarks/training_gold.py FOLDER [-o gold.jsonl] [--labels FILE] [--with GOLD]

The labels are ours, the articles are their authors': so the repository keeps only which sentences were labelled,
as digests of their words, and FOLDER brings the archived articles (.md). Where only the kind of an article was
labelled, its line weighs nothing but for that. `--with` adds the articles of a gold file,
which count for more, as its labels are checked; FOLDER brings their blocks too, where it has them. Then:

    python -m wenzhai.extractors.train gold.jsonl
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wenzhai.extractors.sentences import split_sentences
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, BlockKind, PageRef, RawPage

LABELS = Path(__file__).parent / "labels" / "sentences.jsonl.gz"
# What a checked label counts beside one of this repository, which one reader made.
CHECKED_WEIGHT = 1.5
FIELDS = ("findings", "key_findings", "limitations", "boilerplate")


def digest(text: str, *, length: int = 10) -> str:
    """What the labels know a sentence, or an address, by."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:length]


def sentences_of(article: Article) -> list[str]:
    """Every sentence of the prose, promotion included: what the labellers saw."""
    return [
        block.text[start:end]
        for block in article.blocks
        if block.kind is not BlockKind.CODE
        for start, end in split_sentences(block.text)
    ]


def archived_articles(folder: Path) -> Iterator[Article]:
    """The articles of a folder, file by file."""
    for path in sorted(folder.rglob("*.md")):
        page = RawPage(PageRef(str(path), "archive"), path.read_bytes(), str(path), "text/markdown", datetime.now(UTC))
        article = read_page(page)
        if isinstance(article, Article):
            yield article


def gold_rows(folder: Path, labels: Path, checked: Path | None = None) -> Iterator[dict[str, Any]]:
    """A gold row for every labelled article of the folder; labels of sentences that are gone are left out.

    Args:
        checked: a gold file whose rows come last, with the blocks of the folder's articles of the same address.
    """
    with gzip.open(labels, "rt", encoding="utf-8") as lines:
        labelled = {row["article"]: row for row in map(json.loads, lines)}
    texts = checked.read_text(encoding="utf-8").splitlines() if checked else []
    gold = {row["url"]: row for row in map(json.loads, texts)}
    for article in archived_articles(folder):
        if article.url in gold:
            gold[article.url]["blocks"] = _blocks(article)
        elif label := labelled.pop(digest(article.url), None):
            yield _row(article, label)
    for row in gold.values():
        yield {**row, "weight": CHECKED_WEIGHT}


def _row(article: Article, label: dict[str, Any]) -> dict[str, Any]:
    sentences = sentences_of(article)
    numbers = {digest(text): number for number, text in enumerate(sentences, 1)}
    return {
        "id": digest(article.url),
        "url": article.url,
        "account": article.account,
        "title": article.title,
        "kind": label["kind"],
        "sentences": sentences,
        "blocks": _blocks(article),
        **{field: sorted(numbers[key] for key in label.get(field, ()) if key in numbers) for field in FIELDS},
        "weight": 1.0 if FIELDS[0] in label else 0.0,
    }


def _blocks(article: Article) -> list[dict[str, Any]]:
    return [asdict(block) for block in article.blocks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("gold.jsonl"))
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--with", dest="checked", type=Path, metavar="GOLD")
    options = parser.parse_args()
    rows = list(gold_rows(options.folder, options.labels, options.checked))
    options.output.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} labelled articles written to {options.output}")


if __name__ == "__main__":
    main()

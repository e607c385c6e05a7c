"""Trains the tagger, which tells findings, key findings, limitations and the kind of an article, from a gold file.

    python -m wenzhai.extractors.train GOLD.jsonl [-o classifiers.npz]

A gold line has ``title``, ``kind``, ``sentences``, and the numbers (from 1) of the sentences that are
``findings``, ``key_findings``, ``limitations`` and ``boilerplate``. With ``blocks``, as
`benchmarks/training_gold.py` writes them, an article is trained on as it is harvested, with its headings, lists and
paragraphs; without, each sentence is taken for a paragraph. ``weight`` is what the line counts, 1 if left out; with 0
it only teaches the kind.
The same file gives the same weights. Needs SciPy (``pip install 'wenzhai[train]'``); using the weights does not.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language

from ..models import Article, ArticleKind, Block, BlockKind, PageState
from .network import SENTENCE_LABELS
from .nlp import WEIGHTS, build_pipeline, read_article
from .reading import Reading
from .tagger import KINDS, Floats, save_tagger, tagged_sentences, tagger_input
from .tagger_training import PASSES, TaggedExample, train_tagger

_SETTLED = datetime(2000, 1, 1, tzinfo=UTC)
_FIELDS = dict(zip(SENTENCE_LABELS, ("findings", "key_findings", "limitations", "boilerplate"), strict=True))
# What the tagger tells, and what depends on that.
LEARNED = ("wenzhai_findings", "wenzhai_kind", "wenzhai_paper_roles", "wenzhai_central_genes", "wenzhai_term_selection")
_log = logging.getLogger(__name__)


def gold_article(row: dict[str, Any]) -> Article:
    """The article of a gold line: of its blocks, or of its sentences without what the gold calls boilerplate."""
    promotion = set(row["boilerplate"])
    if "blocks" in row:
        blocks = tuple(Block(**{**block, "kind": BlockKind(block["kind"])}) for block in row["blocks"])
    else:
        blocks = tuple(
            Block(kind=BlockKind.PARAGRAPH, text=text)
            for number, text in enumerate(row["sentences"], 1)
            if number not in promotion
        )
    return Article(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        account=row["account"],
        author="",
        published_at=None,
        harvested_at=_SETTLED,
        source="gold",
        state=PageState.ARTICLE,
        blocks=blocks,
        aliases=(),
        snapshot_sha256="",
    )


def read_examples(path: Path, nlp: Language) -> Iterator[TaggedExample]:
    """The examples of a gold file; articles without a sentence are left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reading = read_article(nlp, gold_article(row))
        if tagged_sentences(reading):
            yield tagged_example(reading, row)


def tagged_example(reading: Reading, row: dict[str, Any]) -> TaggedExample:
    """What the tagger learns from an article with a sentence or more and its gold line."""
    sentences = tagged_sentences(reading)
    return TaggedExample(
        features=tagger_input(reading, sentences),
        labels=_labels([sentence.text for sentence in sentences], row),
        kind=KINDS.index(ArticleKind(row["kind"])),
        weight=float(row.get("weight", 1.0)),
    )


def _labels(texts: Sequence[str], row: dict[str, Any]) -> Floats:
    """The labels of the gold's sentences for ours, which may be cut otherwise.

    The same words are the same sentence, the second of them the second; else one that holds the other.
    """
    places: dict[str, deque[int]] = defaultdict(deque)
    for number, text in enumerate(row["sentences"], 1):
        places[_bare(text)].append(number)
    golds = [(number, _bare(text)) for number, text in enumerate(row["sentences"], 1)]
    wanted = [set(row[field]) for field in _FIELDS.values()]
    labels = np.zeros((len(texts), len(wanted)))
    for index, text in enumerate(texts):
        bare = _bare(text)
        if same := places.get(bare):
            numbers = {same.popleft() if len(same) > 1 else same[0]}
        else:
            numbers = {number for number, gold in golds if len(gold) >= 4 and (gold in bare or _mostly(bare, gold))}
        labels[index] = [float(bool(numbers & positive)) for positive in wanted]
    return labels


def _mostly(part: str, whole: str) -> bool:
    return len(part) >= max(4, len(whole) / 2) and part in whole


def _bare(text: str) -> str:
    return "".join(text.split())


def train(gold: Path, output: Path, *, networks: int = 3, passes: int = PASSES, processes: int = 1) -> None:
    """Reads a gold file and writes the weights."""
    nlp = build_pipeline(without=LEARNED)
    examples = list(read_examples(gold, nlp))
    _log.info("read %d articles", len(examples))
    save_tagger(output, train_tagger(examples, networks=networks, passes=passes, processes=processes))
    _log.info("wrote %s: %d networks from %d articles", output, networks, len(examples))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(options.gold, options.output, processes=3)


if __name__ == "__main__":
    main()

"""Trains the sentence and article classifiers from a gold file.

    python -m wenzhai.extractors.train GOLD.jsonl [-o classifiers.npz]

A gold line has ``title``, ``kind``, ``sentences``, and the numbers (from 1) of the sentences that are
``findings``, ``key_findings``, ``limitations`` and ``boilerplate``. The same file gives the same weights.
Needs scikit-learn (``pip install 'wenzhai[train]'``); using the weights does not.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from ..models import Article, ArticleKind, Block, BlockKind, PageState
from .findings import DENSE_COUNT, find_findings, sentence_models, sentence_views
from .findings import VIEW_COUNT as SENTENCE_VIEWS
from .kind import VIEW_COUNT as KIND_VIEWS
from .kind import kind_views
from .linear_model import BUCKETS, Floats, LinearModel, Views, save_models
from .nlp import WEIGHTS, build_pipeline, read_article
from .reading import Reading

_SURE = 10.0
_SETTLED = datetime(2000, 1, 1, tzinfo=UTC)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """One gold article as the pipeline reads it, with a label for each of its sentences."""

    reading: Reading
    kind: str
    finding: Floats
    key: Floats
    limitation: Floats


def gold_article(row: dict[str, Any]) -> Article:
    """An article made of the gold's sentences, one a block, without what the gold calls boilerplate."""
    promotion = set(row["boilerplate"])
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


def read_examples(path: Path, nlp: Language) -> Iterator[Example]:
    """The examples of a gold file; sentences of the pipeline inherit the label of the gold sentence they are in."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reading = read_article(nlp, gold_article(row))
        promotion = set(row["boilerplate"])
        kept = [number for number in range(1, len(row["sentences"]) + 1) if number not in promotion]
        numbers = [kept[sentence.line.number - 1] for sentence in reading.sentences if sentence.line.number]
        yield Example(
            reading=reading,
            kind=row["kind"],
            finding=_labels(numbers, row["findings"]),
            key=_labels(numbers, row["key_findings"]),
            limitation=_labels(numbers, row["limitations"]),
        )


def _labels(numbers: list[int], positive: list[int]) -> Floats:
    wanted = set(positive)
    return np.array([float(number in wanted) for number in numbers])


def train_sentences(examples: list[Example]) -> dict[str, LinearModel]:
    """The three sentence classifiers; ``key`` learns only from sentences that are findings."""
    views = stack_sentences(examples)
    finding = np.concatenate([example.finding for example in examples])
    key = np.concatenate([example.key for example in examples])
    limitation = np.concatenate([example.limitation for example in examples])
    return {
        "finding": fit(views, finding, view_count=SENTENCE_VIEWS),
        "key": fit(select(views, finding > 0), key[finding > 0], view_count=SENTENCE_VIEWS, freedom=1.0),
        "limitation": fit(views, limitation, view_count=SENTENCE_VIEWS),
    }


def stack_sentences(examples: list[Example]) -> Views:
    """The features of all sentences of the examples; titles left out."""
    return stack(
        [
            sentence_views(example.reading, [s for s in example.reading.sentences if s.line.number])
            for example in examples
        ]
    )


def train_kinds(examples: list[Example]) -> dict[str, LinearModel]:
    """One classifier a kind, on readings whose findings are filled."""
    views = stack([kind_views(example.reading) for example in examples])
    return {
        f"kind.{kind}": fit(
            views,
            np.array([float(example.kind == kind) for example in examples]),
            view_count=KIND_VIEWS,
            freedom=1.0,
            rarest=2,
        )
        for kind in ArticleKind
    }


def fit(views: Views, labels: Floats, *, view_count: int, freedom: float = 10.0, rarest: int = 3) -> LinearModel:
    """Logistic regression; the same input gives the same weights.

    Args:
        labels: 0 or 1 for each example.
        freedom: scikit-learn's C, the inverse of the penalty. 10 was best of 1 to 30 for findings, by fourfold
            cross-validation over articles.
        rarest: n-grams of fewer examples get no weight.
    """
    size = view_count * BUCKETS
    if labels.min() == labels.max():  # nothing to tell apart: the answer is always the one that was seen
        nothing = np.zeros(size, dtype=np.float16), np.zeros(views.dense.shape[1], dtype=np.float32)
        return LinearModel(*nothing, _SURE if labels.max() > 0 else -_SURE)
    rows, columns, values = views.entries()
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(views.dense), size))
    common = np.flatnonzero(np.asarray((matrix > 0).sum(axis=0)).ravel() >= rarest)
    features = sparse.hstack([matrix[:, common], sparse.csr_matrix(views.dense)]).tocsr()
    model = LogisticRegression(C=freedom, solver="liblinear", max_iter=200, random_state=0)
    model.fit(features, labels)
    weights = np.zeros(size, dtype=np.float16)
    weights[common] = model.coef_[0, : len(common)]
    return LinearModel(weights, model.coef_[0, len(common) :].astype(np.float32), float(model.intercept_[0]))


def stack(parts: list[Views]) -> Views:
    """One set of examples from several."""
    offsets = np.cumsum([0, *(len(part.sizes) for part in parts)])
    return replace(
        parts[0],
        buckets=np.concatenate([part.buckets for part in parts]),
        sizes=np.concatenate([part.sizes for part in parts]),
        texts=np.hstack([part.texts + offset for part, offset in zip(parts, offsets, strict=False)]),
        dense=np.concatenate([part.dense for part in parts]),
    )


def select(views: Views, mask: np.ndarray[Any, np.dtype[np.bool_]]) -> Views:
    """Only the examples where the mask is true."""
    return replace(views, texts=views.texts[:, mask], dense=views.dense[mask])


def train(gold: Path, output: Path) -> None:
    """Reads a gold file and writes the weights."""
    # The roles of papers are settled by the kind, which is what is to be learned.
    unlearned = ("wenzhai_findings", "wenzhai_central_genes", "wenzhai_kind", "wenzhai_paper_roles", "wenzhai_plots")
    nlp = build_pipeline(without=(*unlearned, "wenzhai_span_groups"))
    examples = list(read_examples(gold, nlp))
    models = train_sentences(examples)
    _fill_findings(examples)
    models |= train_kinds(examples)
    save_models(output, models)
    _log.info("wrote %s: %d classifiers from %d articles", output, len(models), len(examples))


def _fill_findings(examples: list[Example], *, folds: int = 3) -> None:
    """Findings as an unseen article would get them: each third is read with weights from the other two.

    Only how many findings there are matters to the kind, not which are key or limitations.
    """
    never = LinearModel(
        np.zeros(SENTENCE_VIEWS * BUCKETS, dtype=np.float16), np.zeros(DENSE_COUNT, dtype=np.float32), -_SURE
    )
    for fold in range(folds):
        others = [example for number, example in enumerate(examples) if number % folds != fold]
        finding = fit(stack_sentences(others), np.concatenate([e.finding for e in others]), view_count=SENTENCE_VIEWS)
        models = sentence_models({"finding": finding, "key": finding, "limitation": never})
        for example in examples[fold::folds]:
            example.reading.findings = tuple(find_findings(example.reading, models))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(options.gold, options.output)


if __name__ == "__main__":
    main()

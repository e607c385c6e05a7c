"""Trains the decision which genes are central from a gold file.

    python -m wenzhai.extractors.train_central GOLD.jsonl [--lexicons FOLDER] [-o central_genes.json]

A gold line is as for `train`, with ``genes``: ``symbol``, ``central`` and ``optional`` of each gene. Findings are
read as an unseen article would have them, with weights from the other articles. The same file gives the same
weights. Needs scikit-learn (``pip install 'wenzhai[train]'``); using the weights does not.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from ..models import ArticleKind
from .central_genes import FEATURES, WEIGHTS, gene_features
from .findings import find_findings
from .nlp import build_pipeline, read_article
from .reading import Reading
from .tagger import tagged_sentences
from .tagger_training import train_tagger
from .train import LEARNED, gold_article, tagged_example

# From 0.2 to 0.35 nothing changes by tenfold cross-validation over 100 articles (F1 .63; the rule before had .51).
THRESHOLD = 0.26
_FOLDS = 5
_log = logging.getLogger(__name__)


def examples_of(reading: Reading, genes: list[dict[str, Any]]) -> Iterator[tuple[tuple[float, ...], float]]:
    """The features and the label of each gene that a careful colleague would not dispute."""
    central = {gene["symbol"].casefold() for gene in genes if gene["central"] and not gene.get("optional")}
    disputed = {gene["symbol"].casefold() for gene in genes if gene.get("optional")} - central
    for gene, features in gene_features(reading):
        symbol = gene.symbol.casefold()
        if not gene.family and symbol not in disputed:
            yield features, float(symbol in central)


def fill_findings(readings: list[Reading], rows: list[dict[str, Any]]) -> None:
    """Findings with weights from the other articles: those of the training articles themselves are too good."""
    examples = [tagged_example(reading, row) for reading, row in zip(readings, rows, strict=True)]
    for fold in range(_FOLDS):
        tagger = train_tagger([each for number, each in enumerate(examples) if number % _FOLDS != fold], networks=1)
        for reading, example, row in list(zip(readings, examples, rows, strict=True))[fold::_FOLDS]:
            reading.findings = tuple(find_findings(reading, tagger.tag(example.features)))
            reading.kind = ArticleKind(row["kind"])


def train(gold: Path, output: Path, *, lexicons: Path | None) -> None:
    """Reads a gold file and writes the weights.

    Args:
        lexicons: the data folder with more lexicons, so that rarer genes are among the examples.
    """
    nlp = build_pipeline(data_folder=lexicons, without=LEARNED)
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    read = [(reading, row) for row in rows if tagged_sentences(reading := read_article(nlp, gold_article(row)))]
    readings, rows = [reading for reading, _ in read], [row for _, row in read]
    fill_findings(readings, rows)
    labelled = [
        item for reading, row in zip(readings, rows, strict=True) for item in examples_of(reading, row["genes"])
    ]
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(np.array([features for features, _ in labelled]), np.array([label for _, label in labelled]))
    weights = dict(zip(FEATURES, (round(float(weight), 3) for weight in model.coef_[0]), strict=True))
    content = {"weights": weights, "bias": round(float(model.intercept_[0]), 3), "threshold": THRESHOLD}
    output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _log.info("wrote %s from %d genes", output, len(labelled))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--lexicons", type=Path, default=None)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(options.gold, options.output, lexicons=options.lexicons)


if __name__ == "__main__":
    main()

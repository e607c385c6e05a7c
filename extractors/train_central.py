"""Trains the decision which genes are central from a gold file.

    python -m wenzhai.extractors.train_central GOLD.jsonl [--lexicons FOLDER] [-o central_genes.json]

A gold line is as for `train`, with ``genes``: ``symbol``, ``central`` and ``optional`` of each gene; its ``weight`` is
what its genes count. Findings are read as an unseen article would have them, with weights from the other articles.
The same file gives the same weights. Needs scikit-learn (``pip install 'wenzhai[train]'``); using the weights does not.
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

from .central_features import FEATURES, gene_features
from .central_genes import WEIGHTS
from .findings import find_findings
from .kind import decide_kind
from .nlp import build_pipeline, read_article
from .reading import Reading
from .tagger import Floats, tagged_sentences
from .tagger_training import train_tagger
from .train import LEARNED, gold_article, tagged_example

# By tenfold cross-validation over 100 checked articles, with 496 others at a third of their weight to learn from: F1
# .62 to .63 from 0.3 to 0.35; .61 without the checked ones, .60 without the others.
THRESHOLD = 0.3
# The inverse of the penalty, the features being scaled to the same spread.
_FREEDOM = 0.02
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
    """Findings and kind with weights from other accounts: those of the training articles themselves are too good."""
    accounts = sorted({row["account"] for row in rows})
    folds = [accounts.index(row["account"]) % _FOLDS for row in rows]
    examples = [tagged_example(reading, row) for reading, row in zip(readings, rows, strict=True)]
    for fold in range(_FOLDS):
        others = [each for each, own in zip(examples, folds, strict=True) if own != fold]
        tagger = train_tagger(others, networks=1) if others else None
        for reading, example, own in zip(readings, examples, folds, strict=True):
            if own == fold and tagger is not None:
                tags = tagger.tag(example.features)
                reading.findings = tuple(find_findings(reading, tags))
                reading.kind_odds = tuple(tags.kinds.tolist())
                reading.kind = decide_kind(reading)


def fit(features: Floats, labels: Floats, weights_of_examples: Floats) -> dict[str, Any]:
    """The content of the weights' file: the features as they are, not scaled, times the weights."""
    spread = np.maximum(features.std(axis=0), 1e-6)
    model = LogisticRegression(C=_FREEDOM, max_iter=2000)
    model.fit(features / spread, labels, sample_weight=weights_of_examples)
    weights = {name: round(float(each), 4) for name, each in zip(FEATURES, model.coef_[0] / spread, strict=True)}
    return {"weights": weights, "bias": round(float(model.intercept_[0]), 4), "threshold": THRESHOLD}


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
        (features, label, float(row.get("weight", 1.0)))
        for reading, row in zip(readings, rows, strict=True)
        for features, label in examples_of(reading, row["genes"])
    ]
    content = fit(*(np.array(column) for column in zip(*labelled, strict=True)))
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

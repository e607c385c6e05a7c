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
from .findings import find_findings, sentence_models
from .nlp import build_pipeline
from .reading import Reading
from .train import Example, read_examples, train_sentences

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


def fill_findings(examples: list[Example]) -> None:
    """Findings with weights from the other articles: those of the training articles themselves are too good."""
    for fold in range(_FOLDS):
        held_out = examples[fold::_FOLDS]
        models = train_sentences([example for number, example in enumerate(examples) if number % _FOLDS != fold])
        for example in held_out:
            example.reading.findings = tuple(find_findings(example.reading, sentence_models(models)))
            example.reading.kind = ArticleKind(example.kind)


def train(gold: Path, output: Path, *, lexicons: Path | None) -> None:
    """Reads a gold file and writes the weights.

    Args:
        lexicons: the data folder with more lexicons, so that rarer genes are among the examples.
    """
    left_out = ("wenzhai_findings", "wenzhai_central_genes", "wenzhai_kind", "wenzhai_plots", "wenzhai_span_groups")
    examples = list(read_examples(gold, build_pipeline(data_folder=lexicons, without=left_out)))
    fill_findings(examples)
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    labelled = [
        item for example, row in zip(examples, rows, strict=True) for item in examples_of(example.reading, row["genes"])
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
